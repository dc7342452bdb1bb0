// Step 9's questions to the database: are the recorded objects there, and do the twins pass?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "boot_context.hpp"
#include "schemagate/migrator.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate {

/// Recorded objects that are missing, or not valid, by SCHEMAGATE_DRIFT: told as a warning, or thrown as
/// failure{object_missing}; a table or view is weightier than an index, a constraint or a column.
void judge_missing(boot_context& boot, postgres::connection const& on, std::vector<std::string> missing);

/// Objects that are not as the last migration left them, by SCHEMAGATE_DRIFT: told as a warning, or thrown as
/// failure{drift}.
void judge_drift(boot_context& boot, postgres::connection& on);

/// How one twin ended.
struct twin_outcome
{
    std::string error;                      ///< "" or what failed
    bool needs_writing = false;             ///< the server refused what it wrote: a standby, or read-only
    bool lacks_right = false;               ///< SQLSTATE 42501: the role may not do what the twin does
    std::vector<verification_item> counted; ///< also what it counted before it failed
};

/// Runs every twin of the catalog, each in a savepoint of the transaction that is open on `on`; calls `each`
/// with the twin's migration and how it ended.
void run_twins(boot_context& boot, postgres::connection& on,
               std::function<void(migration const&, twin_outcome const&)> const& each);

} // namespace schemagate
