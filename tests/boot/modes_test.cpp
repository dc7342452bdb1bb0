// SCHEMAGATE_MODE.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;

namespace {

std::string report_of(service& backend)
{
    return backend.is_ready() ? backend.get("/readyz").body : "not ready";
}

} // namespace

TEST_CASE("SCHEMAGATE_MODE=apply: brings the schema up to date, then opens", "[modes]")
{
    auto const database = support::private_server::shared().create_database();
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "apply"}}};
    CHECK_THAT(report_of(backend),
               support::holds("\"mode\":\"apply\"") && support::holds("\"admission\":\"verified\""));
    CHECK(database->value("select count(verified_at) from schemagate.history") ==
          std::to_string(migrations()));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_MODE: apply by default, and the flag goes before the variable", "[modes]")
{
    auto const database = support::private_server::shared().create_database();
    // A flag that asks not to write is heeded over a variable that asks to.
    auto const refused = prompt_service({"--mode", "verify"},
                                        {{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "apply"}});
    CHECK(refused.code == 76);
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
    service backend{{{"DATABASE_URL", database->url()}}};
    CHECK_THAT(report_of(backend), support::holds("\"mode\":\"apply\""));
    CHECK(backend.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_MODE=skip: opens at once, unchecked, and says so", "[modes]")
{
    auto const database = support::private_server::shared().create_database();
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "skip"}}};
    REQUIRE(backend.in_state("open"));
    CHECK(backend.get("/readyz").status == 503); // open, but there is nothing that could be served
    CHECK_THAT(backend.get("/readyz").body, support::holds("\"admission\":\"unchecked\""));
    REQUIRE(backend.process().wait_for_output("boot_done"));
    CHECK(text(backend.closing(), "admission") == "unchecked");
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
    CHECK(backend.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_MODE=verify: refuses an empty database and opens on a current one, without writing",
          "[modes]")
{
    auto const database = support::private_server::shared().create_database();
    support::environment const verifying{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "verify"}};
    auto const refused = prompt_service(verifying);
    INFO(refused.err);
    CHECK(refused.code == 76);
    CHECK(refused.code_name == "not-current");
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");

    auto const current = migrated_database();
    service backend{{{"DATABASE_URL", current->url()}, {"SCHEMAGATE_MODE", "verify"}}};
    REQUIRE(backend.is_ready());
    REQUIRE(backend.process().wait_for_output("boot_done"));
    CHECK(text(backend.closing(), "admission") == "verified");
    CHECK(text(backend.closing(), "mode") == "verify");
    CHECK(backend.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_MODE=wait: opens once another process has brought the schema up to date", "[modes]")
{
    auto const database = support::private_server::shared().create_database();
    service waiting{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "wait"}}};
    REQUIRE(waiting.process().wait_for_output("outcome=waiting"));
    CHECK(waiting.get("/readyz").status == 503);
    REQUIRE(prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}}).code == 0);
    REQUIRE(waiting.is_ready());
    CHECK_THAT(waiting.get("/readyz").body, support::holds("\"admission\":\"current_elsewhere\""));
    CHECK(waiting.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_MODE=wait: ends with exit 75 when nobody migrates", "[modes]")
{
    auto const database = support::private_server::shared().create_database();
    auto const done = prompt_service(
        {{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "wait"}, {"SCHEMAGATE_LOCK_WAIT", "1s"}});
    INFO(done.err);
    CHECK(done.code == 75);
    CHECK_THAT(done.message, support::holds("SCHEMAGATE_LOCK_WAIT"));
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
}
