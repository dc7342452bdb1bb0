// The pool: reads, transactions, and what goes wrong with them.
#include <atomic>
#include <stdexcept>

#include "cut_line.hpp"
#include "database/database_health.hpp"
#include "database_fixture.hpp"
#include "spdlog/sinks/null_sink.h"

using namespace database_tests;

namespace {

std::string one(database_connection& c, std::string const& sql)
{
    return app::text_in(c.ask(sql)[0].at(0));
}

struct with_table : fixture
{
    explicit with_table(app::database_options options = {}) : fixture{options}
    {
        database->run("create table thing (n int primary key); grant all on thing to public");
    }
    [[nodiscard]] std::string rows() const { return database->value("select count(*) from thing"); }
    void add(int n)
    {
        pool.transaction(
            [&](database_connection& c) { c.ask("insert into thing values ($1)", {std::to_string(n)}); });
    }
};

} // namespace

TEST_CASE("a transaction is committed when its function returns, and rolled back when it throws", "[pool]")
{
    with_table t{{.connections = 1}};
    auto const n = t.pool.transaction([](database_connection& c) {
        c.ask("insert into thing values (1)");
        return app::integer_in(c.ask("select n from thing")[0].at(0));
    });
    CHECK(n == 1);
    CHECK(t.rows() == "1");
    CHECK_THROWS_AS(t.pool.transaction([](database_connection& c) {
        c.ask("insert into thing values (2)");
        throw std::out_of_range{"the caller's own"};
    }),
                    std::out_of_range);
    CHECK(t.rows() == "1");
    CHECK(error_of([&] { t.add(1); }).sqlstate() == "23505");
    t.add(3); // the connection works on
    CHECK(t.rows() == "2");
}

TEST_CASE("a transaction that has swallowed an error is not taken for committed", "[pool]")
{
    with_table t;
    auto const e = error_of([&] {
        t.pool.transaction([](database_connection& c) {
            c.ask("insert into thing values (1)");
            try {
                c.ask("select nonsense");
            }
            catch (database_error const&) {
            }
        });
    });
    CHECK(e.reason() == kind::failed);
    CHECK(t.rows() == "0");
}

TEST_CASE("a constraint that is checked at COMMIT is an error of the transaction", "[pool]")
{
    with_table t;
    t.database->run("alter table thing add m int references thing deferrable initially deferred");
    auto const e = error_of([&] {
        t.pool.transaction([](database_connection& c) { c.ask("insert into thing values (1, 99)"); });
    });
    CHECK(e.reason() == kind::refused);
    CHECK(e.sqlstate() == "23503");
    CHECK(e.constraint() == "thing_m_fkey");
}

TEST_CASE("a connection that the server has ended heals by itself", "[pool]")
{
    with_table t{{.connections = 2}};
    CHECK(t.value("select 1") == "1");
    end_connections(*t.database);
    SECTION("a read that begins")
    {
        CHECK(t.value("select 2") == "2");
    }
    SECTION("a transaction that begins")
    {
        t.add(1);
        CHECK(t.rows() == "1");
    }
    SECTION("a read in the middle is repeated once")
    {
        CHECK(t.value("select 2") == "2"); // else it is a new one, and what is new is not tried again
        int times = 0;
        t.pool.read([&](database_connection& c) {
            if (++times == 1) {
                end_connections(*t.database);
            }
            auto const got = one(c, "select 3"); // CHECK would keep what it throws
            CHECK(got == "3");
        });
        CHECK(times == 2);
    }
    SECTION("a transaction in the middle is not repeated: the server lives, so it is worth another try")
    {
        int times = 0;
        auto const e = error_of([&] {
            t.pool.transaction([&](database_connection& c) {
                ++times;
                c.ask("insert into thing values (1)");
                end_connections(*t.database);
                c.ask("insert into thing values (2)");
            });
        });
        CHECK(e.reason() == kind::busy);
        CHECK(times == 1);
        CHECK(t.rows() == "0");
        t.add(1);
    }
}

TEST_CASE("a COMMIT whose answer is lost is unknown", "[pool]")
{
    with_table t;
    support::cut_line line{support::private_server::shared().port()};
    app::database_target target{settings_for(line.url(t.database->url()))};
    app::database pool{target};
    line.lose_answer_with("COMMIT");
    auto const e = error_of(
        [&] { pool.transaction([](database_connection& c) { c.ask("insert into thing values (1)"); }); });
    CHECK(line.lost_one());
    CHECK(e.reason() == kind::unknown);
    CHECK(t.rows() == "1"); // it was done, in this case
    pool.transaction([](database_connection& c) { c.ask("insert into thing values (2)"); });
    CHECK(t.rows() == "2");
}

