// A test binary as a backend's author writes it; tests/testing/*_test.cpp run it. It knows the testing module
// and libpq, nothing else of ours.
#ifdef SCHEMAGATE_CATCH2_V3
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "direct_sql.hpp"
#include "schemagate/testing.hpp"

namespace {

// For the tests of the tests: what the template does on its way.
std::string from_environment(char const* name)
{
    char const* const given = std::getenv(name);
    return given == nullptr ? "" : given;
}

} // namespace

int main(int argc, char* argv[])
{
    schemagate::testing::server postgres;
    schemagate::testing::template_options options;
    options.before = from_environment("AUTHOR_BEFORE");
    options.after = "insert into invoices (customer, amount) values ('from the template', 1)";
    schemagate::testing::template_database schema{postgres, schemagate::embedded_catalog(), options};
    return Catch::Session().run(argc, argv);
}

TEST_CASE("an invoice is stored", "[good]")
{
    auto database = schemagate::testing::database();
    support::sql_session{database.url()}("insert into invoices (customer, amount) values ('a', 2)");
    CHECK(support::value(database.url(), "select count(*) >= 2 from invoices") == "t");
}

TEST_CASE("an invoice of another test is not here", "[good][isolated]")
{
    auto database = schemagate::testing::database();
    CHECK(support::value(database.url(), "select string_agg(customer, ' ') from invoices") ==
          "from the template");
}

TEST_CASE("needs no database", "[none]")
{
    CHECK(true);
}

TEST_CASE("fails by CHECK", "[.][fails]")
{
    auto database = schemagate::testing::database();
    CHECK(support::value(database.url(), "select count(*) from invoices") == "17");
}

TEST_CASE("fails by an exception", "[.][throws]")
{
    auto database = schemagate::testing::database();
    throw std::runtime_error{"as a driver would"};
}

TEST_CASE("fails in one of its sections", "[.][sections]")
{
    auto database = schemagate::testing::database();
    SECTION("bad")
    {
        support::sql_session{database.url()}("insert into invoices (customer, amount) values ('bad', 3)");
        CHECK(false);
    }
    SECTION("good")
    {
        CHECK(support::value(database.url(), "select count(*) from invoices") == "1");
    }
}

TEST_CASE("is killed in its middle", "[.][killed]")
{
    auto database = schemagate::testing::database();
    support::sql_session{database.url()}("select 1");
    std::raise(SIGKILL);
}

TEST_CASE("starts its server from a thread that ends", "[.][thread]")
{
    std::string first;
    std::thread{[&] {
        auto database = schemagate::testing::database();
        first = database.name();
    }}.join();
    auto database = schemagate::testing::database();
    CHECK(database.name() != first);
    CHECK(support::value(database.url(), "select count(*) from invoices") == "1");
}
