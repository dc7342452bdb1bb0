// What is shipped against what is recorded: every decision of a boot about its schema, and no I/O.
//
// The order matters. First what makes the two lists incomparable (a changed or a missing migration), then
// whether the database is ahead, then what is still to be applied and whether any of it comes late.
#include "schemagate/plan.hpp"

#include "recorded.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {
namespace {

std::string head(std::string const& checksum)
{
    return checksum.size() <= 8 ? checksum : checksum.substr(0, 8) + "…";
}

std::string when(history_row const& row)
{
    return row.applied_at.empty() ? std::string{} : " at " + row.applied_at;
}

/// "version 0007", or "no migration at all" for an empty catalog.
std::string newest_of(catalog const& shipped)
{
    auto const* const newest = shipped.newest();
    return newest == nullptr ? "no migration at all" : "version " + newest->version->text();
}

failure changed_after_applied(migration const& mine, recorded_version const& theirs)
{
    return failure{errc::checksum_mismatch,
                   mine.name + " was changed after it was applied (recorded " + head(theirs.row->checksum) +
                       ", shipped " + head(mine.checksum) + ").",
                   "Restore the file, or add a new migration."}
        .with_script(mine.name);
}

failure missing(recorded_version const& theirs, catalog const& shipped)
{
    return failure{
        errc::migration_missing,
        theirs.name() + " was applied to this database" + when(*theirs.row) +
            ", and this binary, which goes up to " + newest_of(shipped) + ", does not carry it.",
        "Build from a tree that holds the script, or put it back; a migration that was applied anywhere "
        "must not be deleted or renumbered."}
        .with_script(theirs.name());
}

failure unfinished(recorded_version const& theirs)
{
    return failure{errc::not_current,
                   theirs.name() +
                       " is recorded as started and not finished; this release does not resume it.",
                   "Start the release that began it, and let it finish or say what to repair."}
        .with_script(theirs.name());
}

/// The first thing that makes the two lists incomparable.
std::optional<failure> contradiction(catalog const& shipped, recorded_set const& recorded)
{
    for (auto const& theirs : recorded.versions) {
        auto const* const mine = shipped.find(theirs.version);
        if (mine == nullptr) {
            auto const* const newest = shipped.newest();
            // Above my newest it is the future, up to the baseline it is settled: squashing old scripts into
            // one is what a baseline is for.
            if (newest != nullptr && theirs.version < *newest->version &&
                !recorded.below_baseline(theirs.version)) {
                return missing(theirs, shipped);
            }
            continue;
        }
        // A row without a checksum stands for something that was not run from our text (adopted, not needed).
        auto const comparable = theirs.row->kind == "versioned" || !theirs.row->checksum.empty();
        if (comparable && theirs.row->checksum != mine->checksum) {
            return changed_after_applied(*mine, theirs);
        }
        if (!theirs.finished()) {
            return unfinished(theirs);
        }
    }
    return std::nullopt;
}

/// A recorded migration that says it breaks binaries as old as this one.
history_row const* breaking_row(catalog const& shipped, history const& recorded)
{
    auto const* const newest = shipped.newest();
    for (auto const& row : recorded) {
        if (row.breaks_older_than &&
            (newest == nullptr || version{*row.breaks_older_than} > *newest->version)) {
            return &row;
        }
    }
    return nullptr;
}

std::string ahead(catalog const& shipped, recorded_set const& recorded)
{
    return "the database is at version " + recorded.newest->row->version +
           ", ahead of this binary, which carries " + newest_of(shipped);
}

void check_compatible(catalog const& shipped, history const& rows, recorded_set const& recorded)
{
    if (auto const* const row = breaking_row(shipped, rows)) {
        throw failure{errc::newer_database,
                      ahead(shipped, recorded) + "; " + row->version + "_" + row->description +
                          " breaks binaries older than version " + *row->breaks_older_than + ".",
                      "Deploy a binary that carries version " + *row->breaks_older_than + " or newer."};
    }
}

failure late(migration const& mine, catalog const& shipped, recorded_set const& recorded, bool newer)
{
    auto const& theirs = recorded.newest->row->version;
    if (newer) {
        return failure{
            errc::out_of_order,
            "the lists have diverged: this binary, which goes up to " + newest_of(shipped) + ", holds " +
                mine.name + ", which the database lacks, and the database holds version " + theirs +
                ", which this binary lacks.",
            "Build from a tree that holds both, or set SCHEMAGATE_OUT_OF_ORDER=apply to run it now."}
            .with_script(mine.name);
    }
    return failure{errc::out_of_order,
                   mine.name + " was not applied, and the database is already at version " + theirs +
                       ": it was merged late.",
                   "Give it a version above " + theirs +
                       ", or write \"-- schemagate: allow-out-of-order\" into its "
                       "leading comment, or set SCHEMAGATE_OUT_OF_ORDER=apply."}
        .with_script(mine.name);
}

} // namespace

plan make_plan(catalog const& shipped, history const& recorded, plan_policy policy)
{
    auto const done = read_history(recorded);
    plan result;
    if (done.newest) {
        auto const* const newest = shipped.newest();
        result.schema_version = done.newest->row->version;
        result.database_newer = newest == nullptr || done.newest->version > *newest->version;
    }
    if (result.database_newer) {
        if (policy.newer == newer_policy::refuse) {
            throw failure{errc::newer_database, ahead(shipped, done) + ".",
                          "Deploy the newer binary, or set SCHEMAGATE_NEWER=compatible."};
        }
        result.warnings.push_back(ahead(shipped, done) +
                                  "; it applies nothing that the database already has.");
    }

    auto const unchecked = result.database_newer && policy.newer == newer_policy::allow;
    if (auto const found = contradiction(shipped, done)) {
        if (!unchecked) {
            throw *found;
        }
        result.warnings.push_back(found->message() + " Let pass by SCHEMAGATE_NEWER=allow.");
    }
    if (result.database_newer && !unchecked) {
        check_compatible(shipped, recorded, done);
    }

    for (auto const& mine : shipped.migrations()) {
        if (done.holds(*mine.version)) {
            continue;
        }
        auto const is_late = done.newest && *mine.version < done.newest->version;
        if (!is_late) {
            result.pending.push_back(&mine);
        }
        else if (unchecked) {
            result.warnings.push_back(mine.name + " is not in this database and is not applied "
                                                  "(SCHEMAGATE_NEWER=allow).");
        }
        else if (mine.directives.allow_out_of_order || policy.out_of_order == out_of_order_policy::apply) {
            result.pending.push_back(&mine);
            result.warnings.push_back(mine.name + " comes late: the database is already at version " +
                                      result.schema_version + "; it is applied all the same.");
        }
        else if (policy.out_of_order == out_of_order_policy::warn) {
            result.warnings.push_back(mine.name + " comes late: the database is already at version " +
                                      result.schema_version +
                                      "; it is NOT applied (SCHEMAGATE_OUT_OF_ORDER=warn).");
        }
        else {
            throw late(mine, shipped, done, result.database_newer);
        }
    }
    for (auto const* const mine : result.pending) {
        auto const& adopted = mine->directives.only_if_adopted;
        if (adopted && !done.adopted(*adopted)) {
            result.not_needed.push_back(mine);
        }
    }
    // The newest row of a database that is ahead is another binary's to verify: its twins are not in this
    // one.
    result.verification_due =
        done.last_written != nullptr && !done.last_written->verified && !result.database_newer;
    return result;
}

} // namespace schemagate
