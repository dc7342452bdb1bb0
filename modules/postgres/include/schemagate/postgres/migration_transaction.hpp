// Step 8: ONE transaction that holds the fence, a migration's script and its history row, or several of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "schemagate/postgres/history_table.hpp"
#include "schemagate/postgres/leadership.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate::postgres {

/// Thrown when the fence does not hold: somebody else has the lock, or wrote history before our script ran.
/// Nothing was committed; look at the history again.
struct fence_broken
{
    std::string why;
};

/// Thrown when a script ended the transaction it ran in. What it committed itself stays.
struct transaction_ended_by_script
{};

/// Thrown when the history is not as this transaction has to leave it: the script wrote to it, or a trigger
/// or rule kept our row out. Nothing was committed.
struct history_disturbed
{
    std::string why;
};

/// What one migration needs besides its script, which is only run if the entry's kind is "versioned".
struct transaction_order
{
    history_entry entry;
    std::string record_sql;       ///< records its objects; empty: those that its script made or altered
    std::string application_name; ///< shown in pg_stat_activity while the script runs
    std::chrono::milliseconds lock_timeout{50};
    std::chrono::milliseconds statement_timeout{0};
};

/// `SET LOCAL` lines for a script: its time limits, the search_path it may count on, and its name for the
/// DBA.
[[nodiscard]] std::string script_settings_sql(connection const& on, std::string const& target_schema,
                                              std::string const& application_name,
                                              std::chrono::milliseconds lock_timeout,
                                              std::chrono::milliseconds statement_timeout);

/// Takes the fence in the transaction that is open on `on`; throws fence_broken if somebody else has it.
void raise_fence(connection& on, leadership const& leader);

/// Rolls back whatever is open, if the connection still can.
void roll_back(connection& on) noexcept;

/// Begins; fence; then for each order: tail as planned; the script; settings, role and session put back;
/// fence still up and tail unchanged; objects and row; at the end COMMIT. All or nothing. Returns the new
/// tail. `at` is the index of the order that was being worked on.
///
/// Throws script_error (rolled back), sql_error, fence_broken, history_disturbed,
/// transaction_ended_by_script, stop_requested. After an sql_error with connection_lost during COMMIT it is
/// not known whether it was committed: read the history on a new connection.
history_tail apply_in_transaction(session& on, leadership& leader, history_table const& table,
                                  std::span<transaction_order const> orders, history_tail expected,
                                  std::size_t& at);

} // namespace schemagate::postgres
