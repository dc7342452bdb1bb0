#include "headway.hpp"

#include <algorithm>

#include "plan_words.hpp"
#include "repeatable_standing.hpp"

namespace schemagate {

std::string headway::words(catalog const& shipped, recorded_set const& recorded) const
{
    if (in_versions) {
        auto const& newest = *recorded.newest;
        return "the database " + std::string{newest.finished() ? "is at" : "has begun"} + " version " +
               newest.row->version + ", ahead of this binary, which carries " + newest_of(shipped);
    }
    if (late != nullptr) {
        return "the database holds " + late->name() + ", which came late" + when(*late->row) +
               ", so it is ahead of this binary, which goes up to " + newest_of(shipped) + " without it";
    }
    return "the database holds a later text of " + in_repeatable->name + " (recorded " +
           head(replaced_by->checksum) + when(*replaced_by) + ", shipped " + head(in_repeatable->checksum) +
           "), so it is ahead of this binary";
}

headway headway_of(catalog const& shipped, recorded_set const& recorded)
{
    headway result;
    auto const* const newest = shipped.newest();
    result.in_versions =
        recorded.newest && (newest == nullptr || recorded.newest->version > *newest->version);
    auto const late =
        std::find_if(recorded.versions.begin(), recorded.versions.end(),
                     [&](recorded_version const& each) { return applied_late(each, shipped, recorded); });
    result.late = late == recorded.versions.end() ? nullptr : &*late;
    for (auto const& mine : shipped.repeatables()) {
        if (auto const standing = standing_of(mine, recorded); standing.replaced != nullptr) {
            result.in_repeatable = &mine;
            result.replaced_by = standing.replaced;
            break;
        }
    }
    return result;
}

bool applied_late(recorded_version const& theirs, catalog const& shipped, recorded_set const& recorded)
{
    return shipped.find(theirs.version) == nullptr &&
           std::any_of(recorded.versions.begin(), recorded.versions.end(), [&](recorded_version const& each) {
               return each.version > theirs.version && each.row->id < theirs.row->id &&
                      shipped.find(each.version) != nullptr;
           });
}

// A late version is below the newest of mine, and not among mine all the same.
history_row const* breaking_row(catalog const& shipped, recorded_set const& recorded, history const& rows)
{
    auto const* const newest = shipped.newest();
    auto const late = [&](history_row const& row) {
        return std::any_of(recorded.versions.begin(), recorded.versions.end(),
                           [&](recorded_version const& each) {
                               return each.row == &row && applied_late(each, shipped, recorded);
                           });
    };
    for (auto const& row : rows) {
        if (!row.breaks_older_than) {
            continue;
        }
        auto const from = version{*row.breaks_older_than};
        if (newest == nullptr || from > *newest->version || (shipped.find(from) == nullptr && late(row))) {
            return &row;
        }
    }
    return nullptr;
}

} // namespace schemagate
