// What users of other tools complain of about servers, poolers, replicas and roles, each by its number.
#include "complaint_folder.hpp"
#include "pgbouncer.hpp"
#include "standby_server.hpp"

using engine::becomes_true;
using engine::complaint_folder;
using schemagate::outcome;
using schemagate::step;
using support::holds;
using support::memory_catalog;
using namespace std::chrono_literals;

namespace {

schemagate::catalog one_table()
{
    return memory_catalog({{"1_a.sql", "create table a (id int);\n"}});
}

/// A primary and its standby, and a database on both.
struct replicated
{
    support::private_server primary{support::primary_options()};
    std::unique_ptr<support::test_database> database = primary.create_database();
    support::standby_server standby{primary};
    std::shared_ptr<support::event_recorder> events = std::make_shared<support::event_recorder>();
};

} // namespace

TEST_CASE_METHOD(complaint_folder,
                 "complaint 5: the lock is lost or stranded behind PgBouncer (authentik#23876, rails#31190, "
                 "atlas#2447)",
                 "[complaint]")
{
    support::pgbouncer const pool{support::private_server::shared(), "transaction"};
    make_table();
    auto const direct = with;
    with = support::settings_for(pool.url(database->name()));
    SECTION("a script that runs outside a transaction is refused, and nothing is written")
    {
        auto const shipped = memory_catalog({{"1_i.sql", "create index concurrently i on a (id);\n"}});
        auto const refused = boot(shipped);
        REQUIRE(refused.code() == "pooler-refused");
        CHECK(refused.failure->exit_code() == 78);
        CHECK_THAT(refused.failure->fix(), holds("MIGRATION_DATABASE_URL"));
        CHECK(value("select to_regnamespace('schemagate') is null and to_regclass('i') is null") == "t");
        with.migration_database_url = direct.database_url;
        CHECK(boot(shipped).applied() == 1);
    }
    SECTION("scripts in transactions hold the lock in each, and strand none")
    {
        auto const shipped = memory_catalog(
            {{"1_b.sql", "create table b (id int);\n"}, {"2_c.sql", "insert into b values (1);\n"}});
        engine::many_boots fleet;
        for (int i = 0; i < 8; ++i) {
            fleet.start(with, shipped);
        }
        CHECK(fleet.troubles().empty());
        CHECK(value("select count(*) from b") == "1");
    }
    CHECK(value("select count(*) from pg_locks where locktype = 'advisory'") == "0");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 23: the application's statement_timeout kills the migration at boot, forever "
                 "(artifact-keeper#1304, strong_migrations#297)",
                 "[complaint]")
{
    for (std::string const inherited :
         {"statement_timeout = '100ms'", "search_path = ''", "lock_timeout = '1ms'",
          "idle_in_transaction_session_timeout = '10ms'"}) {
        database->run("alter database " + database->name() + " set " + inherited);
    }
    auto const sleep = "select pg_sleep(0.4);\n";
    write("1_slow.sql", "create table a (id int);\n" + std::string{sleep});
    write("2_i.sql", "create index concurrently i on a (id);\n" + std::string{sleep});
    write("3_own.sql",
          "-- schemagate: statement-timeout=100ms\ncreate table b (id int);\n" + std::string{sleep});
    CHECK(migrate().code() == "statement-timeout");
    CHECK(recorded() == "1 2");
    CHECK(exists("public.a"));
    std::string said;
    for (auto const& e : events->events(step::plan, outcome::done)) {
        said += e.message;
    }
    CHECK_THAT(said, holds("statement_timeout"));
    CHECK_THAT(said, holds("search_path"));
}

