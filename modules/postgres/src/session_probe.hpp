// What a script has left changed in its session, for the log: it is put back in any case.
#pragma once

#include <string>
#include <vector>

#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/prepared_statements.hpp"

namespace schemagate::postgres {

/// A scalar expression of type text: names of what is not as the script found it (role, settings, temporary
/// tables, prepared statements, cursors, channels), comma-separated, never values; NULL if nothing. It reads
/// pg_settings, which takes about a millisecond, so ask only where a script could have changed something.
/// `values`: those of changed_session_arguments(), or parameters in their places.
[[nodiscard]] std::string changed_session_sql(connection const& on, history_table const& table,
                                              std::string const& role,
                                              std::vector<std::string> const& values);
[[nodiscard]] std::vector<statement_argument> changed_session_arguments(connection const& on,
                                                                        transaction_order const& order);

} // namespace schemagate::postgres
