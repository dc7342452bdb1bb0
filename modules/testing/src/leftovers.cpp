#include "leftovers.hpp"

#include <chrono>
#include <ctime>
#include <vector>

#include "schemagate/postgres/sql_error.hpp"

namespace schemagate::testing {
namespace {

// "sgtT": the first of the two integers of our advisory locks (PostgreSQL documentation, "9.27.10 Advisory
// Lock Functions").
constexpr auto lock_class = "1936159828";

constexpr auto mark = "schemagate test";

// True for what bears our mark, where the process whose eight digits stand in `name` holds no lock, and for
// what was kept long enough. A name alone is nobody's permission to drop.
std::string abandoned(std::string const& name, std::string const& comment)
{
    return "(" + comment + " = '" + mark + "' or " + comment +
           " like 'kept %') and not exists (select from pg_catalog.pg_locks l where l.locktype = 'advisory' "
           "and l.objsubid = 2"
           " and l.classid::bigint = " +
           std::string{lock_class} + " and l.objid::bigint = ('x' || pg_catalog.lpad(pg_catalog.substr(" +
           name + ", 17, 8), 16, '0'))::bit(64)::bigint) and coalesce(pg_catalog.substring(" + comment +
           ", '^kept ([0-9TZ:-]+)')::timestamptz < pg_catalog.now() - interval '7 days', true)";
}

std::vector<std::string> names(admin_session& on, std::string const& sql)
{
    std::vector<std::string> found;
    for (auto const& row : on(sql)) {
        found.push_back(row.at(0).value_or(""));
    }
    return found;
}

void try_to(admin_session& on, std::string const& sql)
{
    try {
        on(sql);
    }
    catch (postgres::sql_error const&) {
        // Another role's, in use, or gone meanwhile.
    }
}

std::string now()
{
    auto const seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char stamp[32] = {};
    std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return stamp;
}

} // namespace

void mark_alive(admin_session& on, std::string const& run_id)
{
    on("select pg_catalog.pg_advisory_lock(" + std::string{lock_class} + ", ('x' || " + on.literal(run_id) +
       ")::bit(32)::integer)");
}

void drop_leftovers(admin_session& on)
{
    auto const databases =
        names(on, "select d.datname from pg_catalog.pg_database d"
                  " where d.datname ~ '^schemagate_test_[0-9a-f]{8}_[0-9]+$' and " +
                      abandoned("d.datname", "pg_catalog.shobj_description(d.oid, 'pg_database')"));
    for (auto const& name : databases) {
        try_to(on, "drop database if exists " + on.identifier(name) + " with (force)");
    }
    auto const schemas =
        names(on, "select n.nspname from pg_catalog.pg_namespace n"
                  " where n.nspname ~ '^schemagate_test_[0-9a-f]{8}(_history)?$' and " +
                      abandoned("n.nspname", "pg_catalog.obj_description(n.oid, 'pg_namespace')"));
    for (auto const& name : schemas) {
        try_to(on, "drop schema if exists " + on.identifier(name) + " cascade");
    }
    auto const templates =
        names(on, "select d.datname from pg_catalog.pg_database d"
                  " where d.datname ~ '^schemagate_template_[0-9a-f]{16}$' and d.datistemplate"
                  " and pg_catalog.substring(pg_catalog.shobj_description(d.oid, 'pg_database'),"
                  " '^made ([0-9TZ:-]+)')::timestamptz < pg_catalog.now() - interval '7 days'");
    for (auto const& name : templates) {
        try_to(on, "alter database " + on.identifier(name) + " with is_template false");
        try_to(on, "drop database if exists " + on.identifier(name));
    }
}

void mark_ours(admin_session& on, std::string const& database_or_schema, std::string const& name)
{
    on("comment on " + database_or_schema + " " + on.identifier(name) + " is '" + mark + "'");
}

void mark_kept(admin_session& on, std::string const& database_or_schema, std::string const& name,
               std::string const& test)
{
    on("comment on " + database_or_schema + " " + on.identifier(name) + " is " +
       on.literal("kept " + now() + " for the test " + test));
}

std::string made_comment(admin_session const& on, std::string const& catalog)
{
    return on.literal("made " + now() + " of the catalog " + catalog);
}

} // namespace schemagate::testing
