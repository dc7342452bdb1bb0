// Indexes that a CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY left INVALID (PostgreSQL documentation,
// "CREATE INDEX: Building Indexes Concurrently").
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "schemagate/index_statement.hpp"
#include "schemagate/postgres/connection.hpp"
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

/// Of the index that this CREATE INDEX names; absent where it names none. Names are looked up as the server
/// would, with the session's search_path.
[[nodiscard]] index_state state_of(connection& on, lexer::index_statement const& statement);

/// The INVALID indexes that nobody builds and that stand in the way of this statement, quoted, with schema:
/// the named one; for REINDEX, and for an index without a name if `unnamed`, those of its table.
[[nodiscard]] std::vector<std::string> leftovers(connection& on, lexer::index_statement const& statement,
                                                 bool unnamed);

/// Drops the leftovers in the way of a statement that works concurrently. True: the attempt before this one
/// (`resumed`: there was one, and how far it got is not known) has built the index, and nothing is left to
/// do. Throws script_error with 55P03 while another session builds it.
/// `before`: what that attempt found (step_attempt.hpp).
[[nodiscard]] bool make_way(connection& on, lexer::index_statement const& statement, bool resumed,
                            std::string const& before, std::function<void(std::string const&)> const& notes);

/// After a CREATE INDEX CONCURRENTLY that failed: what it left INVALID costs every write of the table. Waits
/// 2 s at most (lock_timeout stays so), and leaves what it cannot drop to the next attempt.
void clear_away(connection& on, lexer::index_statement const& statement,
                std::function<void(std::string const&)> const& notes);

/// All INVALID indexes of this database that nobody builds, quoted, with schema; partitioned ones left out
/// (they are INVALID until each partition has its own).
[[nodiscard]] std::vector<std::string> invalid_indexes(connection& on);

/// After a CREATE INDEX CONCURRENTLY: throws index_left_invalid where it is not valid (IF NOT EXISTS passes
/// over one that is not).
void require_valid(connection& on, lexer::index_statement const& statement, script_position where);

/// Throws index_left_invalid for an INVALID index that is not among `known`.
void require_none_invalid_but(connection& on, std::vector<std::string> const& known);

} // namespace schemagate::postgres
