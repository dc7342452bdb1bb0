#include "recorded.hpp"

#include <algorithm>

#include "schemagate/failure.hpp"

namespace schemagate {
namespace {

[[noreturn]] void malformed(history_row const& row, std::string const& what)
{
    throw failure{errc::history_malformed,
                  "row " + std::to_string(row.id) + " of the history " + what +
                      ", which no Schemagate writes: somebody has edited the table.",
                  "Compare the row with a backup and put it back, or remove it if it was added by hand."};
}

version version_of(history_row const& row, std::string const& text, std::string const& column)
{
    try {
        return version{text};
    }
    catch (failure const&) {
        malformed(row, "has " + column + " \"" + text + "\"");
    }
}

bool is_kind(std::string_view kind) noexcept
{
    return kind == "versioned" || kind == "adopted" || kind == "not-needed" || kind == "baseline" ||
           kind == "repeatable";
}

void keep_higher(std::optional<recorded_version>& place, recorded_version const& candidate)
{
    if (!place || candidate.version > place->version) {
        place = candidate;
    }
}

} // namespace

std::string recorded_version::name() const
{
    return row->description.empty() ? row->version : row->version + "_" + row->description;
}

bool recorded_set::below_baseline(version const& v) const noexcept
{
    return baseline && v <= baseline->version;
}

bool recorded_set::holds(version const& v) const noexcept
{
    auto const found = std::lower_bound(
        versions.begin(), versions.end(), v,
        [](recorded_version const& each, version const& wanted) { return each.version < wanted; });
    return below_baseline(v) || (found != versions.end() && found->version == v && found->finished());
}

bool recorded_set::adopted(version const& v) const noexcept
{
    return std::any_of(versions.begin(), versions.end(), [&](recorded_version const& each) {
        return each.version == v && each.row->kind == "adopted";
    });
}

recorded_set read_history(history const& rows)
{
    recorded_set result;
    for (auto const& row : rows) {
        if (!is_kind(row.kind)) {
            malformed(row, "has the kind \"" + row.kind + "\"");
        }
        if (row.state != "applied" && row.state != "running") {
            malformed(row, "has the state \"" + row.state + "\"");
        }
        if (row.breaks_older_than) {
            static_cast<void>(version_of(row, *row.breaks_older_than, "breaks_older_than"));
        }
        if (result.last_written == nullptr || row.id > result.last_written->id) {
            result.last_written = &row;
        }
        if (row.kind == "repeatable") {
            continue; // has a name instead of a version, and this release carries none to compare it with
        }
        auto const entry = recorded_version{version_of(row, row.version, "the version"), &row};
        keep_higher(result.newest, entry);
        if (row.kind == "baseline") {
            keep_higher(result.baseline, entry);
        }
        else {
            result.versions.push_back(entry);
        }
    }
    std::stable_sort(
        result.versions.begin(), result.versions.end(),
        [](recorded_version const& a, recorded_version const& b) { return a.version < b.version; });
    auto const twice = std::adjacent_find(
        result.versions.begin(), result.versions.end(),
        [](recorded_version const& a, recorded_version const& b) { return a.version == b.version; });
    if (twice != result.versions.end()) {
        malformed(*std::next(twice)->row, "records version " + twice->row->version + " a second time");
    }
    return result;
}

} // namespace schemagate
