// What the settings that no other test is about do to a real boot.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

// A role that may change the schema and one that may not; both only for this database.
struct two_roles
{
    support::private_server& server = support::private_server::shared();
    std::unique_ptr<support::test_database> database = server.create_database();
    std::string runtime = "runtime_" + database->name();

    two_roles() { database->run("create role " + runtime + " login password 'Runtime-Pass-1'"); }
    ~two_roles() { database->run("drop owned by " + runtime + "; drop role " + runtime); }
    two_roles(two_roles const&) = delete;
    two_roles& operator=(two_roles const&) = delete;

    [[nodiscard]] std::string as_runtime(std::string const& dbname) const
    {
        return server.url(dbname, runtime, "Runtime-Pass-1");
    }
    // The runtime role may not read the service's tables: the gate opens, and there is nothing to serve
    // (roles.sql, and its test, give it what it needs).
    [[nodiscard]] support::environment both() const
    {
        return {{"DATABASE_URL", as_runtime(database->name())}, {"MIGRATION_DATABASE_URL", database->url()}};
    }
};

struct one_database
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
};

} // namespace

TEST_CASE_METHOD(two_roles, "MIGRATION_DATABASE_URL: one role migrates, the other may read the history",
                 "[settings]")
{
    // Without the second URL the runtime role may do neither.
    CHECK(prompt_service({{"DATABASE_URL", as_runtime(database->name())}}).code == 77);

    service backend{both()};
    REQUIRE(backend.in_state("open"));
    CHECK(database->value("select has_table_privilege('" + runtime +
                          "', 'schemagate.history', 'select') and not "
                          "has_table_privilege('" +
                          runtime + "', 'schemagate.history', 'insert, update, delete')") == "t");
    CHECK(database->value("select string_agg(distinct applied_by, ' ') from schemagate.history") ==
          support::private_server::owner);
    CHECK(backend.terminate() == 0);
    // From now on the runtime role alone is enough: nothing is to be done.
    service later{{{"DATABASE_URL", as_runtime(database->name())}}};
    CHECK(later.in_state("open"));
    CHECK(later.terminate() == 0);
}

TEST_CASE_METHOD(two_roles,
                 "MIGRATION_DATABASE_URL: a runtime role that could not read the history yet is let in",
                 "[settings]")
{
    REQUIRE(prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}}).code == 0);
    service backend{both()};
    REQUIRE(backend.in_state("open"));
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(two_roles,
                 "MIGRATION_DATABASE_URL: another database or cluster, or a mode that never migrates, is 78",
                 "[settings]")
{
    auto const other = server.create_database();
    auto with = both();
    with["MIGRATION_DATABASE_URL"] = other->url();
    auto const elsewhere = prompt_service(with);
    CHECK(elsewhere.code == 78);
    CHECK_THAT(elsewhere.message, holds(other->name()));

    support::private_server second_cluster;
    auto const twin = std::make_unique<support::test_database>(second_cluster, database->name());
    with["MIGRATION_DATABASE_URL"] = twin->url();
    auto const cluster = prompt_service(with);
    INFO(cluster.err);
    CHECK(cluster.code == 78);
    CHECK_THAT(cluster.message, holds("different clusters"));

    for (auto const* mode : {"wait", "verify", "skip"}) {
        with["SCHEMAGATE_MODE"] = mode;
        auto const refused = prompt_service(with);
        CHECK(refused.code == 78);
        CHECK_THAT(refused.message, holds("MIGRATION_DATABASE_URL") && holds(mode));
    }
}

TEST_CASE_METHOD(two_roles, "MIGRATION_DATABASE_URL: its wrong password is 78 at once", "[settings]")
{
    auto with = both();
    with["MIGRATION_DATABASE_URL"] =
        server.url(database->name(), support::private_server::owner, "Wrong-Pass-2");
    auto const done = prompt_service(with);
    INFO(done.err);
    CHECK(done.code == 78);
    CHECK(done.code_name == "authentication-failed");
    CHECK(done.err.find("Wrong-Pass-2") == std::string::npos);
}

