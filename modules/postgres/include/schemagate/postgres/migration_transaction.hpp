// Step 8: ONE transaction that holds the fence, a migration's script and its history row, or several of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "schemagate/postgres/engine_exception.hpp"
#include "schemagate/postgres/history_table.hpp"
#include "schemagate/postgres/leadership.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate::postgres {

/// Thrown when the fence does not hold: somebody else has the lock, or wrote history before our script ran.
/// Nothing was committed; look at the history again.
struct fence_broken : engine_exception
{
    explicit fence_broken(std::string cause) : why{std::move(cause)} {}
    std::string why;
};

/// Thrown when a script ended the transaction it ran in. What it committed itself stays.
struct transaction_ended_by_script : engine_exception
{};

/// Thrown when the history is not as this transaction has to leave it: the script wrote to it, or a trigger
/// or rule kept our row out. Nothing was committed.
struct history_disturbed : engine_exception
{
    explicit history_disturbed(std::string cause) : why{std::move(cause)} {}
    std::string why;
};

/// What one migration needs besides its script, which is not run for what is only recorded.
struct transaction_order
{
    history_entry entry;
    std::string record_sql; ///< records its objects; empty: those that its script made or altered
    std::string follow_sql; ///< runs before that: the record moves along with what the script renamed
    std::vector<lexer::relation_name> creates; ///< what its script's CREATE statements name
    bool reaches_far = true;      ///< its script may do more than its locks show (lexer::reaches_far())
    bool may_drop = true;         ///< relations may be gone after its script (lexer::may_drop())
    bool names_history = false;   ///< its script may write to our tables: sent alone, and its rows counted
    std::string isolation;        ///< level of its transaction; empty: READ COMMITTED
    std::string application_name; ///< shown in pg_stat_activity while the script runs
    std::chrono::milliseconds lock_timeout{50};
    std::chrono::milliseconds statement_timeout{0};
    bool prepares = true;        ///< its script may prepare statements, or drop them (lexer::may_prepare())
    bool changes_session = true; ///< its script may leave the session changed: worth asking what

    [[nodiscard]] bool runs() const noexcept
    {
        return entry.kind == "versioned" || entry.kind == "repeatable";
    }
};

/// What is left to say of a script once its history row is committed.
struct script_aftermath
{
    std::string put_back; ///< names of what it left changed in its session, comma-separated
};

/// Called once for each order, in their order, after its transaction was committed.
using on_recorded = std::function<void(std::size_t at, script_aftermath const&)>;

/// `SET LOCAL` lines for a script: its time limits, the search_path it may count on, and its name for the
/// DBA.
[[nodiscard]] std::string script_settings_sql(connection const& on, std::string const& target_schema,
                                              std::string const& application_name,
                                              std::chrono::milliseconds lock_timeout,
                                              std::chrono::milliseconds statement_timeout);

/// Begins a transaction of our own that holds the fence, in one message; with `planned`, where that is still
/// the newest row. Throws fence_broken if somebody else leads, or has written to the history.
void begin_fenced(session& on, leadership const& leader, history_table const& table,
                  std::optional<history_tail> planned = {});

/// Rolls back whatever is open, if the connection still can.
void roll_back(connection& on) noexcept;

/// Begins; fence; then for each order: tail as planned; the script; settings, role and session put back;
/// fence still up and tail unchanged; objects and row; at the end COMMIT. All or nothing; several messages,
/// so that scripts of any size and with COPY data fit. Brings `tail` up to date. `at` is the index of the
/// order that was being worked on.
///
/// Throws script_error (rolled back), sql_error, fence_broken, history_disturbed,
/// transaction_ended_by_script, stop_requested. After an sql_error with connection_lost during COMMIT it is
/// not known whether it was committed: read the history on a new connection.
void apply_in_transaction(session& on, leadership const& leader, history_table const& table,
                          std::span<transaction_order const> orders, history_tail& tail, std::size_t& at,
                          on_recorded const& recorded);

} // namespace schemagate::postgres
