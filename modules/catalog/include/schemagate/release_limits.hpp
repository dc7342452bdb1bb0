// What the script format allows and the engine of this release does not run yet.
#pragma once

#include <optional>
#include <string>

#include "schemagate/migration.hpp"
#include "schemagate/script_name.hpp"

namespace schemagate {

/// A sentence with the way out, or nullopt if this release runs such a script. The one place that knows: the
/// build tool, the folder reader and the catalog all ask here, so a later release lifts a limit in one
/// function.
[[nodiscard]] std::optional<std::string> not_run_yet(script_role role, directives const& wanted,
                                                     bool transactional);

} // namespace schemagate
