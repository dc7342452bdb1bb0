#include "plan_words.hpp"

namespace schemagate {

std::string head(std::string const& checksum)
{
    return checksum.size() <= 8 ? checksum : checksum.substr(0, 8) + "…";
}

std::string when(history_row const& row)
{
    return row.applied_at.empty() ? std::string{} : " at " + row.applied_at;
}

std::string newest_of(catalog const& shipped)
{
    auto const* const newest = shipped.newest();
    return newest == nullptr ? "no migration at all" : "version " + newest->version->text();
}

std::string reached(recorded_set const& recorded)
{
    auto const& newest = *recorded.newest;
    return (newest.finished() ? "is already at version " : "has already begun version ") +
           newest.row->version;
}

} // namespace schemagate
