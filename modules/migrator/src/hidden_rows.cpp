#include "hidden_rows.hpp"

namespace schemagate {

std::string row_security_fix(std::string const& schema, std::string const& table, std::string const& role)
{
    auto const name = '"' + schema + "\".\"" + table + '"';
    return "Run as its owner: ALTER TABLE " + name +
           " DISABLE ROW LEVEL SECURITY; or, where it has to stay, give the role BYPASSRLS. A role that only "
           "looks can do with: CREATE POLICY schemagate_reads ON " +
           name + " FOR SELECT TO \"" + role + "\" USING (true);";
}

failure rows_hidden(std::string const& schema, std::string const& table, std::string const& role)
{
    return failure{errc::permission_denied,
                   "row level security on " + schema + "." + table + " hides every row from the role \"" +
                       role + "\", so what is applied here cannot be seen. Nothing was changed.",
                   row_security_fix(schema, table, role)}
        .with_sqlstate("42501");
}

postgres::idle_state check_idle(boot_context const& boot, postgres::connection& on)
{
    auto seen = postgres::idle_check(on, boot.table);
    if (!seen.hidden.empty()) {
        throw rows_hidden(boot.with.history_schema, seen.hidden, seen.role);
    }
    return seen;
}

} // namespace schemagate
