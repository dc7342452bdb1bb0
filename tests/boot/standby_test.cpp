// A real streaming standby: what the modes do there, and what MIGRATION_DATABASE_URL does beside it.
#include "catch.hpp"
#include "programs.hpp"
#include "standby_server.hpp"

using namespace programs;
using support::holds;

namespace {

// One primary for the binary; each test has a database, and a standby copied with it.
support::private_server& primary()
{
    static support::private_server server{support::primary_options()};
    return server;
}

struct replicated
{
    std::unique_ptr<support::test_database> database = primary().create_database();
    support::standby_server standby{primary()};

    [[nodiscard]] support::environment on_standby(std::string const& mode) const
    {
        return {{"DATABASE_URL", standby.url(database->name())}, {"SCHEMAGATE_MODE", mode}};
    }
    void migrate_primary() const
    {
        REQUIRE(prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}}).code == 0);
    }
};

bool says(service& backend, std::string const& text)
{
    return backend.process().wait_for_output(text);
}

} // namespace

TEST_CASE_METHOD(replicated,
                 "SCHEMAGATE_MODE=apply: on a standby becomes wait, and opens when replication brings it",
                 "[standby]")
{
    service backend{on_standby("apply")};
    REQUIRE(says(backend, "the server is a standby (in recovery)"));
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
    CHECK(backend.get("/readyz").status == 503);
    CHECK(backend.get("/livez").status == 200);
    migrate_primary();
    REQUIRE(backend.is_ready());
    CHECK_THAT(backend.get("/readyz").body, holds("\"admission\":\"current_elsewhere\""));
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(replicated, "SCHEMAGATE_MODE=apply: on a standby becomes apply again on promotion",
                 "[standby]")
{
    service backend{on_standby("apply")};
    REQUIRE(says(backend, "the server is a standby (in recovery)"));
    standby.promote();
    REQUIRE(backend.is_ready());
    CHECK_THAT(backend.get("/readyz").body, holds("\"admission\":\"verified\""));
    CHECK(support::value(standby.admin_url(database->name()), "select count(*) from schemagate.history") ==
          std::to_string(migrations()));
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(replicated, "SCHEMAGATE_MODE=wait: on a standby ends with exit 75 when nothing comes",
                 "[standby]")
{
    auto with = on_standby("wait");
    with["SCHEMAGATE_LOCK_WAIT"] = "1s";
    auto const done = prompt_service(with);
    INFO(done.err);
    CHECK(done.code == 75);
    CHECK(done.code_name == "standby-waiting");
}

TEST_CASE_METHOD(replicated, "SCHEMAGATE_MODE=verify: on a standby refuses, then opens", "[standby]")
{
    CHECK(prompt_service(on_standby("verify")).code == 76);
    migrate_primary();
    service waiting{on_standby("wait")};
    REQUIRE(waiting.is_ready());
    service backend{on_standby("verify")};
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
    // The command says which checks a standby cannot run.
    auto const verified = prompt_service({"verify"}, {{"DATABASE_URL", standby.url(database->name())}});
    INFO(verified.out << verified.err);
    CHECK(verified.code == 0);
    CHECK_THAT(verified.out, holds("standby"));
}

TEST_CASE_METHOD(replicated, "SCHEMAGATE_MODE=skip: silent on a standby, an error and a metric on a primary",
                 "[standby]")
{
    service replica{on_standby("skip")};
    REQUIRE(replica.in_state("open"));
    service mistaken{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_MODE", "skip"}}};
    REQUIRE(says(mistaken, "the server is a primary"));
    CHECK_THAT(mistaken.process().err(), holds("[error] schemagate step=serve"));
    CHECK_THAT(mistaken.get("/metrics").body, holds("schemagate_skipped_on_primary 1"));
    CHECK_THAT(replica.get("/metrics").body, holds("schemagate_skipped_on_primary 0"));
    CHECK(replica.process().err().find("is a primary") == std::string::npos);
    CHECK(mistaken.terminate() == 0);
    CHECK(replica.terminate() == 0);
}

TEST_CASE_METHOD(
    replicated,
    "MIGRATION_DATABASE_URL: names the primary, DATABASE_URL its standby: opens once it has caught up",
    "[standby]")
{
    standby.pause_replay();
    auto with = on_standby("apply");
    with["MIGRATION_DATABASE_URL"] = database->url();
    service backend{with};
    REQUIRE(says(backend, "does not show the new schema yet"));
    CHECK(backend.get("/readyz").status == 503);
    CHECK(database->value("select count(*) from schemagate.history") == std::to_string(migrations()));
    standby.resume_replay();
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(replicated,
                 "a standby whose database asks for serializable transactions is read all the same",
                 "[standby]")
{
    migrate_primary();
    database->run("alter database " + database->name() + " set default_transaction_isolation = serializable");
    service backend{on_standby("apply")};
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
    auto const verified = prompt_service({"verify"}, {{"DATABASE_URL", standby.url(database->name())}});
    INFO(verified.out << verified.err);
    CHECK(verified.code == 0);
}
