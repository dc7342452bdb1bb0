#include "session_probe.hpp"

namespace schemagate::postgres {

std::string changed_session_sql(connection const& on, history_table const& table, std::string const& role,
                                std::vector<std::string> const& values)
{
    // What session::settings_sql() and script_settings_sql() set, as pg_settings shows it.
    auto const ours = "(VALUES ('search_path', pg_catalog.quote_ident(" + on.literal(table.target_schema()) +
                      ")" + "), ('application_name', " + values.at(0) + "), ('lock_timeout', " +
                      values.at(1) + "), ('statement_timeout', " + values.at(2) +
                      "), ('client_min_messages', 'notice'), ('idle_in_transaction_session_timeout', '0'),"
                      " ('standard_conforming_strings', 'on'), ('client_encoding', 'UTF8'),"
                      " ('default_transaction_isolation', 'read committed'),"
                      " ('default_transaction_deferrable', 'off'), ('row_security', 'on'),"
                      " ('check_function_bodies', 'on'), ('quote_all_identifiers', 'off'),"
                      " ('idle_session_timeout', '0'), ('transaction_timeout', '0')) AS o (name, setting)";
    return "NULLIF(pg_catalog.concat_ws(', ',"
           " CASE WHEN current_user <> " +
           (role.empty() ? std::string{"session_user"} : on.literal(role)) +
           " THEN 'role ' || current_user END,"
           " (SELECT pg_catalog.string_agg(s.name, ', ' ORDER BY s.name) FROM pg_catalog.pg_settings s LEFT "
           "JOIN " +
           ours +
           " ON o.name = s.name WHERE s.source = 'session' AND s.setting <> coalesce(o.setting, s.boot_val, "
           "'')"
           " AND s.name NOT IN ('DateStyle', 'role', 'session_authorization', "
           "'transaction_isolation',"
           " 'transaction_read_only', 'transaction_deferrable', 'client_connection_check_interval',"
           " 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count')),"
           " (SELECT 'temporary ' || pg_catalog.string_agg(c.relname, ', ' ORDER BY c.relname)"
           "  FROM pg_catalog.pg_class c WHERE c.relnamespace = pg_catalog.pg_my_temp_schema()"
           "  AND c.relkind IN ('r', 'v', 'S')),"
           " (SELECT 'prepared statement ' || pg_catalog.string_agg(p.name, ', ' ORDER BY p.name)"
           "  FROM pg_catalog.pg_prepared_statements p WHERE NOT pg_catalog.starts_with(p.name, " +
           on.literal(prepared_prefix) +
           ")),"
           " (SELECT 'cursor ' || pg_catalog.string_agg(c.name, ', ' ORDER BY c.name)"
           "  FROM pg_catalog.pg_cursors c WHERE c.is_holdable),"
           " (SELECT 'channel ' || pg_catalog.string_agg(l, ', ' ORDER BY l)"
           "  FROM pg_catalog.pg_listening_channels() l)), '')";
}

std::vector<statement_argument> changed_session_arguments(connection const& on,
                                                          transaction_order const& order)
{
    return {{"text", on.literal(order.application_name)},
            {"text", on.literal(std::to_string(order.lock_timeout.count()))},
            {"text", on.literal(std::to_string(order.statement_timeout.count()))}};
}

} // namespace schemagate::postgres
