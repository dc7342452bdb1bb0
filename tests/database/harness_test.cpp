// The harness itself: a test that cannot fail proves nothing, so its tools are tried first.
#include <csignal>

#include <unistd.h>

#include "catch.hpp"
#include "child_process.hpp"
#include "http_get.hpp"
#include "private_server.hpp"

using namespace std::chrono_literals;

TEST_CASE("a test database takes its owner by password and ends with its scope", "[harness]")
{
    auto& server = support::private_server::shared();
    std::string name;
    {
        auto const database = server.create_database();
        name = database->name();
        CHECK(support::value(database->url(), "select current_user") == "backend");
        CHECK(database->value("select current_database()") == name);
        support::sql_session const still_connected{database->url()};
    }
    CHECK(support::query(server.admin_url(), "select 1 from pg_database where datname = '" + name + "'")
              .empty());
}

TEST_CASE("a private server can be stopped, started and killed", "[harness]")
{
    support::private_server server{{.max_connections = 7, .config = {"log_statement = all"}}};
    CHECK(support::value(server.admin_url(), "show max_connections") == "7");
    CHECK_THROWS_WITH(support::query(server.url("postgres", "backend", "wrong"), "select 1"),
                      support::holds("password authentication failed"));
    server.stop();
    CHECK_THROWS(support::query(server.admin_url(), "select 1"));
    server.start();
    server.kill();
    server.start();
    CHECK(support::value(server.url("postgres"), "select 'found in the log'") == "found in the log");
    CHECK(server.log().find("found in the log") != std::string::npos);
}

TEST_CASE("a child has exactly the environment it was given, and its end is seen", "[harness]")
{
    setenv("LEAKED_FROM_THE_TEST", "1", 1);
    auto const done = support::run_program(
        "/bin/sh", {"-c", "echo out-$GIVEN-$LEAKED_FROM_THE_TEST; echo err >&2; exit 7"}, {{"GIVEN", "yes"}});
    CHECK(done.code == 7);
    CHECK(done.out == "out-yes-\n");
    CHECK(done.err == "err\n");

    support::child_process child{"/bin/sh", {"-c", "echo ready; read forever < /dev/tty; exec sleep 60"}, {}};
    CHECK(child.wait_for_output("ready"));
    CHECK_FALSE(child.wait(10ms).ended);
    child.kill(SIGKILL);
    CHECK(child.wait().signal == SIGKILL);
}

TEST_CASE("nobody answering is status 0", "[harness]")
{
    CHECK(support::http_get(support::free_port(), "/livez").status == 0);
}
