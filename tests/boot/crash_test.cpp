// Killed without warning, anywhere: the next boot comes up, and nothing is there twice or by half.
#include <csignal>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using namespace std::chrono_literals;

namespace {

support::finished faulty_backend(support::test_database const& database, std::string const& fault_at)
{
    support::environment variables{{"DATABASE_URL", database.url()}};
    if (!fault_at.empty()) {
        variables["FAULT_AT"] = fault_at;
    }
    return support::run_program(FAULTY_BACKEND_PROGRAM, {}, variables);
}

/// What must hold after any fault and one clean boot.
void check_whole(support::test_database const& database)
{
    CHECK(database.value("select count(*) from schemagate.history") ==
          std::to_string(programs::migrations()));
    CHECK(database.value("select count(*) from schemagate.history where verified_at is null") == "0");
    CHECK(database.value("select count(*) from prompt_templates") == "3");
    CHECK(database.value("select count(*) from pg_index where not indisvalid") == "0");
    CHECK(becomes_true(database, lock_is_free, 5s));
    CHECK(becomes_true(database, nobody_connected, 5s));
}

} // namespace

TEST_CASE("killed at any event of the boot, the next boot applies once and verifies", "[crash]")
{
    auto& server = support::private_server::shared();
    int killed = 0;
    for (int number = 1;; ++number) {
        REQUIRE(number < 100);
        auto const database = server.create_database();
        auto const first = faulty_backend(*database, std::to_string(number));
        INFO("event " << number << "\n" << first.out << first.err);
        bool const ended_by_itself = first.code == 0;
        if (!ended_by_itself) {
            ++killed;
            REQUIRE(first.code == -1);
            auto const second = faulty_backend(*database, "");
            INFO(second.out << second.err);
            REQUIRE(second.code == 0);
        }
        check_whole(*database);
        if (ended_by_itself) {
            break;
        }
    }
    CHECK(killed >= 8);
}

TEST_CASE(
    "killed between a COMMIT and verification, the next boot applies the rest and verifies before it opens",
    "[crash]")
{
    auto const database = support::private_server::shared().create_database();
    auto const first = faulty_backend(*database, "apply:done");
    INFO(first.out << first.err);
    REQUIRE(first.code == -1);
    CHECK(database->value("select count(*) > 0 from schemagate.history where verified_at is null") == "t");

    service second{{{"DATABASE_URL", database->url()}}};
    REQUIRE(second.is_ready());
    REQUIRE(second.process().wait_for_output("boot_done"));
    CHECK(second.closing().at("applied").to_number<int>() < programs::migrations_on_empty());
    CHECK(second.process().wait_for_output("step=verify outcome=done", 1s));
    CHECK(second.terminate() == 0);
    check_whole(*database);
}

TEST_CASE("killed in the middle of a script, nothing of it stays and the lock is free soon", "[crash]")
{
    auto const database = support::private_server::shared().create_database();
    script_folder const scripts{*database};
    scripts.write("0001_first.sql", "create table first (id int);\n");
    scripts.write("0002_slow.sql",
                  "create table slow (id int);\ninsert into first values (1);\nselect pg_sleep(30);\n");
    {
        auto const first = scripts.start_migrate();
        REQUIRE(becomes_true(*database, somebody_sleeps));
        first->kill(SIGKILL);
        CHECK(first->wait().signal == SIGKILL);
    }
    CHECK(becomes_true(*database, lock_is_free, 5s));
    CHECK(database->value("select to_regclass('slow') is null") == "t");
    CHECK(database->value("select string_agg(version, ' ') from schemagate.history") == "0001");

    scripts.write("0002_slow.sql", "create table slow (id int);\ninsert into first values (1);\n");
    auto const second = scripts.migrate();
    INFO(second.err);
    CHECK(second.code == 0);
    CHECK(database->value("select count(*) from first") == "1");
    CHECK(database->value("select string_agg(version, ' ' order by id) from schemagate.history") ==
          "0001 0002");
}

TEST_CASE("a server that crashes under a migration is waited for, and the script runs once", "[crash]")
{
    support::private_server server;
    auto const database = server.create_database();
    script_folder const scripts{*database};
    scripts.write("0001_slow.sql",
                  "create table slow (id int);\ninsert into slow values (1);\nselect pg_sleep(2);\n");
    auto const migrating = scripts.start_migrate({{"SCHEMAGATE_CONNECT_WAIT", "30s"}});
    REQUIRE(becomes_true(*database, somebody_sleeps));
    server.kill();
    server.start();
    auto const status = migrating->wait();
    INFO(migrating->out() << migrating->err());
    REQUIRE(status.ended);
    // Lost before COMMIT: it may go on by itself, or ask to be started again; it may not be half done.
    CHECK((status.code == 0 || status.code == 69 || status.code == 75));
    CHECK(scripts.migrate().code == 0);
    CHECK(database->value("select count(*) from slow") == "1");
    CHECK(database->value("select count(*) from schemagate.history") == "1");
}
