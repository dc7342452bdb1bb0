// libpq's connection service file (PostgreSQL documentation, "34.17"), read through `place` as libpq's
// parseServiceInfo reads it.
#pragma once

#include <string>
#include <vector>

#include "schemagate/connection_settings.hpp"
#include "schemagate/place.hpp"

namespace schemagate::url {

enum class service_status
{
    found,
    unknown, ///< in no file that we know; libpq may still know a folder that was compiled into it
    refused  ///< libpq gives up: PGSERVICEFILE cannot be read, or a line of the service is none it knows
};

struct service_reading
{
    service_status status = service_status::unknown;
    std::vector<connection_parameter> settings; ///< with `found` only
};

/// The service's settings from PGSERVICEFILE or ~/.pg_service.conf, else from PGSYSCONFDIR/pg_service.conf.
[[nodiscard]] service_reading read_service(place const& where, std::string const& service);

} // namespace schemagate::url
