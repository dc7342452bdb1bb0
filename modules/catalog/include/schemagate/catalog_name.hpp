// The same scripts under two catalog names: a renamed CMake target, a forgotten --catalog.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/catalog.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {

/// A versioned script that the history holds under another catalog name, in the same target schema.
struct script_elsewhere
{
    std::string catalog;
    std::string version;
    std::string checksum;
    // Of one that was started in steps: how many are done, and what the history holds of them.
    int steps = 0;
    std::string steps_digest{};
};

/// For a catalog of whose name nothing is recorded: failure{catalog_renamed} where its scripts would run a
/// second time, because more than half of the shorter list, theirs or ours, is the same scripts. So two
/// catalogs that begin with one identical script may live side by side.
[[nodiscard]] std::optional<failure>
applied_under_another_name(catalog const& shipped, std::string const& target_schema,
                           std::vector<script_elsewhere> const& recorded);

} // namespace schemagate
