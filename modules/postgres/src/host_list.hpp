// The hosts of a connection string, in another order.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "schemagate/database_url.hpp"

namespace schemagate::postgres {

/// How many hosts libpq would try in turn (PostgreSQL documentation, "34.1.1.3 Specifying Multiple Hosts").
[[nodiscard]] std::size_t host_count(connection_settings const& settings, place const& where);

/// The parameters by which libpq begins with the host of this index, and tries those before it last. Empty
/// for the order that they have.
[[nodiscard]] std::vector<connection_parameter>
beginning_with(std::size_t index, connection_settings const& settings, place const& where);

/// connect_timeout as libpq takes it: seconds, at least 2; nullopt where none is set.
[[nodiscard]] std::optional<std::chrono::seconds> connect_timeout_of(connection_settings const& settings,
                                                                     place const& where);

} // namespace schemagate::postgres
