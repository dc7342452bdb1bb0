// A server that stops answering, or a link that is cut: every boot ends or goes on, and a stop never waits.
#include <array>
#include <map>
#include <thread>

#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "cut_line.hpp"
#include "engine.hpp"
#include "interrupted_boot.hpp"
#include "schemagate/postgres/connection.hpp"

using engine::interruptible;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using namespace std::chrono_literals;

namespace {

schemagate::catalog one(std::string const& text)
{
    return memory_catalog({{"0001_make.sql", text}});
}

/// A boot over a line, and a server that is taken for lost after half a second of silence.
struct silent_line : interruptible
{
    silent_line()
    {
        with = support::settings_for(line.url(database->url()));
        schemagate::postgres::connection::answer_max = 500ms;
    }
    silent_line(silent_line const&) = delete;
    silent_line& operator=(silent_line const&) = delete;
    ~silent_line() { schemagate::postgres::connection::answer_max = before; }

    /// The line is free again once the boot says that it lost a connection, or that it tries again.
    void thaw_at_loss()
    {
        events->then = [this](schemagate::event const& e) {
            if (e.step == step::connect && e.outcome == outcome::retrying) {
                line.thaw();
            }
        };
    }

    [[nodiscard]] std::size_t losses() const
    {
        return events->events(step::connect, outcome::retrying).size();
    }

    /// How long a boot takes to end after it was asked to, while nothing passes.
    [[nodiscard]] std::chrono::milliseconds stopped_while_frozen(schemagate::catalog const& shipped,
                                                                 std::function<bool()> const& once)
    {
        std::stop_source stop;
        std::chrono::steady_clock::time_point asked;
        std::jthread const stopper{[&] {
            static_cast<void>(engine::eventually(once));
            line.freeze();
            std::this_thread::sleep_for(50ms);
            asked = std::chrono::steady_clock::now();
            stop.request_stop();
        }};
        CHECK(engine::boot(with, shipped, events, stop.get_token()).code() == "interrupted");
        return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                     asked);
    }

    support::cut_line line{support::private_server::shared().port()};
    std::chrono::milliseconds const before = schemagate::postgres::connection::answer_max;
};

int port_of_peer(int socket)
{
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    return ::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0 && peer.sin_family == AF_INET
               ? ntohs(peer.sin_port)
               : 0;
}

int option(int socket, int name)
{
    int value = 0;
    socklen_t size = sizeof value;
    ::getsockopt(socket, IPPROTO_TCP, name, &value, &size);
    return value;
}

/// Of the first socket of this process that leads to `port`: idle, interval, count, user timeout.
std::array<int, 4> keepalive_to(int port)
{
    std::array<int, 4> found{};
    auto* const folder = ::opendir("/proc/self/fd");
    while (auto const* const entry = ::readdir(folder)) {
        auto const socket = std::atoi(entry->d_name);
        if (socket > 2 && port_of_peer(socket) == port) {
            found = {option(socket, TCP_KEEPIDLE), option(socket, TCP_KEEPINTVL), option(socket, TCP_KEEPCNT),
                     option(socket, TCP_USER_TIMEOUT)};
        }
    }
    ::closedir(folder);
    return found;
}

} // namespace

TEST_CASE_METHOD(interruptible, "LOCK_WAIT counts what a boot waits, not what it does as the leader",
                 "[silence]")
{
    auto holder = std::make_unique<support::sql_session>(database->admin_url());
    (*holder)("select pg_advisory_lock(" + std::to_string(support::lock_key("test")) + ")");
    std::jthread const releases{[&] {
        static_cast<void>(events->wait_for(step::lock, outcome::waiting));
        holder.reset();
    }};
    auto const done = boot(one("select pg_sleep(3);\n"));
    REQUIRE(done.applied() == 1);
    CHECK(done.report->lock_wait > 0ms);
    CHECK(done.report->lock_wait < 2s);
    CHECK(value("select wait_ms from schemagate.history") == std::to_string(done.report->lock_wait.count()));
}

TEST_CASE_METHOD(silent_line, "a server that is silent in the idle check is asked again", "[silence]")
{
    thaw_at_loss();
    line.freeze_at("schemagate.hold");
    CHECK(boot(one("create table made (id int);\n")).applied() == 1);
    CHECK(losses() == 1);
}

TEST_CASE_METHOD(silent_line, "a server that is silent to the leader's first question is asked again",
                 "[silence]")
{
    thaw_at_loss();
    line.freeze_at("pg_try_advisory_lock");
    CHECK(boot(one("create table made (id int);\n")).applied() == 1);
    CHECK(losses() == 1);
}

