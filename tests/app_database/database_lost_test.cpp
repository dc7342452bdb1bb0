// The server that goes away and comes back, and who is told.
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

#include "cut_line.hpp"
#include "database/database_health.hpp"
#include "database/database_watch.hpp"
#include "database_fixture.hpp"

using namespace database_tests;

namespace {

// A server of its own, since it is stopped.
struct served
{
    explicit served(app::database_options options = {}) : pool{target, options, &health}
    {
        health.on_change([this](bool lost) { ++(lost ? losses : returns); });
    }

    support::private_server server{{.config = {"synchronous_commit = on"}}};
    std::unique_ptr<support::test_database> database = server.create_database();
    std::ostringstream words;
    std::shared_ptr<spdlog::logger> log =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(words));
    app::database_health health{log};
    app::database_target target{settings_for(database->url())};
    app::database pool;
    int losses = 0;
    int returns = 0;

    void ask()
    {
        pool.read([](database_connection& c) { c.ask("select 1"); });
    }
};

} // namespace

TEST_CASE("a server that is stopped is lost, told once, and back when it answers", "[lost]")
{
    served t;
    t.ask();
    t.server.stop();
    CHECK(error_of([&] { t.ask(); }).reason() == kind::lost);
    CHECK(t.health.is_lost());
    CHECK(error_of([&] { t.ask(); }).reason() == kind::lost);
    CHECK(error_of([&] { t.pool.transaction([](database_connection&) {}); }).reason() == kind::lost);
    CHECK(t.losses == 1);
    CHECK_THROWS_AS(t.pool.is_standby(), database_error);
    t.server.start();
    CHECK(error_of([&] { t.ask(); }).reason() == kind::lost); // nobody has found out yet
    CHECK_FALSE(t.pool.is_standby());
    CHECK(t.returns == 1);
    t.ask();
    CHECK(t.words.str().find(support::private_server::password) == std::string::npos);
}

TEST_CASE("a server that crashes in the middle of a transaction is lost, and nothing is half done", "[lost]")
{
    served t;
    t.database->run("create table thing (n int); grant all on thing to public");
    auto const e = error_of([&] {
        t.pool.transaction([&](database_connection& c) {
            c.ask("insert into thing values (1)");
            t.server.kill();
            c.ask("insert into thing values (2)");
        });
    });
    CHECK(e.reason() == kind::lost);
    t.server.start();
    CHECK(t.database->value("select count(*) from thing") == "0");
}

TEST_CASE("a slow statement and a full server leave the service ready", "[lost]")
{
    served t{{.connections = 1, .statement_time = 100ms}};
    CHECK(error_of([&] {
              t.pool.read([](database_connection& c) { c.ask("select pg_sleep(9)"); });
          }).reason() == kind::busy);
    CHECK_FALSE(t.health.is_lost());

    t.database->run("alter role backend connection limit 0");
    app::database second{t.target, {}, &t.health};
    CHECK(error_of([&] { second.read([](database_connection& c) { c.ask("select 1"); }); }).reason() ==
          kind::busy);
    CHECK_FALSE(t.health.is_lost());
    t.ask(); // on the connection that was there before
}

TEST_CASE("a server that says nothing at all is lost, in bounded time", "[lost]")
{
    served t;
    support::cut_line line{t.server.port()};
    app::database_target target{settings_for(line.url(t.database->url()))};
    app::database pool{target, {.statement_time = 300ms}};
    pool.read([&](database_connection& c) {
        c.ask("select 1");
        line.freeze();
        auto const began = std::chrono::steady_clock::now();
        CHECK(error_of([&] { c.ask("select 1"); }).reason() == kind::lost);
        CHECK(std::chrono::steady_clock::now() - began < 10s);
    });
    line.thaw();
    pool.read([](database_connection& c) { c.ask("select 1"); });
}

TEST_CASE("the watch asks as long as the database is lost", "[lost]")
{
    served t;
    t.ask();
    boost::asio::io_context io;
    boost::asio::thread_pool workers{1};
    int answers = 0;
    auto const watch = std::make_shared<app::database_watch>(
        io.get_executor(), workers, [&] { return t.pool.is_standby(); }, t.health);
    watch->on_answer([&](bool standby) { answers += standby ? 100 : 1; });
    t.server.stop();
    CHECK_THROWS_AS(t.ask(), database_error);
    watch->start();
    t.server.start();
    auto const until = std::chrono::steady_clock::now() + 20s;
    while (t.health.is_lost() && std::chrono::steady_clock::now() < until) {
        io.run_for(100ms);
        io.restart();
    }
    workers.join();
    io.run_for(100ms);
    CHECK_FALSE(t.health.is_lost());
    CHECK(answers == 1);
    watch->stop();
}
