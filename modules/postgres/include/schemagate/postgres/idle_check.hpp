// Step 5: one message, no lock, no write: is this database what my binary expects?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// The newest row of the history.
struct newest_row
{
    std::string version;
    std::string set_digest;
    bool verified = false;
};

/// What one look at the server tells.
struct idle_state
{
    bool in_recovery = false;
    bool read_only = false; ///< default_transaction_read_only
    bool pooled = false;
    std::string hold; ///< ALTER DATABASE … SET schemagate.hold = 'reason'
    bool has_history = false;
    std::string hidden; ///< that of our tables of which row level security hides every row; or ""
    std::string role;   ///< from whom
    std::optional<newest_row> newest;
    /// A script is begun in steps (and no later text of it was applied): what is missing may be its doing.
    bool under_way = false;
    std::vector<std::string> missing; ///< recorded objects that are not there, or not valid
};

/// One message after authentication; two where there is no history yet, columns are looked for, a script is
/// in progress, or row level security is on for this role. Throws sql_error.
[[nodiscard]] idle_state idle_check(connection& on, history_table const& table);

} // namespace schemagate::postgres
