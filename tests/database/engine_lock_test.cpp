// The advisory lock, and the table locks of live traffic.
#include <thread>

#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;
using namespace std::chrono_literals;

namespace {

schemagate::catalog one_table()
{
    return memory_catalog({{"0001_make.sql", "create table made (id int);\n"}});
}

support::sql_session stranger(support::test_database const& database)
{
    support::sql_session session{database.admin_url()};
    session("set application_name = 'a stranger'");
    session("select pg_advisory_lock(" + std::to_string(support::lock_key("test")) + ")");
    return session;
}

} // namespace

TEST_CASE_METHOD(fixture, "whoever waits for the lock names its holder, and goes on when it is free",
                 "[lock]")
{
    auto holder = std::make_unique<support::sql_session>(stranger(*database));
    auto const pid = holder->value("select pg_backend_pid()");
    std::jthread const releases{[&] {
        if (events->wait_for(schemagate::step::lock, schemagate::outcome::waiting)) {
            holder.reset();
        }
    }};
    auto const done = boot(one_table());
    CHECK(done.applied() == 1);
    CHECK(done.report->lock_wait > 0ms);
    auto const waits = events->events(schemagate::step::lock, schemagate::outcome::waiting);
    REQUIRE_FALSE(waits.empty());
    std::string fields;
    for (auto const& [key, text] : waits[0].fields) {
        fields += key + "=" + text + " ";
    }
    CHECK_THAT(fields, support::holds("holder_pid=" + pid + " "));
    CHECK_THAT(fields, support::holds("a stranger"));
}

TEST_CASE_METHOD(fixture, "waiting for the lock holds no connection and no snapshot in between", "[lock]")
{
    auto holder = std::make_unique<support::sql_session>(stranger(*database));
    bool seen_without = false;
    std::jthread const watches{[&] {
        static_cast<void>(events->wait_for(schemagate::step::lock, schemagate::outcome::waiting));
        support::sql_session asking{database->admin_url()};
        for (int i = 0; i < 500 && !seen_without; ++i) {
            seen_without =
                asking.value("select count(*) from pg_stat_activity where datname = current_database()"
                             " and usename = 'backend'") == "0";
        }
        holder.reset();
    }};
    CHECK(boot(one_table()).applied() == 1);
    CHECK(seen_without);
}

TEST_CASE_METHOD(fixture, "the wait for the lock has a limit", "[lock]")
{
    auto const holder = stranger(*database);
    with.lock_wait = 300ms;
    auto const ended = boot(one_table());
    REQUIRE(ended.code() == "lock-wait-over");
    CHECK(ended.failure->exit_code() == 75);
    CHECK_THAT(ended.failure->message(), support::holds("a stranger"));
}

TEST_CASE_METHOD(fixture, "a current database is admitted while a stranger holds the lock", "[lock]")
{
    REQUIRE(boot(one_table()).applied() == 1);
    auto const holder = stranger(*database);
    with.lock_wait = 300ms;
    CHECK(boot(one_table()).code() == "done");
}

TEST_CASE_METHOD(fixture, "DDL that waits for a table lock gives up soon, and comes back until it gets it",
                 "[lock]")
{
    REQUIRE(boot(one_table()).applied() == 1);
    auto reader = std::make_unique<support::sql_session>(database->admin_url());
    (*reader)("begin; select * from made");
    std::chrono::milliseconds worst{0};
    std::jthread const traffic{[&] {
        if (!events->wait_for(schemagate::step::apply, schemagate::outcome::retrying)) {
            return;
        }
        support::sql_session client{database->admin_url()};
        for (int i = 0; i < 100; ++i) {
            auto const begin = std::chrono::steady_clock::now();
            client("select * from made");
            auto const took = std::chrono::steady_clock::now() - begin;
            worst = std::max(worst, std::chrono::duration_cast<std::chrono::milliseconds>(took));
            std::this_thread::sleep_for(2ms);
        }
        reader.reset();
    }};
    auto const two = memory_catalog({{"0001_make.sql", "create table made (id int);\n"},
                                     {"0002_add.sql", "alter table made add column note text;\n"}});
    auto const done = boot(two);
    CHECK(done.applied() == 1);
    CHECK(value("select retries > 0 from schemagate.history where version = '0002'") == "t");
    CHECK(worst < 500ms); // 50 ms, and what a busy machine adds
}

