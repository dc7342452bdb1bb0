// Step 9's questions to the database: are the recorded objects there, and do the twins pass?
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "boot_context.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate {

/// Throws failure{object_missing} that names the first of `missing`, if there is one.
void require_objects(std::vector<std::string> const& missing);

/// Objects that are not as the last migration left them, by SCHEMAGATE_DRIFT: told as a warning, or thrown as
/// failure{drift}.
void judge_drift(boot_context& boot, postgres::connection& on);

/// Runs every twin of the catalog, each in a savepoint of the transaction that is open on `on`; calls `each`
/// with the twin's migration and "" or what failed.
void run_twins(boot_context& boot, postgres::connection& on,
               std::function<void(migration const&, std::string const&)> const& each);

} // namespace schemagate
