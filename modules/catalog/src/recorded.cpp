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

recorded_version const* recorded_set::find(version const& v) const noexcept
{
    auto const found = std::lower_bound(
        versions.begin(), versions.end(), v,
        [](recorded_version const& each, version const& wanted) { return each.version < wanted; });
    return found != versions.end() && found->version == v ? &*found : nullptr;
}

bool recorded_set::holds(version const& v) const noexcept
{
    auto const* const found = find(v);
    return below_baseline(v) || (found != nullptr && found->finished());
}

history_row const* recorded_set::begun(version const& v) const noexcept
{
    auto const* const found = find(v);
    return found != nullptr && !found->finished() && !below_baseline(v) ? found->row : nullptr;
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
        if (row.state == "running" && row.kind != "versioned" && row.kind != "repeatable") {
            malformed(row, "is " + row.kind + " and running at once");
        }
        if (row.breaks_older_than) {
            static_cast<void>(version_of(row, *row.breaks_older_than, "breaks_older_than"));
        }
        auto const* const last = result.last_applied;
        if (row.state == "applied" && (last == nullptr || row.id > last->id)) {
            result.last_applied = &row;
        }
        if (row.kind == "repeatable") { // has a name instead of a version
            result.repeatables.push_back(&row);
            continue;
        }
        auto const entry = recorded_version{version_of(row, row.version, "the version"), &row};
        keep_higher(result.newest, entry);
        if (entry.finished()) {
            keep_higher(result.newest_applied, entry);
        }
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
