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

// Leadership; and, where an index is built concurrently, what stands in its place, and where a partition is
// detached so, how far that has come. Both wait for old transactions, whatever lock_timeout says.
std::string step_run::before_alone(std::size_t i)
{
    auto const index = index_of(i);
    auto sql = sql_.run(true, "held", {},
                        [this](auto const&) { return "SELECT " + require_sql(leader_.held_sql(), "fence"); });
    if (index && index->concurrently) {
        sql += step_sql::without_lock_timeout();
        if (index->action == lexer::index_action::create) {
            sql += sql_.run(true, "state", place_arguments(on_, *index),
                            [](std::vector<std::string> const& v) { return state_sql(v[0], v[1]); });
        }
    }
    else if (auto const detach = detach_of(i)) {
        sql += step_sql::without_lock_timeout() + detach_state_sql(on_, *detach);
    }
    return sql;
}

std::optional<lexer::index_statement> step_run::index_of(std::size_t i) const
{
    auto const at = script_.steps()[i].first;
    return lexer::read_index_statement(script_.text_of(at, at));
}

std::optional<lexer::detach_statement> step_run::detach_of(std::size_t i) const
{
    auto const at = script_.steps()[i].first;
    return lexer::read_detach_statement(script_.text_of(at, at));
}

// What an earlier attempt left pending is finalized, whoever made it: that is what the statement is for.
// False: it is to be sent as it is.
bool step_run::finish_detach(std::size_t i)
{
    auto const detach = detach_of(i);
    auto const state = detach && !asked_->rows.empty() ? asked_->rows.front().front().value_or("") : "";
    if (state == "pending") {
        listener_.notes("the partition's detach is pending; it is finalized");
        try {
            on_.execute(finalize_sql(on_, *detach));
        }
        catch (sql_error const& e) {
            throw script_error{e.error, position_of_statement(script_.text(), script_.steps()[i].first)};
        }
        return true;
    }
    if (state == "detached" && progress_.resumed) {
        listener_.notes("the attempt before this one has done this statement");
        return true;
    }
    return false;
}

void step_run::run_alone(std::size_t i)
{
    auto const at = script_.steps()[i].first;
    auto const index = index_of(i);
    auto const concurrently = index && index->concurrently;
    auto const creates = concurrently && index->action == lexer::index_action::create;
    if (std::exchange(done_before_, false)) {
        listener_.notes("the attempt before this one has done this statement");
    }
    else {
        if (concurrently && marked_ != i) {
            mark(i);
        }
        if (!asked_) {
            asked_ = ours([&] { return before_alone(i); }).back();
        }
        if (creates && state_of(*asked_) == index_state::invalid) {
            make_way(i, *index);
        }
        progress_.builds = concurrently && index->action != lexer::index_action::drop;
        progress_.alone = true;
        try {
            if (!finish_detach(i)) {
                send(at, at);
            }
        }
        catch (script_error const& e) {
            if (concurrently ? perhaps_before_ : progress_.resumed) {
                progress_.way_out = way_out(i);
            }
            if (concurrently && !e.error.connection_lost) {
                close_failed();
            }
            throw;
        }
    }
    asked_.reset();
    perhaps_before_ = false;
    progress_.builds = false;
    new_index_.reset();
    if (creates) {
        guard_.built(*index);
        new_index_ = index->names.front().name;
    }
    told_last_ = creates;
    if (i + 1 < script_.steps().size()) { // else finish() records it
        record_alone(i, !creates);
    }
}

// Behind what is recorded, or an error, nothing has yet said what is there before this attempt.
void step_run::mark(std::size_t i)
{
    require_one_row(
        ours(texts_.recording_only({*progress_.row, progress_.done, progress_.digest,
                                    attempt_before(on_, session_.database_identity(), script_, i, "")})));
    marked_ = i;
}

// What is INVALID under the very name that the statement gives its index, and is what it asks for, is built
// again. Of anything else with that name the server tells; but IF NOT EXISTS would pass over it.
void step_run::make_way(std::size_t i, lexer::index_statement const& index)
{
    auto const at = script_.steps()[i].first;
    auto const found = indexes_of(on_, {attempt_kind::create, "", "", regclass(on_, index.table), "0",
                                        std::string{script_.text_of(at, at)}});
    auto const dropped = drop_left(on_, found, [this](auto const& name, auto const& fate) {
        listener_.notes("the index " + name + " is INVALID; " + fate + " and built again");
    });
    if (!dropped && index.if_not_exists && !found.all.empty() && !found.all.front().valid) {
        server_error e;
        e.sqlstate = "42P07";
        e.message = "the index " + found.all.front().name +
                    " is there, INVALID, and not what this statement builds: DROP INDEX CONCURRENTLY " +
                    found.all.front().name + "; or give this one another name";
        throw script_error{e, position_of_statement(script_.text(), at)};
    }
}

// What a build that failed left INVALID costs every write of the table. Waits 2 s at most (lock_timeout stays
// so), and leaves what it cannot drop, with the mark, to the next attempt.
void step_run::close_failed()
{
    try {
        on_.execute("SET lock_timeout = '2s'");
        auto const answer = on_.execute(texts_.reading(*progress_.row));
        progress_.before = mark_in(answer.at(answer.size() - 2).rows.at(0).at(0).value_or(""));
        if (auto const mark = read_mark(progress_.before)) {
            auto const found = indexes_of(on_, *mark);
            drop_left(on_, found, [this](auto const& name, auto const& fate) {
                listener_.notes("the build failed and left the INVALID index " + name + "; " + fate);
            });
            if (!found.told) {
                return;
            }
        }
        ours(texts_.recording_only({*progress_.row, progress_.done, progress_.digest}));
        progress_.before.clear();
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
        auto sql = texts_.recording_alone(done, durable, new_index_);
        return sql + (asks ? before_alone(i + 1) : std::string{});
    });
    if (asks) {
        asked_ = std::move(results.back());
    }
    auto const ended = std::find_if(results.begin(), results.end(),
                                    [](auto const& r) { return r.tag == "COMMIT" || r.tag == "ROLLBACK"; });
    results.erase(std::next(ended), results.end());
    take_over(done, results);
    new_index_.reset();
}

} // namespace schemagate::postgres
