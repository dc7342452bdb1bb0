// What is shipped against what is recorded: every decision of a boot about its schema, and no I/O.
//
// The order matters. First whether the database is ahead, then what makes the two lists incomparable (a
// changed or a missing migration), then what is still to be applied and whether any of it comes late; the
// repeatable scripts last, since none of them runs on a database that is ahead.
#include "schemagate/plan.hpp"

#include "contradiction.hpp"
#include "headway.hpp"
#include "plan_words.hpp"
#include "repeatable_standing.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {
namespace {

/// The decisions about one plan, in the order that the file's head gives.
class planner
{
public:
    planner(catalog const& shipped, history const& rows, plan_policy policy)
        : shipped_{shipped}, rows_{rows}, policy_{policy}, done_{read_history(rows)},
          ahead_{headway_of(shipped, done_)}, unchecked_{ahead_.any() && policy.newer == newer_policy::allow}
    {}

    plan run()
    {
        if (done_.newest_applied) {
            result_.schema_version = done_.newest_applied->row->version;
        }
        result_.database_newer = ahead_.any();
        if (shipped_.scripts().empty()) {
            warn("the catalog \"" + shipped_.name() +
                 "\" holds no script, so there is nothing to apply and nothing that was verified");
        }
        judge_headway();
        judge_contradiction();
        for (auto const& mine : shipped_.migrations()) {
            place_versioned(mine);
        }
        for (auto const& mine : shipped_.repeatables()) {
            place_repeatable(mine);
        }
        for (auto const* const mine : result_.pending) {
            auto const& adopted = mine->directives.only_if_adopted;
            if (adopted && !done_.adopted(*adopted)) {
                result_.not_needed.push_back(mine);
            }
        }
        result_.half_done = holds_half_done();
        // The newest row of a database that is ahead is another binary's to verify: its twins are not in this
        // one.
        result_.verification_due =
            done_.last_applied != nullptr && !done_.last_applied->verified && !ahead_.any();
        return std::move(result_);
    }

private:
    [[nodiscard]] std::string ahead_words() const { return ahead_.words(shipped_, done_); }

    void warn(std::string sentence) { result_.warnings.push_back(std::move(sentence)); }

    // Neither one that goes on, nor a text of a repeatable script that a later one has replaced, or will.
    [[nodiscard]] bool holds_half_done() const
    {
        auto const goes_on = [this](history_row const& row) {
            return std::any_of(result_.pending.begin(), result_.pending.end(), [&](migration const* m) {
                auto const* const started = result_.started_as(*m);
                return (started != nullptr && started->id == row.id) ||
                       (m->repeatable() && row.kind == "repeatable" && m->description == row.version);
            });
        };
        auto const replaced = [this](history_row const& row) {
            return row.kind == "repeatable" &&
                   std::any_of(rows_.begin(), rows_.end(), [&](history_row const& later) {
                       return later.id > row.id && later.state == "applied" && later.kind == row.kind &&
                              later.version == row.version;
                   });
        };
        return std::any_of(rows_.begin(), rows_.end(), [&](history_row const& row) {
            return row.state == "running" && !goes_on(row) && !replaced(row);
        });
    }

    void judge_headway()
    {
        if (!ahead_.any()) {
            return;
        }
        if (policy_.newer == newer_policy::refuse) {
            throw failure{errc::newer_database, ahead_words() + ".",
                          "Deploy the newer binary, or set SCHEMAGATE_NEWER=compatible."};
        }
        warn(ahead_words() + (ahead_.holds_more() ? "; it applies nothing that the database already has."
                                                  : "; this one runs none of its repeatable scripts."));
    }

