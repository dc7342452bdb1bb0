// Indexes that an attempt at CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY built, or left INVALID
// (PostgreSQL documentation, "CREATE INDEX: Building Indexes Concurrently").
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/prepared_statements.hpp"
#include "schemagate/postgres/script_runner.hpp"
#include "step_attempt.hpp"

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

/// An index where and as an attempt would have made it, that was not there before it.
struct found_index
{
    std::string oid;
    std::string name; ///< with its schema, quoted
    bool valid = false;
    bool reachable = true; ///< its schema may be used: that of TOAST tables is a superuser's
    bool fits = false;     ///< it is what the statement asks for, in all but its name
};
struct found_indexes
{
    std::vector<found_index> all;
    bool told = true; ///< `fits` is known: the statement can be tried beside them
};

/// Those of the attempt with this mark. For CREATE INDEX the statement itself is tried on an empty copy of
/// the table, in a transaction that is rolled back, and what the server made of it is compared. Throws
/// sql_error where the connection is lost, a lock is held, or the table has become another's.
[[nodiscard]] found_indexes indexes_of(connection& on, attempt_mark const& mark);

/// Whether some of them may be INVALID: what only goes on in steps can settle.
[[nodiscard]] bool may_have_left_invalid(connection& on, attempt_mark const& mark);

/// Drops those that are INVALID and fit; `tell` gets the name of each and what becomes of it before it goes.
/// True: there was one. Throws index_busy() where another session may be building it.
bool drop_left(connection& on, found_indexes const& found,
               std::function<void(std::string const& name, std::string const& fate)> const& tell);

/// script_error with 55P03 (lock_not_available): wait, and look again.
[[nodiscard]] script_error index_busy();

} // namespace schemagate::postgres
