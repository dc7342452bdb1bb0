#include "schemagate/postgres/server_identity.hpp"

namespace schemagate::postgres {

server_identity identify(connection& on)
{
    auto const answer =
        on.execute("SELECT pg_catalog.current_database(), current_user, pg_catalog.pg_is_in_recovery(),"
                   " pg_catalog.current_setting('default_transaction_read_only') = 'on',"
                   " pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')");
    auto const& row = answer.at(0).rows.at(0);
    server_identity found;
    found.database = row.at(0).value_or("");
    found.role = row.at(1).value_or("");
    found.in_recovery = row.at(2) == "t";
    found.read_only = row.at(3) == "t";
    if (row.at(4) == "t") { // a statement of its own: the right is asked for when a statement begins
        found.system_identifier = on.execute("SELECT system_identifier FROM pg_catalog.pg_control_system()")
                                      .at(0)
                                      .rows.at(0)
                                      .at(0)
                                      .value_or("");
    }
    return found;
}

bool same_database(server_identity const& a, server_identity const& b) noexcept
{
    auto const both_known = !a.system_identifier.empty() && !b.system_identifier.empty();
    return a.database == b.database && (!both_known || a.system_identifier == b.system_identifier);
}

} // namespace schemagate::postgres
