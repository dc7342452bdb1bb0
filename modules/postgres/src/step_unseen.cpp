// What an attempt has done or left whose end nobody saw: its process was killed, its connection was lost, or
// a signal stopped it.
#include <algorithm>
#include <utility>

#include "index_repair.hpp"
#include "step_attempt.hpp"
#include "step_run.hpp"

namespace schemagate::postgres {

// Its text or its database may be another by now. Of another statement only what is INVALID matters, of
// another database (a restored dump) nothing is known: there it is asked whether the statement is done, but
// for what it names the server asks that.
void step_run::settle_unseen(std::size_t i)
{
    auto const mark = read_mark(progress_.before);
    if (!mark || std::exchange(looked_, true)) {
        return;
    }
    auto const same = i < script_.steps().size() && mark->steps == script_.digest_of(i + 1);
    auto const here = mark->database == session_.database_identity();
    perhaps_before_ = same && !here;
    if (mark->kind == attempt_kind::drop) {
        if (same && here) {
            settle_drop(i, *mark);
        }
    }
    else if (here) {
        settle_build(i, *mark, same);
    }
    else if (same && mark->kind == attempt_kind::create) {
        settle_build_elsewhere(i, *mark);
    }
    progress_.resumed = false; // that attempt was at no other statement
}

void step_run::settle_drop(std::size_t i, attempt_mark const& mark)
{
    auto const index = index_of(i);
    auto const gone = "NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid IN (" + mark.indexes + "))";
    std::string there;
    for (auto const& name : index->names) {
        there += (there.empty() ? "" : " OR ") + regclass(on_, name) + " IS NOT NULL";
    }
    auto const answer = on_.execute("SELECT " + gone + ", " + there).at(0).rows.at(0);
    if (mark.indexes == "0" || answer.at(0) != "t") {
        return;
    }
    if (answer.at(1) == "t") {
        throw undecided(i, "the index that stood there is gone, and another has its name",
                        "Where that one is to stay: " + way_out(i) + "; where it is to be dropped: ");
    }
    done_before_ = true;
}

void step_run::settle_build(std::size_t i, attempt_mark const& mark, bool same)
{
    auto const found = indexes_of(on_, mark);
    for (auto const& each : found.all) {
        if (!found.told && !each.valid) {
            throw undecided(i, "the INVALID index " + each.name + " may be what it left, or another's",
                            "Where it is that attempt's: DROP INDEX CONCURRENTLY " + each.name +
                                "; where it is not: ");
        }
        if (!found.told && same) {
            throw built_perhaps(i, each);
        }
    }
    // Cancelled by it, a drop would leave the index half dropped.
    on_.execute(step_sql::without_lock_timeout());
    // As the role that the script has become by now, since only an owner may drop.
    auto const dropped = drop_left(on_, found, [this](auto const& name, auto const& fate) {
        listener_.notes("an attempt before this one left the INVALID index " + name + "; " + fate);
    });
    on_.execute(step_sql::lock_timeout_again());
    if (dropped) {
        asked_.reset();
    }
    done_before_ = same && std::any_of(found.all.begin(), found.all.end(),
                                       [](auto const& each) { return each.valid && each.fits; });
}

void step_run::settle_build_elsewhere(std::size_t i, attempt_mark mark)
{
    auto const index = index_of(i);
    if (!index->names.front().name.empty()) {
        return;
    }
    mark.table = regclass(on_, index->table);
    mark.indexes = "0";
    auto const found = indexes_of(on_, mark);
    for (auto const& each : found.all) {
        if (each.valid && (each.fits || !found.told)) {
            throw built_perhaps(i, each);
        }
    }
}

attempt_undecided step_run::built_perhaps(std::size_t i, found_index const& what) const
{
    return undecided(i, "the index " + what.name + " may be what it built, or another's",
                     "Where it is that attempt's: " + way_out(i) + "; where it is not: ");
}

attempt_undecided step_run::undecided(std::size_t i, std::string about, std::string const& one_way) const
{
    attempt_undecided fate;
    if (i < script_.steps().size()) {
        fate.where = position_of_statement(script_.text(), script_.steps()[i].first);
    }
    fate.about = std::move(about);
    fate.fix = one_way + record_steps_sql(on_, table_, {*progress_.row, progress_.done, progress_.digest}) +
               "; then start again.";
    return fate;
}

// Records the step as done.
std::string step_run::way_out(std::size_t i) const
{
    return record_steps_sql(on_, table_, {*progress_.row, i + 1, script_.digest_of(i + 1)});
}

} // namespace schemagate::postgres
