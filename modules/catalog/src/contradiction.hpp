// What makes a catalog and a history incomparable.
#pragma once

#include <optional>

#include "recorded.hpp"
#include "schemagate/catalog.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {

/// The first script that was changed after it was applied, or that is recorded below my newest version and
/// not carried; nullopt where there is none.
[[nodiscard]] std::optional<failure> contradiction(catalog const& shipped, recorded_set const& recorded);

} // namespace schemagate
