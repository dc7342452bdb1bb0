// What users of other tools complain of about the lock between processes, each by its number.
#include "complaint_folder.hpp"

using engine::becomes_true;
using engine::complaint_folder;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using namespace std::chrono_literals;

namespace {

/// A transaction with a snapshot: an index build waits for its end.
class old_snapshot
{
public:
    explicit old_snapshot(support::test_database const& database)
        : session_{std::make_unique<support::sql_session>(database.admin_url())}
    {
        (*session_)("begin isolation level repeatable read; select 1");
    }
    void end() { session_.reset(); }

private:
    std::unique_ptr<support::sql_session> session_;
};

struct index_build : complaint_folder
{
    old_snapshot before{*database};
    schemagate::catalog shipped =
        memory_catalog({{"1_i.sql", "create index concurrently i on a (id);\n"},
                        {"2_j.sql", "create index concurrently j on a (id, id);\n"}});
    std::string const building = "from pg_stat_activity where datname = current_database() and state = "
                                 "'active' and query ilike 'create index concurrently%'";

    index_build() { make_table(); }

    void check_built() const
    {
        CHECK(value("select count(*) from pg_index where indrelid = 'a'::regclass and indisvalid") == "2");
        CHECK(invalid_indexes() == "0");
        CHECK(recorded() == "1 2");
        // At the first attempt: nobody was a deadlock's victim.
        CHECK(value("select sum(retries) from schemagate.history") == "0");
    }
};

} // namespace

TEST_CASE_METHOD(index_build,
                 "complaint 2: CREATE INDEX CONCURRENTLY hangs because waiters block in the server "
                 "(flyway#1654, golang-migrate#960, hexpm#1835)",
                 "[complaint]")
{
    auto const waits = std::make_shared<support::event_recorder>();
    engine::many_boots fleet;
    for (int i = 0; i < 50; ++i) {
        fleet.start(with, shipped, waits);
    }
    REQUIRE(becomes_true(*database, "select count(*) = 1 " + building));
    auto const deadline = std::chrono::steady_clock::now() + 20s;
    support::sql_session eye{database->admin_url()};
    bool blocked = false;
    while (waits->events(step::lock, outcome::waiting).size() < 60 &&
           std::chrono::steady_clock::now() < deadline) {
        blocked = blocked || eye.value("select exists (select from pg_locks where locktype = 'advisory' "
                                       "and not granted)") == "t";
        std::this_thread::sleep_for(2ms);
    }
    CHECK(waits->events(step::lock, outcome::waiting).size() >= 60);
    before.end();
    CHECK(fleet.troubles().empty());
    CHECK_FALSE(blocked);
    check_built();
}

TEST_CASE_METHOD(index_build,
                 "complaint 3: CREATE INDEX CONCURRENTLY hangs on the tool's own transaction (flyway#3497, "
                 "ecto#2977)",
                 "[complaint]")
{
    engine::many_boots one;
    one.start(with, shipped);
    REQUIRE(becomes_true(*database, "select count(*) = 1 " + building));
    support::sql_session eye{database->admin_url()};
    for (int i = 0; i < 100; ++i) {
        CHECK(eye.value("select count(*) from pg_stat_activity where datname = current_database() and state "
                        "like 'idle in transaction%' and application_name like 'schemagate/%'") == "0");
        std::this_thread::sleep_for(10ms);
    }
    // The lock lives exactly as long as the backend that builds.
    CHECK(eye.value("select l.pid = b.pid from pg_locks l, (select pid " + building +
                    ") b where l.locktype = 'advisory' and l.granted and l.database = (select oid from "
                    "pg_database where datname = current_database())") == "t");
    auto const released = std::chrono::steady_clock::now();
    before.end();
    CHECK(one.troubles().empty());
    CHECK(std::chrono::steady_clock::now() - released < 10s);
    check_built();
}

