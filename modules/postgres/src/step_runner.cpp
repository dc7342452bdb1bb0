#include "schemagate/postgres/step_runner.hpp"

#include <algorithm>
#include <vector>

#include "history_rows.hpp"
#include "index_repair.hpp"
#include "migration_sql.hpp"
#include "schemagate/index_statement.hpp"
#include "session_probe.hpp"
#include "step_attempt.hpp"
#include "step_sql.hpp"
#include "stepped_script.hpp"

namespace schemagate::postgres {
namespace {

using lexer::step_kind;

class step_runner
{
public:
    step_runner(session& on, leadership const& leader, history_table const& table,
                transaction_order const& order, script_progress& progress, history_tail& tail,
                step_listener const& listener)
        : session_{on}, on_{on.native()}, leader_{leader}, table_{table}, order_{order}, progress_{progress},
          tail_{tail}, listener_{listener}, sql_{on, leader, table}, texts_{on, leader, table, order},
          script_{order.entry.applied->text}
    {}

    void run(on_recorded const& recorded)
    {
        if (!progress_.row) {
            begin();
        }
        else if (progress_.done > script_.steps().size() ||
                 script_.digest_of(progress_.done) != progress_.digest) {
            throw begun_script_changed{progress_.done};
        }
        on_.execute(texts_.settings());
        invalid_before_ = invalid_indexes(on_);
        for (std::size_t i = 0; i < script_.steps().size(); ++i) {
            auto const done = i < progress_.done;
            if (!done || script_.steps()[i].kind == step_kind::session) {
                if (!done) {
                    listener_.begins(script_.steps()[i].first + 1, script_.statements());
                }
                run_step(i);
            }
        }
        require_none_invalid_but(on_, invalid_before_);
        script_aftermath aftermath;
        finish(aftermath);
        recorded(0, aftermath);
    }

private:
    [[nodiscard]] steps_done done_after(std::size_t steps) const
    {
        return {progress_.row.value_or(0), steps, script_.digest_of(steps),
                attempt_before(on_, script_, steps, "")};
    }

    std::vector<statement_result> ours(std::string const& sql)
    {
        try {
            return on_.execute(sql);
        }
        catch (sql_error const& e) {
            roll_back(on_);
            throw_broken_requirement(e.error);
            throw;
        }
    }

    void begin()
    {
        auto const results =
            ours(sql_.opening() + "SELECT " + require_sql(sql_.tail_is({tail_}), "tail") + "; " +
                 insert_row_sql(on_, table_, order_.entry, row_state::running, row_start::message,
                                attempt_before(on_, script_, 0, table_.target_schema())) +
                 "; " + sql_.new_tail({tail_}) + "COMMIT");
        require_commit(results);
        tail_ = tail_after(results.at(results.size() - 2));
        progress_ = {};
        progress_.row = tail_.last_id;
    }

    void run_step(std::size_t i)
    {
        auto const& step = script_.steps()[i];
        switch (step.kind) {
        case step_kind::session: send(step.first, step.first); return;
        case step_kind::transactional: run_in_transaction(i); break;
        case step_kind::block: run_block(i); break;
        case step_kind::alone: run_alone(i); break;
        }
        progress_.resumed = false;
    }

    // Sends a step's statements as they are.
    void send(std::size_t first, std::size_t last)
    {
        try {
            run_script(on_, script_.text_of(first, last));
        }
        catch (script_error const& e) {
            if (!e.error.connection_lost) {
                roll_back(on_);
            }
            auto where = e.where;
            auto const begin = position_at(script_.text(), script_.statement(first).offset);
            where.column += where.line == 1 && where.column != 0 ? begin.column - 1 : 0;
            where.line = (where.line == 0 ? 1 : where.line) + begin.line - 1;
            where.statement = first + std::max<std::size_t>(where.statement, 1);
            throw script_error{e.error, where};
        }
    }

    // One message, unless data follows the statement.
    void run_in_transaction(std::size_t i)
    {
        auto const at = script_.steps()[i].first;
        auto const begin = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT " +
                           require_sql("(" + leader_.fence_sql() + ")", "fence") + "; ";
        if (script_.statement(at).kind == lexer::statement_kind::copy_from_stdin) {
            ours(begin);
            send(at, at);
            commit_with_record(i, "COMMIT");
            return;
        }
        auto const done = done_after(i + 1);
        auto const message =
            begin + std::string{script_.text_of(at, at)} + "\n; " + texts_.recording(done) + "COMMIT";
        std::vector<statement_result> results;
        try {
            on_.execute(message, results);
        }
        catch (sql_error const& e) {
            if (e.error.connection_lost) {
                throw;
            }
            roll_back(on_);
            auto const offset = byte_offset(message, e.error.position);
            auto const ran_ours = results.size() != 2 && (!results.empty() || offset < begin.size());
            if (ran_ours) {
                throw_broken_requirement(e.error);
                throw;
            }
            // invalid_transaction_termination: a CALL or DO that commits by itself, which it may outside a
            // transaction alone.
            if (e.error.sqlstate == "2D000") {
                note_call(i);
                run_alone(i);
                return;
            }
            throw script_error{e.error, e.error.position == 0
                                            ? position_of_statement(script_.text(), at)
                                            : position_at(script_.text(), script_.statement(at).offset +
                                                                              offset - begin.size())};
        }
        take_over(done, results);
    }

