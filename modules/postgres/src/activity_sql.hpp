// What pg_stat_activity shows of another session, as far as it may be shown.
#pragma once

#include <string>

namespace schemagate::postgres {

/// Columns of the row `a` of pg_stat_activity: role, application, age since `since` ("00:01:23"), and the
/// head of its query; literals may be secrets, so they are masked. Never null. A process of the server's own
/// has no role, and what it is for in the place of an application.
[[nodiscard]] inline std::string activity_columns(std::string const& a, std::string const& since)
{
    // Only pg_read_all_stats may see a backend_type. Of those without a role an autovacuum worker alone locks
    // tables.
    return "coalesce(" + a + ".usename, ''), CASE WHEN " + a + ".pid IS NOT NULL AND " + a +
           ".usesysid IS NULL THEN coalesce(" + a + ".backend_type, 'autovacuum worker') ELSE coalesce(" + a +
           ".application_name, '') END, coalesce(pg_catalog.date_trunc('second', "
           "pg_catalog.clock_timestamp() "
           "- " +
           a + "." + since + ")::pg_catalog.text, ''), coalesce(pg_catalog.regexp_replace(pg_catalog.left(" +
           a + ".query, 200), '''[^'']*(''|$)', '''…''', 'g'), '')";
}

} // namespace schemagate::postgres
