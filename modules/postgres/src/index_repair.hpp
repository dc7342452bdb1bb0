// Indexes that a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY left INVALID (PostgreSQL documentation,
// "CREATE INDEX: Building Indexes Concurrently").
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/prepared_statements.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate::postgres {

/// What is there where an index is to be built.
enum class index_state
{
    absent,
    valid,
    invalid, ///< left behind, or being built
};

/// The index that this CREATE INDEX names, for state_sql(): its name and its table.
[[nodiscard]] std::vector<statement_argument> place_arguments(connection const& on,
                                                              lexer::index_statement const& statement);
/// A query of that index, for state_of(). Names are looked up as the server would, with the session's
/// search_path.
[[nodiscard]] std::string state_sql(std::string const& name, std::string const& table);

/// What state_sql() was answered; absent where the statement names none.
[[nodiscard]] index_state state_of(statement_result const& answer);

/// Whether the attempt that wrote this mark (step_attempt.hpp) left an INVALID index.
[[nodiscard]] bool left_invalid(connection& on, std::string const& mark);

/// Drops what it left; `tell` gets the name of each before it goes. True: there was something. Throws
/// index_busy() where another session may be building it.
bool drop_left(connection& on, std::string const& mark, std::function<void(std::string const&)> const& tell);

/// Before a statement that works concurrently. True: the attempt before this one (`resumed`: there was one,
/// and how far it got is not known) has done it. Drops what is INVALID under the very name that it gives its
/// index, `state`; throws index_busy() as above.
[[nodiscard]] bool make_way(connection& on, lexer::index_statement const& statement, index_state state,
                            bool resumed, std::string const& mark,
                            std::function<void(std::string const&)> const& notes);

/// script_error with 55P03 (lock_not_available): wait, and look again.
[[nodiscard]] script_error index_busy();

} // namespace schemagate::postgres