TEST_CASE_METHOD(two_roles,
                 "SCHEMAGATE_ON_REFUSAL: hold stays, answers the probes, and opens once the cause is mended",
                 "[settings]")
{
    service backend{{{"DATABASE_URL", as_runtime(database->name())}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.in_state("refused"));
    CHECK(backend.get("/livez").status == 200);
    auto const ready = backend.get("/readyz");
    CHECK(ready.status == 503);
    CHECK_THAT(ready.body, holds("\"code\":\"permission-denied\""));
    REQUIRE(backend.process().wait_for_output("boot_failed"));
    database->run("grant create on database " + database->name() + " to " + runtime +
                  "; grant create on schema public to " + runtime);
    REQUIRE(backend.is_ready());
    CHECK_THAT(backend.get("/readyz").body, holds("\"code\":null"));
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(two_roles,
                 "SCHEMAGATE_ON_REFUSAL: hold reads a secret in a file anew, also one that is gone",
                 "[settings]")
{
    support::temporary_folder const secrets{"url"};
    auto const file = secrets.write("url", server.url(database->name(), "backend", "Outdated-Pass-1"));
    service backend{{{"DATABASE_URL_FILE", file.string()}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.process().wait_for_output("authentication-failed"));
    secrets.remove("url");
    REQUIRE(backend.process().wait_for_output("file-unreadable"));
    CHECK(backend.get("/livez").status == 200);
    CHECK_THAT(backend.get("/readyz").body, holds("\"state\":\"refused\""));
    static_cast<void>(secrets.write("url", database->url()));
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(one_database, "SCHEMAGATE_ON_REFUSAL: hold takes a secret's file that is not there yet",
                 "[settings]")
{
    support::temporary_folder const secrets{"url"};
    auto const variable = GENERATE(as<std::string>{}, "DATABASE_URL", "MIGRATION_DATABASE_URL");
    service backend{{{"DATABASE_URL", variable == "DATABASE_URL" ? "" : database->url()},
                     {variable + "_FILE", (secrets.path() / "url").string()},
                     {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.process().wait_for_output("file-unreadable"));
    REQUIRE(backend.in_state("refused"));
    CHECK(backend.get("/livez").status == 200);
    auto const ready = backend.get("/readyz");
    CHECK(ready.status == 503);
    CHECK_THAT(ready.body, holds("\"state\":\"refused\"") && holds("\"code\":\"file-unreadable\""));
    static_cast<void>(secrets.write("url", database->url()));
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
}

TEST_CASE_METHOD(two_roles, "SCHEMAGATE_ON_REFUSAL: hold ends with 75 within 5 s of a SIGTERM", "[settings]")
{
    service backend{{{"DATABASE_URL", as_runtime(database->name())}, {"SCHEMAGATE_ON_REFUSAL", "hold"}}};
    REQUIRE(backend.in_state("refused"));
    CHECK(backend.terminate() == 75);
}

TEST_CASE_METHOD(two_roles, "SCHEMAGATE_ON_REFUSAL: exit, the default, ends the process", "[settings]")
{
    support::environment with{{"DATABASE_URL", as_runtime(database->name())}};
    if (GENERATE(false, true)) {
        with["SCHEMAGATE_ON_REFUSAL"] = "exit";
    }
    service backend{with};
    CHECK(backend.process().wait().code == 77);
    CHECK(text(backend.closing(), "code") == "permission-denied");
    CHECK(backend.get("/livez").status == 0);
}

TEST_CASE_METHOD(one_database, "SCHEMAGATE_GATE_TOKEN: without one nobody is told who is waited for",
                 "[settings]")
{
    auto const lock = hold_boot_lock(*database);
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.process().wait_for_output("a stranger")); // in the log it stands
    for (auto const* authorization : {"", "Bearer ", "Bearer gate-token-0123456789"}) {
        for (int i = 0; i < 20; ++i) {
            auto const told =
                support::http_get(backend.port(), "/v1/gate", std::chrono::seconds{5}, authorization);
            CHECK(told.status == 200);
            CHECK(told.body.find("stranger") == std::string::npos);
        }
    }
    CHECK(backend.terminate() == 75);
}

TEST_CASE_METHOD(one_database, "SCHEMAGATE_GATE_TOKEN: who is waited for is told to its bearer only",
                 "[settings]")
{
    std::string const token = "gate-token-0123456789";
    auto const lock = hold_boot_lock(*database);
    service backend{{{"DATABASE_URL", database->url()}, {"SCHEMAGATE_GATE_TOKEN", token}}};
    REQUIRE(backend.in_state("waiting_for_lock"));
    auto const ask = [&](std::string const& authorization) {
        std::string body;
        do { // between two looks nobody is waited for
            body = support::http_get(backend.port(), "/v1/gate", std::chrono::seconds{5}, authorization).body;
        } while (body.find("\"waiting_for\":null") != std::string::npos);
        return body;
    };
    for (auto const* other :
         {"", "Bearer gate-token-012345678", "Bearer gate-token-01234567890", "Basic x"}) {
        CHECK(ask(other).find("stranger") == std::string::npos);
    }
    auto const told = ask("Bearer " + token);
    CHECK_THAT(told, holds("\"application\":\"a stranger\""));
    CHECK_THAT(told, holds("\"pid\"") && holds("\"role\"") && holds("\"age\"") && holds("\"query\""));
    CHECK(backend.terminate() == 75);
    CHECK(backend.process().err().find(token) == std::string::npos);
}

TEST_CASE_METHOD(one_database,
                 "schemagate.hold: every new boot waits and says the reason, until it is lifted",
                 "[settings]")
{
    database->run("alter database " + database->name() + " set schemagate.hold = 'vacuum until noon'");
    auto const limited = prompt_service({{"DATABASE_URL", database->url()}, {"SCHEMAGATE_LOCK_WAIT", "0"}});
    CHECK(limited.code == 75);
    CHECK_THAT(limited.message, support::holds("vacuum until noon"));
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.process().wait_for_output("vacuum until noon"));
    CHECK(backend.get("/readyz").status == 503);
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
    auto const status = prompt_service({"status"}, {{"DATABASE_URL", database->url()}});
    CHECK_THAT(status.out + status.err, holds("vacuum until noon"));
    database->run("alter database " + database->name() + " reset schemagate.hold");
    REQUIRE(backend.is_ready());
    // With nothing pending it opens, and says the reason all the same.
    database->run("alter database " + database->name() + " set schemagate.hold = 'freeze: ask Ann'");
    service current{{{"DATABASE_URL", database->url()}}};
    REQUIRE(current.is_ready());
    CHECK_THAT(current.process().err(), holds("freeze: ask Ann"));
    CHECK(current.terminate() == 0);
    CHECK(backend.terminate() == 0);
    // A database that is current has nothing to hold: replicas come and go.
    database->run("alter database " + database->name() + " set schemagate.hold = 'again'");
    service later{{{"DATABASE_URL", database->url()}}};
    CHECK(later.is_ready());
    CHECK(later.terminate() == 0);
}

TEST_CASE_METHOD(
    one_database,
    "SCHEMAGATE_MODE=apply: where default_transaction_read_only is on it waits, until that is lifted",
    "[settings]")
{
    database->run("alter database " + database->name() + " set default_transaction_read_only = on");
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.process().wait_for_output("default_transaction_read_only is on"));
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
    static_cast<void>(
        support::query(support::private_server::shared().admin_url(),
                       "alter database " + database->name() + " reset default_transaction_read_only"));
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
}
