#include "headway.hpp"

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
    for (auto const& mine : shipped.repeatables()) {
        if (auto const standing = standing_of(mine, recorded); standing.replaced != nullptr) {
            result.in_repeatable = &mine;
            result.replaced_by = standing.replaced;
            break;
        }
    }
    return result;
}

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

} // namespace schemagate