    void note_call(std::size_t i)
    {
        auto const row = *progress_.row;
        auto const now = script_.digest_of(i);
        if (progress_.resumed && progress_.before == attempt_of_call) {
            throw call_begun_before{position_of_statement(script_.text(), script_.steps()[i].first),
                                    record_steps_sql(on_, table_, {row, i + 1, script_.digest_of(i + 1)}),
                                    record_steps_sql(on_, table_, {row, i, now})};
        }
        require_one_row(
            ours("BEGIN; " + texts_.recording_only({row, i, now, on_.literal(attempt_of_call)}) + "COMMIT"));
    }

    void run_block(std::size_t i)
    {
        auto const& step = script_.steps()[i];
        auto const last = step.first + step.count - 1;
        send(step.first, step.first);
        ours("SELECT " + require_sql("(" + leader_.fence_sql() + ")", "fence"));
        if (step.count > 2) {
            send(step.first + 1, last - 1);
        }
        commit_with_record(i, std::string{script_.text_of(last, last)});
    }

    void commit_with_record(std::size_t i, std::string const& commit)
    {
        if (on_.state() != transaction_state::in_transaction) {
            throw transaction_ended_by_script{};
        }
        auto const done = done_after(i + 1);
        take_over(done, ours(texts_.recording(done) + commit));
    }

    void take_over(steps_done const& done, std::vector<statement_result> const& results)
    {
        require_commit(results);
        require_one_row(results);
        progress_.done = done.steps;
        progress_.digest = done.digest;
    }

    static void require_commit(std::vector<statement_result> const& results)
    {
        if (results.back().tag != "COMMIT") {
            throw fence_broken{"the server rolled the transaction back at COMMIT"};
        }
    }

    static void require_one_row(std::vector<statement_result> const& results)
    {
        if (std::none_of(results.begin(), results.end(), [](auto const& r) { return r.tag == "UPDATE 1"; })) {
            throw history_disturbed{"its history row is gone (a trigger or rule on the history table?)"};
        }
    }

    void run_alone(std::size_t i)
    {
        auto const at = script_.steps()[i].first;
        auto const index = lexer::read_index_statement(script_.text_of(at, at));
        auto const concurrently = index && index->concurrently;
        ours("SELECT " + require_sql(leader_.held_sql(), "fence") +
             (concurrently ? "; SET lock_timeout = 0" : ""));
        if (!concurrently || !make_way(on_, *index, progress_.resumed, progress_.before, listener_.notes)) {
            try {
                send(at, at);
            }
            catch (script_error const& e) {
                if (progress_.resumed) {
                    progress_.way_out =
                        record_steps_sql(on_, table_, {*progress_.row, i + 1, script_.digest_of(i + 1)});
                }
                if (index && !e.error.connection_lost) {
                    clear_away(on_, *index, listener_.notes);
                }
                throw;
            }
        }
        if (concurrently && index->action == lexer::index_action::create) {
            require_valid(on_, *index, position_of_statement(script_.text(), at));
        }
        if (i + 1 == script_.steps().size()) { // finish() records it
            ours(texts_.lock_timeout());
            return;
        }
        auto const done = done_after(i + 1);
        take_over(done, ours(texts_.recording_alone(done)));
    }

    void finish(script_aftermath& aftermath)
    {
        if (order_.changes_session) {
            auto const answer =
                on_.execute("SELECT " + changed_session_sql(on_, table_, order_, session_.run_as()));
            aftermath.put_back = answer.at(0).rows.at(0).at(0).value_or("");
        }
        auto const results =
            ours(texts_.finishing(sql_, tail_, script_.text(), done_after(script_.steps().size())));
        require_commit(results);
        require_one_row({results.at(results.size() - 3)});
        tail_ = tail_after(results.at(results.size() - 2));
    }

    session& session_;
    connection& on_;
    leadership const& leader_;
    history_table const& table_;
    transaction_order const& order_;
    script_progress& progress_;
    history_tail& tail_;
    step_listener const& listener_;
    migration_sql sql_;
    step_sql texts_;
    stepped_script script_;
    std::vector<std::string> invalid_before_;
};

} // namespace

void apply_in_steps(session& on, leadership const& leader, history_table const& table,
                    transaction_order const& order, script_progress& progress, history_tail& tail,
                    step_listener const& listener, on_recorded const& recorded)
{
    step_runner{on, leader, table, order, progress, tail, listener}.run(recorded);
}

} // namespace schemagate::postgres
