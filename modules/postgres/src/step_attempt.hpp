// What was there before a statement that cannot be recorded in its own transaction, so that whoever finds it
// begun after a crash knows whether it was done. Written with the record of the step before it.
#pragma once

#include <optional>
#include <string>

#include "history_rows.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"
#include "stepped_script.hpp"

namespace schemagate::postgres {

/// A text expression: the indexes of the table that one is to be built on, or those that are to be dropped,
/// by OID; "" where the statement is no CREATE or DROP INDEX CONCURRENTLY. Names without a schema are looked
/// for in `schema`, or by the search_path if that is empty.
[[nodiscard]] attempt_question attempt_sql(connection const& on,
                                           std::optional<lexer::index_statement> const& statement,
                                           std::string const& schema);

/// The same for a step of a script; "" for one that is recorded in its own transaction, or that is not there.
[[nodiscard]] attempt_question attempt_before(connection const& on, stepped_script const& script,
                                              std::size_t step, std::string const& schema);

/// Whether the attempt that found `before` (what attempt_sql() yielded) there has done the statement. False
/// where nothing is known.
[[nodiscard]] bool was_done(connection& on, lexer::index_statement const& statement,
                            std::string const& before);

/// Of a procedure or DO block that commits by itself.
constexpr auto attempt_of_call = "call";

} // namespace schemagate::postgres
