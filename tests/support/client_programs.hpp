// PostgreSQL's own client programs, as the other side of a comparison.
#pragma once

#include <string>

#include "private_server.hpp"

namespace support {

/// The path of psql or pg_dump: beside the server's programs, else the newest below /usr/lib/postgresql.
/// Throws if there is none: a comparison that is not made must not pass.
[[nodiscard]] std::string client_program(std::string const& name);

/// The schema without Schemagate's own. As pg_dump --schema-only writes it, without its \restrict lines,
/// which are random; where pg_dump is older than the server, which it then refuses, as one line for each
/// object.
[[nodiscard]] std::string schema_text(test_database const& database, int server_major);

} // namespace support
