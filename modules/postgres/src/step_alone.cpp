#include <algorithm>
#include <iterator>
#include <utility>

#include "index_repair.hpp"
#include "step_attempt.hpp"
#include "step_run.hpp"

namespace schemagate::postgres {

using lexer::step_kind;

bool step_run::asks_at_once() const
{
    return progress_.done == 0 && !script_.steps().empty() &&
           script_.steps().front().kind == step_kind::alone;
}

// Leadership; and, where an index is built concurrently, what stands in its place.
std::string step_run::before_alone(std::size_t i)
{
    auto const index = index_of(i);
    auto sql = sql_.run(true, "held", {},
                        [this](auto const&) { return "SELECT " + require_sql(leader_.held_sql(), "fence"); });
    if (index && index->concurrently) {
        sql += "SET lock_timeout = 0; ";
        if (index->action == lexer::index_action::create) {
            sql += sql_.run(true, "state", place_arguments(on_, *index),
                            [](std::vector<std::string> const& v) { return state_sql(v[0], v[1]); });
        }
    }
    return sql;
}

std::optional<lexer::index_statement> step_run::index_of(std::size_t i) const
{
    auto const at = script_.steps()[i].first;
    return lexer::read_index_statement(script_.text_of(at, at));
}

void step_run::run_alone(std::size_t i)
{
    auto const at = script_.steps()[i].first;
    auto const index = index_of(i);
    auto const concurrently = index && index->concurrently;
    auto const creates = concurrently && index->action == lexer::index_action::create;
    if (concurrently && i != progress_.done && !progress_.resumed) {
        mark(i);
    }
    if (!asked_) {
        asked_ = ours([&] { return before_alone(i); }).back();
    }
    auto const there = *std::exchange(asked_, std::nullopt);
    auto const state = creates ? state_of(there) : index_state::absent;
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
            if (concurrently && !e.error.connection_lost) {
                clear_failed();
            }
            throw;
        }
    }
    if (creates) {
        guard_.built(*index);
    }
    told_last_ = creates;
    if (i + 1 < script_.steps().size()) { // else finish() records it
        record_alone(i, !creates);
    }
}

// Where SET stands before it, no record of a step has said what was there before.
void step_run::mark(std::size_t i)
{
    require_one_row(ours("BEGIN; " +
                         texts_.recording_only({*progress_.row, progress_.done, progress_.digest,
                                                attempt_before(on_, script_, i, "")}) +
                         "COMMIT"));
}

// What a build that failed left INVALID costs every write of the table. Waits 2 s at most (lock_timeout stays
// so), and leaves what it cannot drop to the next attempt.
void step_run::clear_failed()
{
    try {
        on_.execute("SET lock_timeout = '2s'");
        auto const answer = on_.execute("SELECT steps_digest FROM " + table_.qualified(on_, "history") +
                                        " WHERE id = " + std::to_string(*progress_.row));
        progress_.before = mark_in(answer.at(0).rows.at(0).at(0).value_or(""));
        drop_left(on_, progress_.before, [this](std::string const& name) {
            listener_.notes("the build failed; what it left, the INVALID index " + name + ", is dropped");
        });
    }
    catch (sql_error const&) {
    }
}

// With what there is to know before the next step, if that runs alone too: one message less for each of
// many indexes. A crash may take the record of an index (not `durable`): what was there before it tells
// that it was built.
void step_run::record_alone(std::size_t i, bool durable)
{
    auto const done = done_after(i + 1);
    auto const asks = script_.steps()[i + 1].kind == step_kind::alone;
    auto results = guard_.execute(on_, sql_, [&] {
        auto sql = texts_.recording_alone(done, durable);
        return sql + (asks ? before_alone(i + 1) : std::string{});
    });
    if (asks) {
        asked_ = std::move(results.back());
    }
    auto const ended = std::find_if(results.begin(), results.end(),
                                    [](auto const& r) { return r.tag == "COMMIT" || r.tag == "ROLLBACK"; });
    results.erase(std::next(ended), results.end());
    take_over(done, results);
}

} // namespace schemagate::postgres
