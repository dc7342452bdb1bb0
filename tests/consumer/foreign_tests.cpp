// The tests of a backend of somebody else's: a migrated database for each, and nothing to set up.
#if __has_include(<catch2/catch_all.hpp>) // Catch2 3
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif
#include <cstdlib>
#include <schemagate/testing.hpp>

int main(int argc, char* argv[])
{
    schemagate::testing::server postgres;
    schemagate::testing::template_database schema{postgres, schemagate::embedded_catalog()};
    return Catch::Session().run(argc, argv);
}

TEST_CASE("an invoice has an amount")
{
    auto database = schemagate::testing::database();
    auto const insert = "psql -qtA -c 'insert into invoices (amount) values (7)' '" + database.url() + "'";
    CHECK(std::system(insert.c_str()) == 0);
    auto const without =
        "psql -qtA -c 'insert into invoices default values' '" + database.url() + "' 2>/dev/null";
    CHECK(std::system(without.c_str()) != 0);
}