TEST_CASE_METHOD(fixture, "the attempts at a table lock have a limit", "[lock]")
{
    REQUIRE(boot(one_table()).applied() == 1);
    support::sql_session reader{database->admin_url()};
    reader("begin; select * from made");
    with.lock_retry = 500ms;
    auto const two = memory_catalog({{"0001_make.sql", "create table made (id int);\n"},
                                     {"0002_add.sql", "alter table made add column note text;\n"}});
    auto const ended = boot(two);
    REQUIRE(ended.code() == "lock-retry-over");
    CHECK(ended.failure->exit_code() == 75);
    CHECK(value("select count(*) from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "what a script raises itself is no table lock, whatever its SQLSTATE", "[lock]")
{
    auto const state = GENERATE("40001", "55P03");
    auto const refused =
        boot(memory_catalog({{"1_a.sql", "do $$ begin raise sqlstate '" + std::string{state} +
                                             "' using message = 'mine'; end $$;\n"}}));
    CHECK(refused.code() == "script-failed");
}

TEST_CASE_METHOD(fixture, "a table lock that a script's handler throws on is one, and is tried again",
                 "[lock]")
{
    auto const one = support::memory_script{"1_a.sql", "create table t (a int);\n"};
    REQUIRE(boot(memory_catalog({one})).applied() == 1);
    support::sql_session reader{database->admin_url()};
    reader("begin; select * from t");
    with.lock_retry = 500ms;
    auto const ended = boot(memory_catalog(
        {one,
         {"2_b.sql", "do $$ begin alter table t add b int; exception when lock_not_available then "
                     "raise; end $$;\n"}}));
    CHECK(ended.code() == "lock-retry-over");
}

TEST_CASE_METHOD(fixture, "a leader whose session is terminated applies nothing by half, and nothing twice",
                 "[lock]")
{
    auto const shipped = memory_catalog(
        {{"0001_make.sql",
          "create table made (id int);\ninsert into made values (1);\nselect pg_sleep(0.3);\n"}});
    std::jthread const terminates{[&] {
        support::sql_session admin{database->admin_url()};
        for (int i = 0; i < 2000; ++i) {
            if (!admin("select pg_terminate_backend(pid) from pg_stat_activity where datname = "
                       "current_database()"
                       " and wait_event = 'PgSleep'")
                     .empty()) {
                return;
            }
            std::this_thread::sleep_for(1ms);
        }
    }};
    auto const ended = boot(shipped);
    CHECK((ended.code() == "done" || ended.failure->exit_code() == 69 || ended.failure->exit_code() == 75));
    CHECK(boot(shipped).code() == "done");
    CHECK(value("select count(*) from made") == "1");
    CHECK(value("select count(*) from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "a stop request cancels what runs and rolls it back", "[lock]")
{
    auto const slow =
        memory_catalog({{"0001_slow.sql", "create table made (id int);\nselect pg_sleep(60);\n"}});
    std::stop_source stop;
    std::jthread const stops{[&] {
        support::sql_session admin{database->admin_url()};
        while (admin("select 1 from pg_stat_activity where datname = current_database() and wait_event = "
                     "'PgSleep'")
                   .empty()) {
            std::this_thread::sleep_for(2ms);
        }
        stop.request_stop();
    }};
    auto const begin = std::chrono::steady_clock::now();
    auto const ended = engine::boot(with, slow, events, stop.get_token());
    CHECK(ended.code() == "interrupted");
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK_FALSE(exists("made"));
}
