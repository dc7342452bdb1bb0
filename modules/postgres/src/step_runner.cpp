#include "schemagate/postgres/step_runner.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include "history_rows.hpp"
#include "index_guard.hpp"
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
          tail_{tail}, listener_{listener}, sql_{on, leader, table, reuse::none}, texts_{on, leader, table,
                                                                                         order},
          script_{order.entry.applied->text}, guard_{order.entry.applied->text}
    {}

    void run(on_recorded const& recorded)
    {
        if (progress_.row && (progress_.done > script_.steps().size() ||
                              script_.digest_of(progress_.done) != progress_.digest)) {
            throw begun_script_changed{progress_.done};
        }
        begin();
        for (std::size_t i = 0; i < script_.steps().size(); ++i) {
            auto const done = i < progress_.done;
            if (!done || script_.steps()[i].kind == step_kind::session) {
                if (!done) {
                    listener_.begins(script_.steps()[i].first + 1, script_.statements());
                }
                run_step(i);
            }
        }
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

    std::vector<statement_result> ours(std::string const& sql) { return execute_ours(on_, sql); }

    // The row, where there is none yet, the script's settings, and what was not valid before.
    void begin()
    {
        auto const results =
            ours((progress_.row ? std::string{} : row_sql()) + texts_.settings() + invalid_oids_sql);
        guard_.known_before(results.back());
        if (progress_.row) {
            return;
        }
        auto const committed = std::find_if(results.begin(), std::prev(results.end()),
                                            [](auto const& r) { return r.tag == "COMMIT"; });
        require_commit(*committed);
        tail_ = tail_after(*std::prev(committed));
        progress_ = {};
        progress_.row = tail_.last_id;
    }

    // Its COMMIT is not waited for: the log is written in order, so whatever a step leaves for good comes
    // after this row.
    [[nodiscard]] std::string row_sql() const
    {
        auto const row = history_row_sql{on_,
                                         table_,
                                         order_.entry,
                                         row_state::running,
                                         row_start::message,
                                         attempt_before(on_, script_, 0, table_.target_schema())};
        auto sql = sql_.opening() + "SET LOCAL synchronous_commit = off; SELECT " +
                   require_sql(sql_.tail_is({tail_}), "tail") + "; ";
        sql += prepared_statements::run_once(row.arguments(),
                                             [&row](auto const& values) { return row.text(values); });
        return sql + sql_.new_tail({tail_}) + "COMMIT; ";
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
        require_commit(results.back());
        require_one_row(results);
        progress_.done = done.steps;
        progress_.digest = done.digest;
    }

    void run_alone(std::size_t i)
    {
        auto const at = script_.steps()[i].first;
        auto const index = lexer::read_index_statement(script_.text_of(at, at));
        auto const concurrently = index && index->concurrently;
        auto const creates = concurrently && index->action == lexer::index_action::create;
        auto const there = ours("SELECT " + require_sql(leader_.held_sql(), "fence") +
                                (concurrently ? "; SET lock_timeout = 0" : "") +
                                (creates ? "; " + state_sql(on_, *index) : ""));
        auto const state = creates ? state_of(on_, there.back()) : index_state::absent;
        if (!concurrently ||
            !make_way(on_, *index, state, progress_.resumed, progress_.before, listener_.notes)) {
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
        if (creates) {
            guard_.built(*index, at);
        }
        if (i + 1 < script_.steps().size()) { // else finish() records it
            // A crash may take the record of an index: what was there before it tells that it was built.
            auto const done = done_after(i + 1);
            take_over(done, guard_.execute(on_, texts_.recording_alone(done, !creates), false));
        }
    }

    void finish(script_aftermath& aftermath)
    {
        if (order_.changes_session) {
            auto const answer =
                on_.execute("SELECT " + changed_session_sql(on_, table_, order_, session_.run_as()));
            aftermath.put_back = answer.at(0).rows.at(0).at(0).value_or("");
        }
        auto const results = guard_.execute(
            on_, texts_.finishing(sql_, tail_, script_.text(), done_after(script_.steps().size())), true);
        require_commit(results.back());
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
    index_guard guard_;
};

} // namespace

void apply_in_steps(session& on, leadership const& leader, history_table const& table,
                    transaction_order const& order, script_progress& progress, history_tail& tail,
                    step_listener const& listener, on_recorded const& recorded)
{
    step_runner{on, leader, table, order, progress, tail, listener}.run(recorded);
}

} // namespace schemagate::postgres
