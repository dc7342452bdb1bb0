// SIGTERM and SIGINT at any moment: it ends, and leaves nothing behind.
#include <csignal>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using namespace std::chrono_literals;

TEST_CASE("a signal during a migration rolls it back and ends with exit 75 within 5 s", "[signals]")
{
    auto const signal = GENERATE(SIGTERM, SIGINT);
    auto const database = support::private_server::shared().create_database();
    script_folder const scripts{*database};
    scripts.write("0001_slow.sql", "create table slow (id int);\nselect pg_sleep(60);\n");
    auto const migrating = scripts.start_migrate();
    REQUIRE(becomes_true(*database, somebody_sleeps));
    migrating->kill(signal);
    auto const status = migrating->wait(5s);
    INFO(migrating->out() << migrating->err());
    REQUIRE(status.ended);
    CHECK(status.code == 75);
    CHECK(text(closing_line(migrating->err()), "code") == "interrupted");
    CHECK(becomes_true(*database, nobody_connected, 5s));
    CHECK(database->value("select to_regclass('slow') is null") == "t");
    CHECK(database->value("select count(*) from schemagate.history") == "0");
}

TEST_CASE("SIGTERM while waiting for the lock ends with exit 75 at once", "[signals]")
{
    auto const database = support::private_server::shared().create_database();
    auto const lock = hold_boot_lock(*database);
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.in_state("waiting_for_lock"));
    CHECK(backend.terminate(2s) == 75);
    INFO(backend.process().out() << backend.process().err());
    CHECK(text(backend.closing(), "code") == "interrupted");
}

TEST_CASE("SIGTERM while connecting ends with exit 75 at once", "[signals]")
{
    service backend{
        {{"DATABASE_URL", "postgresql://u:p@127.0.0.1:" + std::to_string(support::free_port()) + "/d"}}};
    REQUIRE(backend.process().wait_for_output("outcome=retrying"));
    CHECK(backend.terminate(2s) == 75);
}

TEST_CASE("SIGTERM while the migration waits for a table lock ends with exit 75", "[signals]")
{
    auto const database = support::private_server::shared().create_database();
    auto blocker = std::make_unique<support::sql_session>(database->admin_url());
    (*blocker)(
        "begin; create table prompt_templates (id int)"); // its name is taken until this transaction ends
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.in_state("migrating"));
    REQUIRE(backend.process().wait_for_output("step=apply outcome=retrying"));
    CHECK(backend.terminate(5s) == 75);
    blocker.reset();
    CHECK(becomes_true(*database, nobody_connected, 5s));
    CHECK(database->value("select to_regclass('prompt_executions') is null") == "t");
}

TEST_CASE("SCHEMAGATE_LOCK_TIMEOUT: a table lock of live traffic is waited for in short attempts",
          "[signals]")
{
    auto const database = support::private_server::shared().create_database();
    support::sql_session blocker{database->admin_url()};
    blocker("begin; create table prompt_templates (id int)");
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.process().wait_for_output("step=apply outcome=retrying"));
    blocker("rollback");
    CHECK(backend.is_ready());
    CHECK(backend.terminate() == 0);
    CHECK(database->value("select retries > 0 from schemagate.history where version = '0001'") == "t");
}

TEST_CASE("a server that is stopped while serving does not end the process", "[signals]")
{
    support::private_server server;
    auto const database = server.create_database();
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    server.stop();
    CHECK(backend.get("/livez").status == 200);
    CHECK(backend.get("/v1/prompts/nlu_topic_extraction").status != 0);
    server.start();
    CHECK(support::wait_for(backend.port(), "/readyz", 200).status == 200);
    CHECK(support::wait_for(backend.port(), "/v1/prompts/nlu_topic_extraction", 200).status == 200);
    CHECK(backend.terminate() == 0);
}
