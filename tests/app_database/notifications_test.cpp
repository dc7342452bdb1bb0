// LISTEN, on a connection that is cut, moved and refused.
#include <mutex>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <sstream>

#include "cut_line.hpp"
#include "database/notifications.hpp"
#include "database_fixture.hpp"
#include "standby_server.hpp"

using namespace database_tests;

namespace {

struct listening
{
    explicit listening(std::string const& url) : target{settings_for(url)} {}

    std::mutex mutex;
    std::vector<std::string> heard;
    std::atomic<int> connects{0};
    std::shared_ptr<spdlog::logger> log = std::make_shared<spdlog::logger>("test");
    app::database_target target;
    app::notifications listener{target,
                                "prompts",
                                {.on_connect = [this] { ++connects; },
                                 .on_notification =
                                     [this](std::string_view payload) {
                                         std::lock_guard const lock{mutex};
                                         heard.emplace_back(payload);
                                     }},
                                log};

    [[nodiscard]] bool hears(std::vector<std::string> const& all)
    {
        return becomes_true([&] {
            std::lock_guard const lock{mutex};
            return heard == all;
        });
    }
    [[nodiscard]] bool has_connected(int times)
    {
        return becomes_true([&] { return connects == times && listener.is_listening(); });
    }
};

} // namespace

TEST_CASE("what is notified is heard, in order, and nothing of other channels", "[notifications]")
{
    fixture t;
    listening l{t.database->url()};
    REQUIRE(l.has_connected(1));
    t.database->run("notify prompts, '1'; notify others, 'no'; notify prompts, '2'");
    t.database->run("notify prompts, '3'");
    CHECK(l.hears({"1", "2", "3"}));
}

TEST_CASE("a connection that ends is made again, and that is told", "[notifications]")
{
    fixture t;
    listening l{t.database->url()};
    REQUIRE(l.has_connected(1));
    end_connections(*t.database);
    REQUIRE(l.has_connected(2));
    t.database->run("notify prompts, 'after'");
    CHECK(l.hears({"after"}));
}

TEST_CASE("stop() returns at once: while it listens, and while nobody answers", "[notifications]")
{
    fixture t;
    support::cut_line line{support::private_server::shared().port()};
    SECTION("it listens")
    {
        listening l{t.database->url()};
        REQUIRE(l.has_connected(1));
        auto const began = std::chrono::steady_clock::now();
        l.listener.stop();
        CHECK(std::chrono::steady_clock::now() - began < 2s);
        CHECK_FALSE(l.listener.is_listening());
    }
    SECTION("nobody answers")
    {
        line.freeze();
        listening l{line.url(t.database->url())};
        std::this_thread::sleep_for(100ms);
        auto const began = std::chrono::steady_clock::now();
        l.listener.stop();
        CHECK(std::chrono::steady_clock::now() - began < 2s);
    }
    SECTION("nobody is there")
    {
        listening l{"postgresql://backend:x@127.0.0.1:1/none"};
        std::this_thread::sleep_for(100ms);
        auto const began = std::chrono::steady_clock::now();
        l.listener.stop();
        CHECK(std::chrono::steady_clock::now() - began < 2s);
    }
}

TEST_CASE("a standby cannot be listened to, and is not bothered", "[notifications]")
{
    support::private_server primary{support::primary_options()};
    auto const database = primary.create_database();
    support::standby_server standby{primary};
    listening l{standby.url(database->name())};
    CHECK_FALSE(becomes_true([&] { return l.listener.is_listening(); }, 500ms));
    CHECK(l.connects == 0);

    SECTION("nor can a transaction be run there")
    {
        app::database_target target{settings_for(standby.url(database->name()))};
        app::database pool{target};
        CHECK(pool.is_standby());
        CHECK(error_of([&] { pool.transaction([](database_connection&) {}); }).reason() == kind::read_only);
        standby.promote();
        pool.transaction([](database_connection& c) { c.ask("create table t (n int)"); });
        CHECK_FALSE(pool.is_standby());
    }
}
