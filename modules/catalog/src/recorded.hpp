// The history, checked and sorted for the planner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/history.hpp"

namespace schemagate {

struct recorded_version
{
    schemagate::version version;
    history_row const* row; ///< points into the history that was read

    [[nodiscard]] bool finished() const noexcept { return row->state == "applied"; }
    [[nodiscard]] std::string name() const; ///< "0003_add_email"
};

struct recorded_set
{
    std::vector<recorded_version> versions;   ///< ascending; versioned, adopted and not-needed rows
    std::optional<recorded_version> baseline; ///< the highest one: it stands for every version up to its own
    std::optional<recorded_version> newest; ///< the highest version of all, begun ones and baselines included
    std::optional<recorded_version> newest_applied;
    std::vector<history_row const*> repeatables; ///< in the order of the history
    history_row const* last_applied = nullptr;   ///< the row written last, begun ones left out

    [[nodiscard]] bool below_baseline(version const& v) const noexcept;
    /// Applied, or settled by a baseline.
    [[nodiscard]] bool holds(version const& v) const noexcept;
    /// The row of a version that was begun and not finished; nullptr if there is none.
    [[nodiscard]] history_row const* begun(version const& v) const noexcept;
    [[nodiscard]] bool adopted(version const& v) const noexcept;

private:
    [[nodiscard]] recorded_version const* find(version const& v) const noexcept;
};

/// Throws failure{errc::history_malformed} for a row that no Schemagate writes.
[[nodiscard]] recorded_set read_history(history const& rows);

} // namespace schemagate
