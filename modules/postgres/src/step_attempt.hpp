// What was there before a statement that cannot be recorded in its own transaction, so that whoever finds it
// started after a crash knows whether it was done, and what it left. Written with the record of the step
// before it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "history_rows.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"
#include "stepped_script.hpp"

namespace schemagate::postgres {

/// A text expression, its value is the mark: for CREATE and REINDEX the table and the indexes that are there
/// before the first attempt, for DROP the indexes that are to go, by OID; "" for any other statement. Names
/// without a schema are looked for in `schema`, or by the search_path if that is empty.
[[nodiscard]] attempt_question attempt_sql(connection const& on,
                                           std::optional<lexer::index_statement> const& statement,
                                           std::string const& schema);

/// The same for a step of a script; "" for one that is recorded in its own transaction, or that is not there.
[[nodiscard]] attempt_question attempt_before(connection const& on, stepped_script const& script,
                                              std::size_t step, std::string const& schema);

/// Whether the attempt that wrote this mark has done the statement. False where nothing is known.
[[nodiscard]] bool was_done(connection& on, lexer::index_statement const& statement, std::string const& mark);

/// A condition over pg_index i, pg_class c and pg_namespace n: the indexes that this attempt may have made,
/// because they were not there before it. "" where the mark tells of none.
[[nodiscard]] std::string made_by_attempt(connection const& on, std::string const& mark);

/// Of a procedure or DO block that commits by itself: this, and the digest of the steps up to it.
constexpr std::string_view attempt_of_call = "call:";

} // namespace schemagate::postgres
