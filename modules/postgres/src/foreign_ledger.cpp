#include "schemagate/postgres/foreign_ledger.hpp"

#include <algorithm>

namespace schemagate::postgres {
namespace {

enum class more_columns
{
    allowed, // a tool may have added some in a later release
    refused  // other tools have a table of this name that holds these columns too
};

struct shape
{
    std::string tool;
    std::string table;
    std::vector<std::string> columns;
    more_columns more = more_columns::allowed;
};

// As the tools' own CREATE TABLE statements have them.
std::vector<shape> const& shapes()
{
    static std::vector<shape> const all{
        {"goose", "goose_db_version", {"version_id", "is_applied"}},
        {"golang-migrate", "schema_migrations", {"version", "dirty"}, more_columns::refused},
        {"Ecto", "schema_migrations", {"version", "inserted_at"}, more_columns::refused},
        {"dbmate", "schema_migrations", {"version"}, more_columns::refused},
        {"the earlier Python runner",
         "schema_migrations",
         {"version", "description", "executed_at"},
         more_columns::refused},
        {"Flyway", "flyway_schema_history", {"installed_rank", "checksum"}},
        {"sqlx", "_sqlx_migrations", {"version", "checksum"}},
        {"refinery", "refinery_schema_history", {"version", "applied_on", "checksum"}},
        {"Alembic", "alembic_version", {"version_num"}},
        {"Prisma", "_prisma_migrations", {"migration_name", "checksum"}},
        {"Liquibase", "databasechangelog", {"id", "author", "filename", "md5sum"}},
        {"Django", "django_migrations", {"app", "name", "applied"}},
        {"TypeORM", "migrations", {"id", "timestamp", "name"}, more_columns::refused},
        {"Entity Framework", "__EFMigrationsHistory", {"MigrationId", "ProductVersion"}},
        {"Entity Framework", "__EFMigrationsHistory", {"migration_id", "product_version"}},
        {"Knex", "knex_migrations", {"name", "batch", "migration_time"}},
        {"Diesel", "__diesel_schema_migrations", {"version", "run_on"}},
        {"Drizzle", "__drizzle_migrations", {"hash", "created_at"}},
        {"node-pg-migrate", "pgmigrations", {"name", "run_on"}},
        {"Atlas", "atlas_schema_revisions", {"version", "executed_at", "hash"}},
    };
    return all;
}

bool fits(shape const& s, std::string const& table, std::vector<std::string> const& columns)
{
    return s.table == table && (s.more == more_columns::allowed || columns.size() == s.columns.size()) &&
           std::all_of(s.columns.begin(), s.columns.end(), [&](auto const& wanted) {
               return std::find(columns.begin(), columns.end(), wanted) != columns.end();
           });
}

} // namespace

std::vector<std::string> ledger_names()
{
    std::vector<std::string> names;
    for (auto const& s : shapes()) {
        if (std::find(names.begin(), names.end(), s.table) == names.end()) {
            names.push_back(s.table);
        }
    }
    return names;
}

std::string ledger_tool(std::string const& table, std::vector<std::string> const& columns,
                        bool beside_ar_internal_metadata)
{
    for (auto const& s : shapes()) {
        if (fits(s, table, columns)) {
            return s.tool == "dbmate" && beside_ar_internal_metadata ? "Rails" : s.tool;
        }
    }
    return "";
}

} // namespace schemagate::postgres
