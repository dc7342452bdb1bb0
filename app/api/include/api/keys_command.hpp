// `prompt-service keys create --scope S --name N`: the first key, before there is one that could make others.
#pragma once

#include "schemagate/catalog.hpp"
#include "schemagate/command_line.hpp"

namespace app {

/// Needs only DATABASE_URL. Prints the key on stdout, once. Fails with 76 where the schema is not that of
/// `shipped`, with 75 where the server is a standby. `shipped` outlives it.
[[nodiscard]] schemagate::host_command keys_command(schemagate::catalog const& shipped);

} // namespace app