TEST_CASE("a time limit, a lock and a deadlock are `busy`, never `lost`", "[pool]")
{
    with_table t{{.connections = 2, .statement_time = 200ms}};
    t.add(1);
    t.add(2);
    CHECK(error_of([&] { (void)t.value("select pg_sleep(5)::text"); }).sqlstate() == "57014");
    CHECK(error_of([&] { (void)t.value("select pg_sleep(5)::text"); }).reason() == kind::busy);
    support::sql_session other{t.database->admin_url()};
    other("begin; update thing set n = n where n = 1");
    CHECK(error_of([&] {
              t.pool.transaction([](database_connection& c) { c.ask("update thing set n = 7 where n = 1"); });
          }).reason() == kind::busy);
    CHECK(error_of([&] {
              t.pool.transaction(
                  [](database_connection& c) { c.ask("select from thing for update nowait"); });
          }).sqlstate() == "55P03");
    other("rollback");
    CHECK(t.value("select 1") == "1");
}

TEST_CASE("two transactions that wait for each other: one is busy, the other is done", "[pool]")
{
    with_table t;
    t.database->run("alter system set deadlock_timeout = '100ms'");
    t.database->run("select pg_reload_conf()");
    t.add(1);
    t.add(2);
    std::atomic<int> begun{0};
    std::atomic<int> busy{0};
    auto const cross = [&](char const* first, char const* second) {
        try {
            t.pool.transaction([&](database_connection& c) {
                c.ask("update thing set n = n where n = $1", {first});
                ++begun;
                while (begun < 2) {
                    std::this_thread::sleep_for(1ms);
                }
                c.ask("update thing set n = n where n = $1", {second});
            });
        }
        catch (database_error const& e) {
            busy += e.reason() == kind::busy && e.sqlstate() == "40P01" ? 1 : 100;
        }
    };
    std::thread a{cross, "1", "2"};
    std::thread b{cross, "2", "1"};
    a.join();
    b.join();
    CHECK(busy == 1);
}

TEST_CASE("a pool that is used up is busy after a bounded wait", "[pool]")
{
    fixture t{{.connections = 1, .lease_wait = 100ms}};
    t.pool.read([&](database_connection&) {
        auto const began = std::chrono::steady_clock::now();
        CHECK(error_of([&] { (void)t.value("select 1"); }).reason() == kind::busy);
        CHECK(std::chrono::steady_clock::now() - began >= 100ms);
    });
    CHECK(t.value("select 1") == "1");
}

TEST_CASE("a consistent read sees one state", "[pool]")
{
    with_table t;
    t.pool.read_consistently([&](database_connection& c) {
        CHECK(one(c, "select count(*) from thing") == "0");
        t.database->run("insert into thing values (1)");
        CHECK(one(c, "select count(*) from thing") == "0");
    });
    CHECK(error_of([&] {
              t.pool.read_consistently([](database_connection& c) { c.ask("insert into thing values (2)"); });
          }).reason() == kind::read_only);
    CHECK(t.value("select count(*) from thing") == "1");
}

TEST_CASE("where changes are not taken, a transaction is `read_only` before it begins", "[pool]")
{
    with_table t;
    t.database->run("alter database " + t.database->name() + " set default_transaction_read_only = on");
    bool begun = false;
    CHECK(error_of([&] { t.pool.transaction([&](database_connection&) { begun = true; }); }).reason() ==
          kind::read_only);
    CHECK_FALSE(begun);
    t.database->run("begin read write; alter database " + t.database->name() +
                    " reset default_transaction_read_only; commit");
    t.add(1); // on a new connection
    CHECK(t.value("select count(*) from thing") == "1");
}

TEST_CASE("many threads share few connections", "[pool]")
{
    with_table t{{.connections = 3, .lease_wait = 10s}};
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            for (int j = 0; j < 50; ++j) {
                t.add(i * 1000 + j);
                static_cast<void>(t.value("select count(*)::text from thing"));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(t.rows() == "400");
    CHECK(app::integer_in(t.database->value("select count(*) from pg_stat_activity where datname = "
                                            "current_database() and application_name = 'tested service'")) <=
          3);
}

TEST_CASE("stop() ends a statement that runs", "[pool]")
{
    fixture t{{.statement_time = 60s}};
    std::thread sleeper{
        [&] { CHECK(error_of([&] { (void)t.value("select pg_sleep(60)::text"); }).reason() == kind::busy); }};
    REQUIRE(becomes_true([&] {
        return t.database->value(
                   "select count(*) from pg_stat_activity where query like 'select pg_sleep%'") == "1";
    }));
    t.pool.stop();
    sleeper.join();
    CHECK(error_of([&] { (void)t.value("select 1"); }).reason() == kind::busy);
}

TEST_CASE("a URL that cannot be used is said, not tried", "[pool]")
{
    app::database_target target{settings_for("postgresql://backend:s3cret@local host/")};
    app::database pool{target};
    auto const e = error_of([&] { pool.read([](database_connection&) {}); });
    CHECK(std::string{e.what()}.find("s3cret") == std::string::npos);
    app::database_target none{schemagate::settings{}};
    app::database without{none};
    CHECK(error_of([&] { without.read([](database_connection&) {}); }).reason() == kind::failed);
}
