// A backend of somebody else's, built from its own project: what it gets from the modules is enough.
#include <csignal>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;

TEST_CASE("a foreign backend migrates once and says what it applied", "[consumer]")
{
    auto const database = support::private_server::shared().create_database();
    support::environment const variables{{"DATABASE_URL", database->url()}};
    auto const first = support::run_program(FOREIGN_BACKEND_PROGRAM, {"--once"}, variables);
    INFO(first.out << first.err);
    CHECK(first.code == 0);
    CHECK(first.out == "applied 0001_create_invoices\napplied 0002_index_invoices_by_amount\n");
    auto const second = support::run_program(FOREIGN_BACKEND_PROGRAM, {"--once"}, variables);
    CHECK(second.code == 0);
    CHECK(second.out.empty());
    CHECK(database->value("select count(*) from schemagate.history where application = 'foreign-backend'") ==
          "2");
}

TEST_CASE("a foreign backend opens its port when the schema is there, and not before", "[consumer]")
{
    auto const database = support::private_server::shared().create_database();
    support::child_process backend{FOREIGN_BACKEND_PROGRAM, {}, {{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.wait_for_output("listening on port"));
    CHECK(database->value("select count(*) from schemagate.history where verified_at is not null") != "0");
    CHECK(text(closing_line(backend.err()), "event") == "boot_done");

    auto const refused = support::run_program(FOREIGN_BACKEND_PROGRAM, {}, {{"DATABASE_URL", "not a url"}});
    INFO(refused.err);
    CHECK(refused.code == 78);
    CHECK(refused.out.empty());
}

TEST_CASE("a foreign project's own tests get a migrated database each", "[consumer]")
{
    auto const done =
        support::run_program(FOREIGN_TESTS_PROGRAM, {},
                             {{"TEST_DATABASE_URL", support::private_server::shared().url("postgres")}});
    INFO(done.out << done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.out, support::holds("All tests passed (2 assertions"));
}
