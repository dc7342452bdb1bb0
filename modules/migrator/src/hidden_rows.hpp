// Row level security on our own tables: whoever sees no row would migrate again, or wait for what is there.
#pragma once

#include <string>

#include "boot_context.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/idle_check.hpp"

namespace schemagate {

/// failure{permission_denied}: what row level security hides from whom, and how to end that.
[[nodiscard]] failure rows_hidden(std::string const& schema, std::string const& table,
                                  std::string const& role);

/// How to end it, in statements for the table's owner.
[[nodiscard]] std::string row_security_fix(std::string const& schema, std::string const& table,
                                           std::string const& role);

/// Step 5 wherever it is asked: postgres::idle_check(), and rows_hidden() is thrown where it says so.
[[nodiscard]] postgres::idle_state check_idle(boot_context const& boot, postgres::connection& on);

} // namespace schemagate
