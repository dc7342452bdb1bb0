// How a script that does not run in one transaction is cut into steps, each of which happens wholly or not at
// all, so that a script that stopped can go on at the step where it stopped.
//
// What a later step needs must therefore be in the database, or be made again: a temporary table, a prepared
// statement or an open cursor is gone with the connection, and nobody may count on it. Such things are
// problems, reported when the script is embedded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/lexer.hpp"

namespace schemagate::lexer {

enum class step_kind
{
    transactional, ///< one statement; runs in a transaction of its own that also records the step
    block,         ///< BEGIN … COMMIT of the script's own; the step is recorded before its COMMIT
    alone,         ///< one statement that PostgreSQL refuses inside a transaction
    session, ///< changes only the session (SET without LOCAL, RESET, LOAD, …): run, and run again first
             ///< when a later step is resumed
};

struct script_step
{
    step_kind kind = step_kind::transactional;
    std::size_t first = 0; ///< index into scan_result::statements
    std::size_t count = 1; ///< 1 for all but a block; a block's BEGIN and COMMIT are counted

    friend bool operator==(script_step const&, script_step const&) = default;
};

/// Why the script cannot be resumed safely.
struct step_problem
{
    std::size_t line = 1;
    std::string message; ///< names the statement, says why and what to do; holds no string of the script
};

struct script_steps
{
    std::vector<script_step> steps;     ///< every statement is in exactly one step, in the script's order
    std::vector<step_problem> problems; ///< by line; the steps may be run only if there are none
};

/// Cuts the script that `scanned` was read from. Never throws for its content; linear in its length.
///
/// Without problems every block begins with BEGIN, ends with COMMIT and holds neither transaction control
/// (savepoints are allowed) nor a statement that PostgreSQL refuses inside a transaction. COPY … FROM stdin
/// is a transactional step, or part of a block.
///
/// Problems are, each at the line of its statement: a block that is never closed (at its BEGIN), that ends in
/// ROLLBACK or that holds another BEGIN; a COMMIT or ROLLBACK that closes nothing; PREPARE TRANSACTION,
/// COMMIT/ROLLBACK PREPARED and AND CHAIN; a statement refused inside a transaction within a block; what only
/// works inside a block and stands outside one (SET LOCAL, SET TRANSACTION, SET CONSTRAINTS, LOCK, SAVEPOINT,
/// DECLARE); what lives in the session and cannot be made again (temporary objects, but for tables that a
/// block makes with ON COMMIT DROP; PREPARE; DECLARE … WITH HOLD; LISTEN; session-level advisory locks); SET
/// inside a block that later steps follow, since resuming behind the block would not repeat it; set_config()
/// in any other form than "select set_config('name', 'value', false)"; DISCARD ALL, which drops the advisory
/// lock that the run holds.
/// Not seen are the same things inside DO blocks and functions.
[[nodiscard]] script_steps cut_into_steps(std::string_view script, scan_result const& scanned);

} // namespace schemagate::lexer
