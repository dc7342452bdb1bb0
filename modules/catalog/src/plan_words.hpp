// Phrases that several sentences of a plan share.
#pragma once

#include <string>

#include "recorded.hpp"
#include "schemagate/catalog.hpp"

namespace schemagate {

/// The first 8 digits: enough to tell two texts apart.
[[nodiscard]] std::string head(std::string const& checksum);

/// " at 2026-11-22T21:03:00Z", or nothing.
[[nodiscard]] std::string when(history_row const& row);

/// "version 0007", or "no migration at all" where there is no versioned one.
[[nodiscard]] std::string newest_of(catalog const& shipped);

/// "is already at version 0003"; of a newest version that is only begun: "has already begun version 0003".
[[nodiscard]] std::string reached(recorded_set const& recorded);

} // namespace schemagate
