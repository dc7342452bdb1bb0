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

/// What stands at the place where an index is to be built.
enum class index_state
{
    absent,
    valid,
    invalid,     ///< left behind
    being_built, ///< another session works on it
};

/// The index that this CREATE INDEX names, for state_sql(): its name and its table.
[[nodiscard]] std::vector<statement_argument> place_arguments(connection const& on,
                                                              lexer::index_statement const& statement);
/// A query of that index, for state_of(). Names are looked up as the server would, with the session's
/// search_path.
[[nodiscard]] std::string state_sql(std::string const& name, std::string const& table);

/// What state_sql() was answered; absent where the statement names none. Asks the server once more if there
/// is an index that is not valid.
[[nodiscard]] index_state state_of(connection& on, statement_result const& answer);

/// The INVALID indexes that nobody builds and that stand in the way of this statement, quoted, with schema:
/// the named one; for REINDEX, and for an index without a name if `unnamed`, those of its table.
[[nodiscard]] std::vector<std::string> leftovers(connection& on, lexer::index_statement const& statement,
                                                 bool unnamed);

/// Drops the leftovers in the way of a statement that works concurrently. True: the attempt before this one
/// (`resumed`: there was one, and how far it got is not known) has built the index, and nothing is left to
/// do. Throws script_error with 55P03 while another session builds it.
/// `state`: of the index that a CREATE INDEX names. `before`: what that attempt found (step_attempt.hpp).
[[nodiscard]] bool make_way(connection& on, lexer::index_statement const& statement, index_state state,
                            bool resumed, std::string const& before,
                            std::function<void(std::string const&)> const& notes);

/// After a CREATE INDEX CONCURRENTLY that failed: what it left INVALID costs every write of the table. Waits
/// 2 s at most (lock_timeout stays so), and leaves what it cannot drop to the next attempt.
void clear_away(connection& on, lexer::index_statement const& statement,
                std::function<void(std::string const&)> const& notes);

/// A query of the oids of all indexes of this database that are not valid.
inline constexpr auto invalid_oids_sql = "SELECT i.indexrelid FROM pg_catalog.pg_index i"
                                         " WHERE NOT (i.indisvalid AND i.indisready)";

/// Those that nobody builds, quoted, with schema, but for the ones with these oids; partitioned ones left out
/// (they are INVALID until each partition has its own).
[[nodiscard]] std::vector<std::string> invalid_indexes(connection& on, std::string const& but_for);

} // namespace schemagate::postgres
