// An autovacuum that works on a table: it yields to those who wait for longer than our attempts do.
#include <algorithm>
#include <thread>

#include "direct_sql.hpp"
#include "engine.hpp"
#include "interrupted_boot.hpp"

using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using namespace std::chrono_literals;

namespace {

/// A server whose autovacuum looks every second, and a table on which it works for a minute.
struct busy_table
{
    support::private_server server{{.config = {"autovacuum = on", "autovacuum_naptime = 1s"}}};
    std::unique_ptr<support::test_database> database = server.create_database();
    schemagate::settings with = support::settings_for(database->url());
    std::shared_ptr<support::event_recorder> events = std::make_shared<support::event_recorder>();
    std::string const first = "create table busy (id int, t text) with (autovacuum_vacuum_threshold = 1,"
                              " autovacuum_vacuum_scale_factor = 0, autovacuum_analyze_threshold = 1000000,"
                              " autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);\n";

    busy_table()
    {
        REQUIRE(engine::boot(with, memory_catalog({{"1_busy.sql", first}})).applied() == 1);
        database->run("insert into busy select i, repeat('x', 1000) from generate_series(1, 8000) i;"
                      " delete from busy where id % 2 = 0");
        REQUIRE(engine::eventually([&] { return worker() != ""; }));
    }

    [[nodiscard]] std::string worker() const
    {
        return database->value(
            "select coalesce(string_agg(distinct a.pid::text, ','), '') from pg_locks l join"
            " pg_stat_activity a using (pid) where l.relation = 'busy'::regclass and l.granted"
            " and a.backend_type = 'autovacuum worker'");
    }

    [[nodiscard]] engine::ended changed_by(std::string const& second) const
    {
        return engine::boot(with, memory_catalog({{"1_busy.sql", first}, {"2_change.sql", second}}), events);
    }

    [[nodiscard]] std::string told(outcome what) const
    {
        std::string all;
        for (auto const& e : events->events(step::apply, what)) {
            all += e.message + "\n";
        }
        return all;
    }
};

} // namespace

TEST_CASE_METHOD(busy_table,
                 "an autovacuum yields to a script, and the table's traffic does not wait for that",
                 "[autovacuum]")
{
    auto const superuser = GENERATE(false, true);
    CAPTURE(superuser);
    if (superuser) {
        with = support::settings_for(database->admin_url());
    }
    auto const pid = worker();
    std::atomic<bool> over{false};
    std::chrono::milliseconds worst{0};
    std::thread traffic{[&] {
        support::sql_session client{database->admin_url()};
        while (!over) {
            auto const begin = std::chrono::steady_clock::now();
            client("insert into busy (id) values (0); select id from busy limit 1");
            worst = std::max(worst, std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::steady_clock::now() - begin));
            std::this_thread::sleep_for(2ms);
        }
    }};
    auto const done = changed_by("alter table busy add column note text;\n");
    over = true;
    traffic.join();
    CHECK(done.applied() == 1);
    CHECK(worst < 500ms);
    CHECK_THAT(told(outcome::waiting), support::holds("pid " + pid + " (autovacuum worker, "));
}

TEST_CASE_METHOD(busy_table, "an autovacuum yields to a script whose text does not name the table",
                 "[autovacuum]")
{
    auto const done =
        changed_by("do $$ begin execute 'alter table bu' || 'sy add column note text'; end $$;\n");
    CHECK(done.applied() == 1);
    CHECK_THAT(told(outcome::retrying), support::holds(" (autovacuum worker, "));
    CHECK_THAT(told(outcome::retrying), !support::holds("role ,"));
}
