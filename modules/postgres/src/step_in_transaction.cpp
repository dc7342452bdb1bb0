#include <locale>

#include <boost/algorithm/string/predicate.hpp>

#include "schemagate/transaction_modes.hpp"
#include "step_attempt.hpp"
#include "step_run.hpp"

namespace schemagate::postgres {
namespace {

bool may_commit(std::string_view statement)
{
    return boost::algorithm::istarts_with(statement, "call", std::locale::classic()) ||
           boost::algorithm::istarts_with(statement, "do", std::locale::classic());
}

} // namespace

// One message, unless data follows the statement.
void step_run::run_in_transaction(std::size_t i)
{
    auto const at = script_.steps()[i].first;
    auto const begin = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT " +
                       require_sql("(" + leader_.fence_sql() + ")", "fence") + "; ";
    if (script_.statement(at).kind == lexer::statement_kind::copy_from_stdin) {
        ours(begin);
        send(at, at);
        try {
            commit_with_record(i, "COMMIT");
        }
        catch (sql_error const& e) { // rolled back
            if (!sql_.lost_prepared(e.error)) {
                throw;
            }
            run_in_transaction(i);
        }
        return;
    }
    auto const done = done_after(i + 1);
    auto const message = begin + std::string{script_.text_of(at, at)} + "\n; " +
                         texts_.recording(done, script_.text_of(at, at)) + "COMMIT";
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
            if (sql_.lost_prepared(e.error)) {
                run_in_transaction(i);
                return;
            }
            throw_broken_requirement(e.error);
            throw;
        }
        // invalid_transaction_termination: a CALL or DO that commits by itself, which it may outside a
        // transaction alone. active_sql_transaction: only the server knows that it refuses this statement
        // inside one (REINDEX and CLUSTER of a partitioned table, procedures of extensions).
        if (e.error.sqlstate == "2D000" || e.error.sqlstate == "25001") {
            if (may_commit(script_.text_of(at, at))) {
                run_call(i, e.error);
            }
            else {
                run_alone(i);
            }
            return;
        }
        throw script_error{
            e.error, e.error.position == 0
                         ? position_of_statement(script_.text(), at)
                         : position_at(script_.text(), script_.statement(at).offset + offset - begin.size())};
    }
    take_over(done, results);
}

call_unfinished step_run::unfinished(std::size_t i) const
{
    auto const row = *progress_.row;
    call_unfinished fate;
    fate.where = position_of_statement(script_.text(), script_.steps()[i].first);
    fate.way_out = way_out(i);
    fate.again = record_steps_sql(on_, table_, {row, i, script_.digest_of(i)});
    return fate;
}

// Of an earlier attempt. Where something else is in its place now, nothing of this script says that it is
// done.
call_unfinished step_run::unfinished_before() const
{
    auto const i = progress_.done;
    if (i < script_.steps().size() &&
        progress_.before == std::string{attempt_of_call} + script_.digest_of(i + 1)) {
        return unfinished(i);
    }
    call_unfinished fate;
    fate.again = record_steps_sql(on_, table_, {*progress_.row, i, progress_.digest});
    return fate;
}

// It is begun once: what it did before an error, or before somebody stopped it, stays. Refused at the very
// place where the transaction was refused, it came past no COMMIT.
void step_run::run_call(std::size_t i, server_error const& inside)
{
    auto fate = unfinished(i); // while the connection can still write literals
    fate.now = true;
    require_one_row(ours(
        texts_.recording_only({*progress_.row,
                               i,
                               script_.digest_of(i),
                               {on_.literal(std::string{attempt_of_call} + script_.digest_of(i + 1))}})));
    try {
        run_alone(i);
    }
    catch (script_error const& e) {
        if (e.error.connection_lost) {
            throw;
        }
        if (inside.sqlstate == "25001" && e.error.sqlstate == "25001" && e.error.context == inside.context) {
            ours(texts_.recording_only({*progress_.row, i, script_.digest_of(i)}));
            throw;
        }
        fate.where = e.where;
        fate.error = e.error;
        throw fate;
    }
    catch (stop_requested const&) {
        throw fate;
    }
}

void step_run::run_block(std::size_t i)
{
    auto const& step = script_.steps()[i];
    auto const last = step.first + step.count - 1;
    send(step.first, step.first);
    // As its first statement: behind one of ours the server refuses it.
    auto const level = lexer::isolation_level(script_.text_of(step.first, last));
    ours((level.empty() ? "" : "SET TRANSACTION ISOLATION LEVEL " + level + "; ") + "SELECT " +
         require_sql("(" + leader_.fence_sql() + ")", "fence"));
    if (step.count > 2) {
        send(step.first + 1, last - 1);
    }
    try {
        commit_with_record(i, std::string{script_.text_of(last, last)});
    }
    catch (sql_error const& e) { // rolled back
        if (!sql_.lost_prepared(e.error)) {
            throw;
        }
        run_block(i);
    }
}

void step_run::commit_with_record(std::size_t i, std::string const& commit)
{
    if (on_.state() != transaction_state::in_transaction) {
        throw transaction_ended_by_script{};
    }
    auto const done = done_after(i + 1);
    auto const& step = script_.steps()[i];
    auto const text = script_.text_of(step.first, step.first + step.count - 1);
    take_over(done, ours(texts_.recording(done, text) + commit));
}

void step_run::take_over(steps_done const& done, std::vector<statement_result> const& results)
{
    require_commit(results.back());
    require_one_row(results);
    progress_.done = done.steps;
    progress_.digest = done.digest;
    progress_.before.clear();
    marked_ = done.next.empty() ? std::nullopt : std::optional{done.steps};
}

} // namespace schemagate::postgres
