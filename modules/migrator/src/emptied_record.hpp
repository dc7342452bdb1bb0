// The record of objects, where somebody emptied it: then nothing is ever missed again.
#pragma once

#include <string>

#include "boot_context.hpp"
#include "schemagate/history.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate {

/// What to say where applied scripts of this catalog made relations that are there, and no object at all is
/// recorded; "" otherwise.
[[nodiscard]] std::string emptied_record(boot_context const& boot, postgres::connection& on,
                                         history const& recorded);

} // namespace schemagate