    void judge_contradiction()
    {
        if (auto const found = contradiction(shipped_, done_)) {
            if (!unchecked_) {
                throw *found;
            }
            warn(found->message() + " Let pass by SCHEMAGATE_NEWER=allow.");
        }
        if (!ahead_.any() || unchecked_) {
            return;
        }
        if (auto const* const row = breaking_row(shipped_, done_, rows_)) {
            throw failure{errc::newer_database,
                          ahead_words() + "; " + row->version + "_" + row->description +
                              " breaks binaries older than version " + *row->breaks_older_than + ".",
                          "Deploy a binary that carries version " + *row->breaks_older_than + " or newer."};
        }
    }

    void add(migration const& mine, history_row const* begun)
    {
        result_.pending.push_back(&mine);
        if (begun != nullptr) {
            result_.started.push_back(
                {&mine, begun->id, begun->statement_reached, begun->steps_digest, begun->checksum});
        }
    }

    void place_versioned(migration const& mine)
    {
        if (done_.holds(*mine.version)) {
            return;
        }
        // One that was begun is never late: half of it is there, whatever came after.
        auto const* const begun = done_.begun(*mine.version);
        auto const overtaken = done_.newest && *mine.version < done_.newest->version;
        if (begun != nullptr || (!overtaken && !ahead_.any())) {
            add(mine, begun);
        }
        else if (unchecked_) {
            warn(mine.name + " is not in this database and is not applied (SCHEMAGATE_NEWER=allow).");
        }
        else if (mine.directives.allow_out_of_order || policy_.out_of_order == out_of_order_policy::apply) {
            add(mine, nullptr);
            warn(mine.name + " comes late: " + why_late() + "; it is applied all the same.");
        }
        else if (policy_.out_of_order == out_of_order_policy::warn) {
            warn(mine.name + " comes late: " + why_late() +
                 "; it is NOT applied (SCHEMAGATE_OUT_OF_ORDER=warn).");
        }
        else {
            throw late(mine);
        }
    }

    void place_repeatable(migration const& mine)
    {
        auto const standing = standing_of(mine, done_);
        if (!standing.due) {
            return;
        }
        if (ahead_.any()) {
            warn(mine.name + " is not run, since the database is ahead of this binary.");
            return;
        }
        add(mine, standing.begun);
    }

    [[nodiscard]] std::string why_late() const
    {
        return ahead_.any() && !ahead_.in_versions ? ahead_words() : "the database " + reached(done_);
    }

    [[nodiscard]] failure late(migration const& mine) const
    {
        if (ahead_.any()) {
            auto const theirs = ahead_.in_versions       ? "version " + done_.newest->row->version
                                : ahead_.late != nullptr ? ahead_.late->name()
                                                         : "a later text of " + ahead_.in_repeatable->name;
            return failure{
                errc::out_of_order,
                "the lists have diverged: this binary, which goes up to " + newest_of(shipped_) + ", holds " +
                    mine.name + ", which the database lacks, and the database holds " + theirs +
                    ", which this binary lacks.",
                std::string{ahead_.holds_more() ? ""
                                                : "Was that script taken back to an older text? Change a "
                                                  "comment in it, and it is run again. Otherwise: "} +
                    "build from a tree that holds both, or set SCHEMAGATE_OUT_OF_ORDER=apply to run "
                    "it now."}
                .with_script(mine.name);
        }
        return failure{errc::out_of_order,
                       mine.name + " was not applied, and the database " + reached(done_) +
                           ": it was merged late.",
                       "Give it a version above " + done_.newest->row->version +
                           ", or write \"-- schemagate: allow-out-of-order\" into its "
                           "leading comment, or set SCHEMAGATE_OUT_OF_ORDER=apply."}
            .with_script(mine.name);
    }

    catalog const& shipped_;
    history const& rows_;
    plan_policy policy_;
    recorded_set done_;
    headway ahead_;
    bool unchecked_;
    plan result_;
};

} // namespace

plan make_plan(catalog const& shipped, history const& recorded, plan_policy policy)
{
    return planner{shipped, recorded, policy}.run();
}

} // namespace schemagate
