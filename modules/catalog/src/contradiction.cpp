#include "contradiction.hpp"

#include "headway.hpp"
#include "plan_words.hpp"

namespace schemagate {
namespace {

// Two branches took one number, or this is another catalog's history.
failure taken_by_another(migration const& mine, recorded_version const& theirs)
{
    return failure{errc::checksum_mismatch,
                   "version " + theirs.row->version + " was applied as " + theirs.name() + when(*theirs.row) +
                       ", and this binary carries " + mine.name + " under it (recorded " +
                       head(theirs.row->checksum) + ", shipped " + head(mine.checksum) + ").",
                   "Give " + mine.name +
                       " the next free version; if the file was only renamed, its text was changed "
                       "as well: restore it. Or is it another catalog's database?"}
        .with_script(mine.name);
}

failure changed_after_applied(migration const& mine, recorded_version const& theirs)
{
    if (!theirs.row->description.empty() && theirs.row->description != mine.description) {
        return taken_by_another(mine, theirs);
    }
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
        theirs.name() + (theirs.finished() ? " was applied to" : " was begun on") + " this database" +
            when(*theirs.row) + ", and this binary, which goes up to " + newest_of(shipped) +
            ", does not carry it.",
        "Build from a tree that holds the script, or put it back; a migration that was applied anywhere "
        "must not be deleted or renumbered."}
        .with_script(theirs.name());
}

} // namespace

std::optional<failure> contradiction(catalog const& shipped, recorded_set const& recorded)
{
    for (auto const& theirs : recorded.versions) {
        auto const* const mine = shipped.find(theirs.version);
        if (mine == nullptr) {
            auto const* const newest = shipped.newest();
            // Above my newest, or late, it is the future, up to the baseline it is settled: squashing old
            // scripts into one is what a baseline is for.
            if (newest != nullptr && theirs.version < *newest->version &&
                !recorded.below_baseline(theirs.version) && !applied_late(theirs, shipped, recorded)) {
                return missing(theirs, shipped);
            }
            continue;
        }
        // The text of a script that was only begun may be mended until it is applied.
        if (!theirs.finished()) {
            continue;
        }
        // A row without a checksum stands for something that was not run from our text (adopted, not needed).
        auto const comparable = theirs.row->kind == "versioned" || !theirs.row->checksum.empty();
        if (comparable && theirs.row->checksum != mine->checksum) {
            return changed_after_applied(*mine, theirs);
        }
    }
    return std::nullopt;
}

} // namespace schemagate
