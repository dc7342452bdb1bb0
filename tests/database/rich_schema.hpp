// tests/scenarios/rich_schema: every kind of object that a migration may leave behind, as far as this server
// knows it.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine.hpp"

namespace rich_schema {

inline std::string path(std::string const& file)
{
    return std::string{SCENARIOS_FOLDER} + "/rich_schema/" + file;
}

inline std::string text(std::string const& file)
{
    std::ifstream in{path(file), std::ios::binary};
    REQUIRE(in.is_open());
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Those of its files that this server takes; the schemas far and since_15 belong to the last two.
struct supported
{
    explicit supported(support::test_database const& database)
        : foreign_tables{database.value("select exists (select from pg_available_extensions where name = "
                                        "'postgres_fdw')") == "t"},
          since_15{std::stoi(database.value("show server_version_num")) >= 150000}
    {}

    bool foreign_tables;
    bool since_15;

    [[nodiscard]] schemagate::catalog catalog() const
    {
        std::vector<support::memory_script> scripts{{"0001_schema.sql", text("schema.sql")}};
        if (foreign_tables) {
            scripts.push_back({"0002_with_postgres_fdw.sql", text("with_postgres_fdw.sql")});
        }
        if (since_15) {
            scripts.push_back({"0003_since_15.sql", text("since_15.sql")});
        }
        return support::memory_catalog(std::move(scripts));
    }
    /// Whether a line of an expectation that names this schema is to be expected here.
    [[nodiscard]] bool has(std::string const& schema) const
    {
        return (schema != "far" || foreign_tables) && (schema != "since_15" || since_15);
    }
};

} // namespace rich_schema
