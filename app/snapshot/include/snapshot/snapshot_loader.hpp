// From the database to a snapshot.
#pragma once

#include <memory>
#include <string>

#include "database/database_connection.hpp"
#include "snapshot/snapshot.hpp"

namespace app {

/// Reads all of it in one REPEATABLE READ transaction of `c`, in which no other is open; or only the counter,
/// if that is the one of `known` (which may be null and is then returned). Versions that `known` holds are
/// neither read nor parsed again: their content never changes. Throws database_error. `schema`:
/// database::schema(), an identifier in quotes.
[[nodiscard]] std::shared_ptr<snapshot const> load_snapshot(database_connection& c, std::string const& schema,
                                                            std::shared_ptr<snapshot const> const& known);

} // namespace app
