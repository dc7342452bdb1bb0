// Templates and copies as a library.
#include <stdexcept>
#include <thread>

#include "catch.hpp"
#include "memory_catalog.hpp"
#include "private_server.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/testing.hpp"

using support::memory_catalog;
using support::value;

namespace {

struct templates
{
    schemagate::testing::server& server = support::private_server::shared().of_templates();

    [[nodiscard]] std::string oid_of(std::string const& name)
    {
        return value(server.url("postgres"), "select oid from pg_database where datname = '" + name + "'");
    }
};

} // namespace

TEST_CASE_METHOD(templates, "a template is named by its scripts, and made once", "[testing]")
{
    auto const shipped = memory_catalog({{"0001_a.sql", "create table a (n int);"}});
    schemagate::testing::template_database first{server, shipped};
    auto const made = oid_of(first.name());
    {
        schemagate::testing::template_database again{server, shipped};
        CHECK(again.name() == first.name());
        CHECK(oid_of(again.name()) == made);
    }
    schemagate::testing::template_database changed{
        server, memory_catalog({{"0001_a.sql", "create table a (n bigint);"}})};
    CHECK(changed.name() != first.name());

    schemagate::testing::database copy{first};
    CHECK(value(copy.url(), "select string_agg(version, ' ') from schemagate.history") == "0001");
    CHECK(value(copy.url(), "select current_user") == "backend");
}

TEST_CASE_METHOD(templates, "what a twin or an option changes is another template", "[testing]")
{
    schemagate::testing::template_database plain{server,
                                                 memory_catalog({{"0001_a.sql", "create table a ();"}})};
    schemagate::testing::template_database checked{
        server, memory_catalog({{"0001_a.sql", "create table a ();", "select 1 from a;"}})};
    schemagate::testing::template_database seeded{server,
                                                  memory_catalog({{"0001_a.sql", "create table a ();"}}),
                                                  {.after = "insert into a default values"}};
    CHECK(plain.name() != checked.name());
    CHECK(plain.name() != seeded.name());
    CHECK(value(schemagate::testing::database{seeded}.url(), "select count(*) from a") == "1");
    CHECK(value(schemagate::testing::database{plain}.url(), "select count(*) from a") == "0");
}

TEST_CASE_METHOD(templates, "a failed migration is the boot's own failure, and leaves no template",
                 "[testing]")
{
    schemagate::testing::template_database broken{
        server, memory_catalog({{"0001_broken.sql", "create table b (n int);\nselect 1/0;"}}, "broken")};
    for (int i = 0; i < 2; ++i) {
        try {
            schemagate::testing::database const none{broken};
            FAIL("a database of a broken script");
        }
        catch (schemagate::failure const& f) {
            CHECK(f.code() == schemagate::errc::script_failed);
            CHECK(f.script() == "0001_broken");
        }
    }
    CHECK(value(server.url("postgres"), "select count(*) from pg_database where datname ~ "
                                        "'^schemagate_template_' and not datistemplate") == "0");
}

TEST_CASE_METHOD(templates, "database() copies the template that was made last", "[testing]")
{
    CHECK_THROWS_AS(schemagate::testing::database{}, std::logic_error);
    schemagate::testing::template_database outer{server,
                                                 memory_catalog({{"0001_a.sql", "create table o ();"}})};
    {
        schemagate::testing::template_database inner{server,
                                                     memory_catalog({{"0001_a.sql", "create table i ();"}})};
        auto database = schemagate::testing::database();
        CHECK(value(database.url(), "select to_regclass('i') is not null") == "t");
    }
    auto database = schemagate::testing::database();
    CHECK(value(database.url(), "select to_regclass('o') is not null") == "t");
}

TEST_CASE_METHOD(templates, "copies of several threads are made at once", "[testing]")
{
    schemagate::testing::template_database schema{server,
                                                  memory_catalog({{"0001_a.sql", "create table a ();"}})};
    std::vector<std::string> counts(6);
    std::vector<std::thread> threads;
    for (auto& count : counts) {
        threads.emplace_back([&count] {
            auto database = schemagate::testing::database();
            support::sql_session{database.url()}("insert into a default values");
            count = value(database.url(), "select count(*) from a");
        });
    }
    for (auto& each : threads) {
        each.join();
    }
    CHECK(counts == std::vector<std::string>(6, "1"));
}

TEST_CASE_METHOD(templates, "a database is dropped although somebody is connected to it", "[testing]")
{
    std::string name;
    {
        auto const empty = schemagate::testing::database::empty(server);
        name = empty.name();
        support::sql_session const still_connected{empty.url()};
        CHECK(value(empty.url(),
                    "select count(*) from pg_class where relnamespace = 'public'::regnamespace") == "0");
    }
    CHECK(support::query(server.url("postgres"), "select 1 from pg_database where datname = '" + name + "'")
              .empty());
}

TEST_CASE("a server that was restarted is used again", "[testing]")
{
    schemagate::testing::server server{{.postgres = {.config = {"log_statement = all"}}}};
    REQUIRE(server.origin() == schemagate::testing::server_origin::private_postgres);
    schemagate::testing::template_database schema{server,
                                                  memory_catalog({{"0001_a.sql", "create table a ();"}})};
    auto const before = schemagate::testing::database{schema}.name();
    server.own()->stop();
    server.own()->start();
    CHECK(schemagate::testing::database{schema}.name() != before);
}