TEST_CASE_METHOD(index_build,
                 "complaint 4: users turn locking off to make CREATE INDEX CONCURRENTLY work, and then race "
                 "(hexpm#1817)",
                 "[complaint]")
{
    engine::many_boots fleet;
    for (int i = 0; i < 8; ++i) {
        fleet.start(with, shipped);
    }
    REQUIRE(becomes_true(*database, "select count(*) > 0 " + building));
    support::sql_session eye{database->admin_url()};
    for (int i = 0; i < 150; ++i) {
        CHECK(eye.value("select count(*) < 2 " + building) == "t");
        std::this_thread::sleep_for(10ms);
    }
    before.end();
    CHECK(fleet.troubles().empty());
    check_built();
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 6: the lock leaks into the application's pool when a migration fails "
                 "(MediaFusion#682, lakekeeper#1790, mockforge#968)",
                 "[complaint]")
{
    auto const second =
        GENERATE(as<std::string>{}, "select 1/0;\n", "vacuum no_such_table;\n", "selec;\n",
                 "create index concurrently on no_such_table (x);\n", "do $$ begin commit; end $$;\n");
    write("1_a.sql", "create table a (id int);\n");
    write("2_b.sql", second);
    REQUIRE(migrate().code() == "script-failed");
    CHECK(becomes_true(*database, "select count(*) = 0 from pg_stat_activity where datname = "
                                  "current_database() and usename = 'backend'"));
    CHECK(value("select count(*) from pg_locks where locktype = 'advisory'") == "0");
    with.lock_wait = 0ms;
    write("2_b.sql", "create table b (id int);\n");
    CHECK(migrate().code() == "done");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 7: no lock at all, so replicas race (dbmate#101, sql-migrate#279, refinery)",
                 "[complaint]")
{
    std::string const first = "create table zero (id int);\n";
    REQUIRE(boot(memory_catalog({{"0_z.sql", first}})).applied() == 1); // making the history is complaint 26
    auto const shipped = memory_catalog(
        {{"0_z.sql", first},
         {"1_a.sql", "create table a (id int);\ninsert into a values (1);\nselect pg_sleep(0.3);\n"},
         {"2_b.sql", "create type mood as enum ('good');\n"}});
    engine::many_boots fleet;
    for (int i = 0; i < 12; ++i) {
        fleet.start(with, shipped);
    }
    CHECK(fleet.troubles().empty());
    CHECK(value("select count(*) from a") == "1");
    CHECK(recorded() == "0 1 2");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 8: the wait for the lock is silent, unbounded or absurdly short "
                 "(golang-migrate#269, sourcegraph#4208, bifrost#3308)",
                 "[complaint]")
{
    support::sql_session holder{database->url()};
    holder("set application_name = 'the other pod'");
    holder("select pg_advisory_lock(" + std::to_string(support::lock_key("test")) + ")");
    with.lock_wait = 1s;
    auto const begin = std::chrono::steady_clock::now();
    auto const ended = boot(memory_catalog({{"1_a.sql", "create table a ();\n"}}));
    auto const took = std::chrono::steady_clock::now() - begin;
    REQUIRE(ended.code() == "lock-wait-over");
    CHECK(took >= 1s);
    CHECK(took < 5s);
    auto const waits = events->events(step::lock, outcome::waiting);
    REQUIRE_FALSE(waits.empty());
    std::string told;
    for (auto const& [name, text] : waits.front().fields) {
        CHECK_FALSE(text.empty());
        told += name + "=" + text + " ";
    }
    CHECK_THAT(told, support::holds("holder_pid=" + holder.value("select pg_backend_pid()")));
    CHECK_THAT(told, support::holds("holder_application=the other pod"));
    CHECK_THAT(told, support::holds("holder_age="));
    CHECK_THAT(told, support::holds("holder_query=select pg_advisory_lock"));
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 25: the lock survives its dead owner (spinnaker#6625, camunda#48343, "
                 "traccar#3792)",
                 "[complaint]")
{
    support::sql_session dead{database->admin_url()};
    dead("select pg_advisory_lock(" + std::to_string(support::lock_key("test")) + ")");
    with.lock_wait = 300ms;
    auto const shipped = memory_catalog({{"1_a.sql", "create table a ();\n"}});
    auto const ended = boot(shipped);
    REQUIRE(ended.code() == "lock-wait-over");
    // The line that the message gives is enough, and no row has to be cleaned up behind it.
    auto const& fix = ended.failure->fix();
    auto const from = fix.find("SELECT pg_terminate_backend(");
    REQUIRE(from != std::string::npos);
    database->run(fix.substr(from, fix.find(';', from) - from));
    REQUIRE(becomes_true(*database, "select count(*) = 0 from pg_locks where locktype = 'advisory'"));
    CHECK(boot(shipped).applied() == 1);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 32: one lock key for all services of a database (atlas#3476, golang-migrate#118)",
                 "[complaint]")
{
    auto const slow = memory_catalog({{"1_a.sql", "create table a ();\nselect pg_sleep(3);\n"}}, "orders");
    engine::many_boots first;
    first.start(with, slow);
    REQUIRE(becomes_true(*database, "select exists (select from pg_stat_activity where datname = "
                                    "current_database() and wait_event = 'PgSleep')"));
    with.lock_wait = 0ms;
    CHECK(boot(memory_catalog({{"1_b.sql", "create table b ();\n"}}, "invoices")).applied() == 1);
    CHECK(value("select to_regclass('a') is null") == "t"); // the other one is not done yet
    CHECK(first.troubles().empty());
}