TEST_CASE_METHOD(silent_line, "a server that stays silent ends the boot within the wait to connect",
                 "[silence]")
{
    with.connect_wait = 2s;
    line.freeze_at("schemagate.hold");
    auto const begin = std::chrono::steady_clock::now();
    auto const ended = boot(one("create table made (id int);\n"));
    REQUIRE(ended.failure);
    CHECK(ended.failure->exit_code() == 69);
    CHECK(std::chrono::steady_clock::now() - begin < 6s);
}

TEST_CASE_METHOD(silent_line, "a script that runs in silence is never cut, and its link is watched",
                 "[silence]")
{
    std::array<int, 4> seen{};
    std::jthread looks{[&] {
        static_cast<void>(events->wait_for(step::apply, outcome::started));
        seen = keepalive_to(line.port());
    }};
    SECTION("in a transaction")
    {
        CHECK(boot(one("create table made (id int);\nselect pg_sleep(2);\n")).applied() == 1);
    }
    SECTION("in steps")
    {
        CHECK(
            boot(memory_catalog({{"0001_make.sql", "do $$ begin perform pg_sleep(2); end $$;\n", "", false}}))
                .applied() == 1);
    }
    looks.join();
    CHECK(losses() == 0);
    CHECK(seen == std::array{10, 5, 3, 30'000});
}

TEST_CASE_METHOD(silent_line, "a script whose data is taken slowly is never cut", "[silence]")
{
    CHECK(boot(one("create table made (id int, t timestamp default clock_timestamp());\n"
                   "create function late() returns trigger language plpgsql as"
                   " $$ begin perform pg_sleep(1); return new; end $$;\n"
                   "create trigger late before insert on made for each row execute function late();\n"
                   "copy made (id) from stdin;\n1\n2\n\\.\n"))
              .applied() == 1);
    CHECK(losses() == 0);
}

TEST_CASE_METHOD(silent_line, "what a URL says of TCP's probes stands", "[silence]")
{
    with = support::settings_for(line.url(database->url()) + "?keepalives_idle=77&tcp_user_timeout=5000");
    std::array<int, 4> seen{};
    std::jthread looks{[&] {
        static_cast<void>(events->wait_for(step::apply, outcome::started));
        seen = keepalive_to(line.port());
    }};
    CHECK(boot(one("select pg_sleep(1);\n")).applied() == 1);
    looks.join();
    CHECK(seen == std::array{77, 5, 3, 5'000});
}

TEST_CASE_METHOD(silent_line, "a stop does not wait for a server that is silent", "[silence]")
{
    SECTION("in a script")
    {
        CHECK(stopped_while_frozen(one("create table made (id int);\nselect pg_sleep(60);\n"), [&] {
                  return value("select count(*) from pg_stat_activity where wait_event = 'PgSleep' and"
                               " datname = current_database()") == "1";
              }) < 4s);
        CHECK_FALSE(exists("made"));
    }
    SECTION("in the idle check")
    {
        schemagate::postgres::connection::answer_max = 60s;
        line.freeze_at("schemagate.hold");
        CHECK(stopped_while_frozen(one("create table made (id int);\n"), [&] { return line.frozen(); }) < 2s);
    }
    SECTION("in the leader's first question")
    {
        schemagate::postgres::connection::answer_max = 60s;
        line.freeze_at("pg_try_advisory_lock");
        CHECK(stopped_while_frozen(one("create table made (id int);\n"), [&] { return line.frozen(); }) < 2s);
    }
    SECTION("while it sends a large script")
    {
        auto const large = "select 1; -- " + std::string(1UL << 20U, 'x') + "\n";
        std::string text;
        for (int i = 0; i < 24; ++i) {
            text += large;
        }
        line.freeze_at("xxxxxxxxxxxxxxxx");
        CHECK(stopped_while_frozen(one(text), [&] { return line.frozen(); }) < 4s);
    }
}

TEST_CASE_METHOD(silent_line, "a lost greeting costs its share of the wait, not the whole", "[silence]")
{
    auto const hosts = GENERATE(1, 2); // of two, this is the first
    CAPTURE(hosts);
    auto url = line.url(database->url());
    if (hosts == 2) {
        auto const first = "127.0.0.1:" + std::to_string(line.port());
        url.insert(url.find(first) + first.size(),
                   ",127.0.0.1:" + std::to_string(support::private_server::shared().port()));
    }
    with = support::settings_for(url);
    with.connect_wait = 12s;
    if (hosts == 1) {
        thaw_at_loss();
    }
    line.freeze();
    auto const begin = std::chrono::steady_clock::now();
    CHECK(boot(one("create table made (id int);\n")).applied() == 1);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(losses() == 1);
    line.thaw();
}