TEST_CASE("complaint 24: startup kills itself because the database is not ready (golang-migrate#681, "
          "svix#554)",
          "[complaint]")
{
    support::private_server server;
    auto const database = server.create_database();
    auto const with = support::settings_for(database->url());
    SECTION("a server that comes up later, through recovery, is waited for")
    {
        server.kill();
        auto const events = std::make_shared<support::event_recorder>();
        engine::many_boots early;
        early.start(with, one_table(), events);
        CHECK(events->wait_for(step::connect, outcome::retrying));
        server.launch();
        CHECK(early.troubles().empty());
        CHECK(database->value("select count(*) from schemagate.history") == "1");
    }
    SECTION("what waiting cannot mend ends at once")
    {
        auto const wrong = GENERATE(as<std::string>{}, "database", "password");
        auto const url = wrong == "database" ? server.url("no_such_database")
                                             : server.url(database->name(), "backend", "wrong-password");
        auto const begin = std::chrono::steady_clock::now();
        auto const ended = engine::boot(support::settings_for(url), one_table());
        REQUIRE(ended.failure);
        CHECK(ended.failure->exit_code() == 78);
        CHECK(std::chrono::steady_clock::now() - begin < 5s);
    }
}

TEST_CASE_METHOD(
    replicated, "complaint 27: on a read replica even IF NOT EXISTS fails (sqlx#4105, erpc#946, stacks#1350)",
    "[complaint]")
{
    auto with = support::settings_for(standby.url(database->name()));
    engine::many_boots on_replica;
    on_replica.start(with, one_table(), events);
    REQUIRE(events->wait_for(step::lock, outcome::waiting));
    CHECK(engine::boot(support::settings_for(database->url()), one_table()).applied() == 1);
    CHECK(on_replica.troubles().empty());
    with.mode = schemagate::mode::verify;
    CHECK(engine::boot(with, one_table()).code() == "done");
}

TEST_CASE_METHOD(replicated,
                 "complaint 28: startup reads its own migration back from a lagging replica "
                 "(mattermost#38084)",
                 "[complaint]")
{
    standby.pause_replay();
    auto with = support::settings_for(standby.url(database->name()));
    with.migration_database_url = support::settings_for(database->url()).database_url;
    engine::many_boots one;
    one.start(with, one_table(), events);
    REQUIRE(events->wait_for(step::apply, outcome::done));
    REQUIRE(events->wait_for(step::lock, outcome::waiting));
    CHECK(events->events(step::open, outcome::done).empty());
    standby.resume_replay();
    CHECK(one.troubles().empty());
    CHECK(events->events(step::apply, outcome::done).size() == 1);
    CHECK(database->value("select count(*) from schemagate.history") == "1");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 30: permission denied for schema public (golang-migrate#826, ory/hydra#3367)",
                 "[complaint]")
{
    auto const role = "role_of_" + database->name();
    database->run("create role " + role +
                  " login password 'Role-Pass-1'; revoke create on schema public from "
                  "public; revoke create on database " +
                  database->name() + " from public");
    with =
        support::settings_for(support::private_server::shared().url(database->name(), role, "Role-Pass-1"));
    auto const refused = boot(one_table());
    REQUIRE(refused.code() == "permission-denied");
    CHECK(refused.failure->exit_code() == 77);
    CHECK_FALSE(exists("schemagate.history"));
    auto const& fix = refused.failure->fix();
    auto const grant = fix.find("GRANT");
    REQUIRE(grant != std::string::npos);
    database->run(fix.substr(grant)); // all of them at once
    CHECK(boot(one_table()).applied() == 1);
    database->run("drop owned by " + role + " cascade; drop role " + role);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 34: the migrated database cannot be a template, it is accessed by other users "
                 "(pgtestdb#14, sqlx#1283)",
                 "[complaint]")
{
    auto const text = GENERATE(as<std::string>{}, "create table a (id int);\n",
                               "create table a (id int);\ncreate index concurrently i on a (id);\n",
                               "create table a (id int);\nselect 1/0;\n");
    static_cast<void>(boot(memory_catalog({{"1_a.sql", text}})));
    support::sql_session admin{support::private_server::shared().admin_url()};
    auto const copy = database->name() + "_copy";
    CHECK_NOTHROW(admin("create database " + copy + " template " + database->name()));
    admin("drop database " + copy);
}
