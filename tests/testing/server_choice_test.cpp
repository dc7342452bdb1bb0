// Which server the tests get, and what a role without CREATEDB gets.
#include "author_binary.hpp"
#include "catch.hpp"
#include "private_server.hpp"
#include "schemagate/testing/private_postgres.hpp"

using support::holds;

namespace {

support::finished isolated(support::environment const& with)
{
    return author_tests("[isolated]", with);
}

// A machine without a PostgreSQL of its own.
support::environment without_postgres(std::string const& database_url)
{
    return {{"PG_BINDIR", "/nowhere"}, {"DATABASE_URL", database_url}};
}

} // namespace

TEST_CASE("DATABASE_URL is not touched where a private PostgreSQL can be had", "[testing]")
{
    auto const done = isolated({{"PG_BINDIR", schemagate::testing::postgres_bindir()},
                                {"DATABASE_URL", "postgresql://u:p@127.0.0.1:1/production"}});
    INFO(done.out << done.err);
    CHECK(done.code == 0);
}

TEST_CASE("DATABASE_URL of this machine is used where nothing else is there, and that is said", "[testing]")
{
    auto const done = isolated(without_postgres(support::private_server::shared().url("postgres")));
    INFO(done.out << done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds("tests use DATABASE_URL (postgresql://backend:***@127.0.0.1"));
    CHECK(done.err.find(support::private_server::password) == std::string::npos);
}

TEST_CASE("DATABASE_URL of another machine is never used", "[testing]")
{
    // None of them can be reached, should the code under test be wrong.
    for (auto const* url :
         {"postgresql://u:Far-Pass-1@db.invalid:5432/d", "postgresql://u:Far-Pass-1@255.255.255.255/d",
          "postgresql://u:Far-Pass-1@127.0.0.1,255.255.255.255/d",
          "postgresql://u:Far-Pass-1@localhost/d?hostaddr=255.255.255.255",
          "postgresql://u:Far-Pass-1@/d?host=/cloudsql/p:r:i"}) {
        auto const done = isolated(without_postgres(url));
        INFO(url << "\n" << done.out << done.err);
        CHECK(done.code != 0);
        CHECK_THAT(unwrapped(done.out), holds("DATABASE_URL"));
        CHECK((done.out + done.err).find("Far-Pass-1") == std::string::npos);
        if (std::string_view{url}.find("/cloudsql") == std::string_view::npos) { // refused before, as a URL
            CHECK_THAT(unwrapped(done.out), holds("leads to another machine") && holds("TEST_DATABASE_URL"));
        }
    }
    auto with = without_postgres("postgresql://u:Far-Pass-1@localhost/d");
    with["PGHOSTADDR"] = "255.255.255.255";
    CHECK_THAT(unwrapped(isolated(with).out), holds("leads to another machine"));
}

TEST_CASE("without any server the error names the ways to one", "[testing]")
{
    auto const done = isolated({{"PG_BINDIR", "/nowhere"}});
    CHECK(done.code != 0);
    CHECK_THAT(unwrapped(done.out), holds("TEST_DATABASE_URL") && holds("apt-get install postgresql"));
}

TEST_CASE("a role that may create nothing is told what it needs", "[testing]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    auto const role = "powerless_" + database->name();
    database->run("create role " + role + " login password 'Plain-Pass-2'");
    auto const done = author_tests(
        "[isolated]", {{"TEST_DATABASE_URL", server.url(database->name(), role, "Plain-Pass-2")}});
    CHECK(done.code != 0);
    CHECK_THAT(unwrapped(done.out), holds("permission denied") && holds("CREATEDB"));
    database->run("drop role " + role);
}

TEST_CASE("a role without CREATEDB gets one schema per process, and a line that says so", "[testing]")
{
    auto& server = support::private_server::shared();
    auto const database = server.create_database();
    auto const role = "plain_" + database->name();
    database->run("create role " + role + " login password 'Plain-Pass-1'; grant create on database " +
                  database->name() + " to " + role);
    auto const url = server.url(database->name(), role, "Plain-Pass-1");
    auto const schemas = "select count(*) from pg_namespace where nspname ~ '^schemagate_test_'";

    auto const run = [&](char const* selection) {
        return author_tests(selection, {{"TEST_DATABASE_URL", url}});
    };
    auto const done = run("[isolated]");
    INFO(done.out << done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds("share the schema") && holds("ALTER ROLE " + role + " CREATEDB"));
    CHECK(database->value(schemas) == "0");

    CHECK(run("[killed]").code == -1);
    CHECK(database->value(schemas) == "2");
    CHECK(run("[isolated]").code == 0);
    CHECK(database->value(schemas) == "0");

    auto const failed = run("[fails]");
    CHECK_THAT(failed.err, holds("is kept") && holds("search_path"));
    CHECK(database->value(schemas) == "2");
    // Neither of the two is taken by the next run.
    CHECK(run("[isolated]").code == 0);
    CHECK(database->value(schemas) == "2");
    database->run("drop owned by " + role + " cascade; drop role " + role);
}
