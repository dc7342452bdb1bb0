// libpq's connection service file (PostgreSQL documentation, "34.17"), read through `place`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/connection_settings.hpp"
#include "schemagate/place.hpp"

namespace schemagate::url {

/// The service's settings from PGSERVICEFILE or ~/.pg_service.conf, else from PGSYSCONFDIR/pg_service.conf.
/// nullopt if none of them holds it; libpq may still know a folder that was compiled into it.
[[nodiscard]] std::optional<std::vector<connection_parameter>> read_service(place const& where,
                                                                            std::string const& service);

} // namespace schemagate::url
