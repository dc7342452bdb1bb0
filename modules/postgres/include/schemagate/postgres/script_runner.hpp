// Sends one script, byte for byte, and says where it failed.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

/// A place in a script.
struct script_position
{
    std::size_t line = 0;   ///< from 1; 0: unknown
    std::size_t column = 0; ///< in characters from 1; 0: unknown
};

/// Thrown by run_script: the server's error, and where in the script it happened.
class script_error : public sql_error
{
public:
    script_error(server_error what, script_position at) : sql_error{std::move(what)}, where{at} {}
    script_position where;
};

/// Runs `text` inside the transaction that is open on `on`. One message, except that each COPY … FROM stdin
/// ends one, because its data follows. Throws script_error and stop_requested.
void run_script(connection& on, std::string_view text);

/// The same, with what its statements (COPY apart) return appended to `into`, also of those before an error.
void run_script(connection& on, std::string_view text, std::vector<statement_result>& into);

} // namespace schemagate::postgres
