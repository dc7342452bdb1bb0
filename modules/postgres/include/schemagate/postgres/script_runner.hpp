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
    std::size_t line = 0;      ///< from 1; 0: unknown
    std::size_t column = 0;    ///< in characters from 1; 0: unknown
    std::size_t statement = 0; ///< from 1; 0: unknown
};

/// Of a byte of the script.
[[nodiscard]] script_position position_at(std::string_view script, std::size_t offset);

/// Of a statement's first token, by its index; unknown if the script has no such statement.
[[nodiscard]] script_position position_of_statement(std::string_view script, std::size_t index);

/// The server counts characters from 1 in what was sent (UTF-8), not bytes.
[[nodiscard]] std::size_t byte_offset(std::string_view sent, std::size_t character);

/// Thrown by run_script: the server's error, and where in the script it happened.
class script_error : public sql_error
{
public:
    script_error(server_error what, script_position at) : sql_error{std::move(what)}, where{at} {}
    script_position where;
};

/// Runs `text` inside the transaction that is open on `on`. One message for a small script; a message ends
/// after each COPY … FROM stdin, because its data follows, after each statement that changes how strings are
/// read, because the server parses a whole message with the setting it had before, and where a large script
/// would make the server hold the parse of all of it. Throws script_error and stop_requested.
void run_script(connection& on, std::string_view text);

/// The same, with what its statements (COPY apart) return appended to `into`, also of those before an error.
void run_script(connection& on, std::string_view text, std::vector<statement_result>& into);

} // namespace schemagate::postgres
