// The history: what a boot writes, and that it writes it once.
#include <algorithm>
#include <latch>
#include <thread>
#include <vector>

#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

schemagate::catalog accounts()
{
    return memory_catalog(
        {{"0001_make_accounts.sql", "create table accounts (id int primary key);\n"},
         {"0002_add_probe.sql", "create table probe (n int);\ninsert into probe values (1);\n",
          "do $$ begin assert (select count(*) = 1 from probe); end $$;\n"}});
}

} // namespace

TEST_CASE_METHOD(fixture, "a history row says what ran, by whom, where, and that it was verified",
                 "[history]")
{
    auto const shipped = accounts();
    auto const done = boot(shipped);
    REQUIRE(done.code() == "done");
    CHECK(done.report->applied() == std::vector<std::string>{"0001_make_accounts", "0002_add_probe"});
    CHECK(done.report->admission().kind() == schemagate::admission_kind::verified);
    CHECK(done.report->schema_version == "0002");

    auto const rows =
        database->query("select catalog, target_schema, kind, version, description, checksum, state,"
                        " applied_by, application, application_version, server_version_num::text,"
                        " (started_at <= finished_at and finished_at <= verified_at)::text, retries::text"
                        " from schemagate.history order by id");
    REQUIRE(rows.size() == 2);
    auto const server = value("show server_version_num");
    CHECK(rows[0] == std::vector<std::string>{"test", "public", "versioned", "0001", "make_accounts",
                                              shipped.migrations()[0].checksum, "applied", "backend",
                                              "database-test", "1.2.3", server, "true", "0"});
    CHECK(rows[1][3] == "0002");
    CHECK(value("select set_digest from schemagate.history order by id desc limit 1") == shipped.digest());
}

TEST_CASE_METHOD(fixture, "every migration runs exactly once, however often it is booted", "[history]")
{
    for (int i = 0; i < 3; ++i) {
        CHECK(boot(accounts()).applied() == (i == 0 ? 2U : 0U));
    }
    CHECK(value("select count(*) from probe") == "1");
    CHECK(value("select count(*) from schemagate.history") == "2");
}

TEST_CASE_METHOD(fixture, "of eight threads that boot at once one applies, and all are admitted", "[history]")
{
    std::vector<engine::ended> ended(8);
    std::vector<std::thread> threads;
    threads.reserve(ended.size());
    std::latch start{8};
    for (auto& one : ended) {
        threads.emplace_back([&] {
            auto const shipped = accounts();
            start.arrive_and_wait();
            try {
                one.report = schemagate::run(with, shipped);
            }
            catch (schemagate::failure const& f) {
                one.failure = f;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::size_t applied = 0;
    for (auto const& one : ended) {
        INFO((one.failure ? one.failure->what() : ""));
        CHECK(one.code() == "done");
        applied += one.applied();
    }
    CHECK(applied == 2);
    CHECK(value("select count(*) from probe") == "1");
    CHECK(value("select count(*) from schemagate.history") == "2");
}

TEST_CASE_METHOD(fixture, "two catalogs live in one database without seeing each other", "[history]")
{
    CHECK(boot(accounts()).applied() == 2);
    auto const other = memory_catalog({{"0001_make_other.sql", "create table other (id int);\n"}}, "other");
    CHECK(boot(other).applied() == 1);
    CHECK(boot(accounts()).applied() == 0);
    CHECK(boot(other).applied() == 0);
    CHECK(value("select count(distinct catalog) from schemagate.history") == "2");
}

TEST_CASE_METHOD(fixture, "the history lives where the settings say", "[history]")
{
    with.history_schema = "Ops \"books\"";
    CHECK(boot(accounts()).applied() == 2);
    CHECK(boot(accounts()).applied() == 0);
    CHECK(value("select count(*) from \"Ops \"\"books\"\"\".history") == "2");
    CHECK_FALSE(exists("schemagate.history"));
}

TEST_CASE_METHOD(fixture,
                 "a migration that fails leaves those before it, and the next boot goes on from there",
                 "[history]")
{
    auto const failing = memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                                         {"2_b.sql", "create table b (id int);\nselect 1/0;\n"},
                                         {"3_c.sql", "create table c (id int);\n"}});
    auto const failed = boot(failing);
    REQUIRE(failed.code() == "script-failed");
    CHECK(failed.failure->script() == "2_b");
    CHECK(failed.failure->sqlstate() == "22012");
    auto const told = events->events();
    CHECK(std::count_if(told.begin(), told.end(), [](auto const& e) {
              return e.step == schemagate::step::apply && e.outcome == schemagate::outcome::failed &&
                     e.script == "2_b";
          }) == 1);
    CHECK(exists("a"));
    CHECK_FALSE(exists("b"));
    CHECK_FALSE(exists("c"));
    CHECK(value("select count(*) from schemagate.history") == "1");

    auto const fixed = memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                                       {"2_b.sql", "create table b (id int);\n"},
                                       {"3_c.sql", "create table c (id int);\n"}});
    CHECK(boot(fixed).applied() == 2);
}

TEST_CASE_METHOD(fixture, "events tell the boot's steps in their order", "[history]")
{
    REQUIRE(boot(accounts()).code() == "done");
    std::string steps;
    for (auto const& e : events->events()) {
        if (e.outcome == schemagate::outcome::done) {
            steps += std::string{name(e.step)} + (e.script.empty() ? " " : "=" + e.script + " ");
        }
    }
    CHECK_THAT(steps,
               support::holds(
                   "connect check lock plan apply=0001_make_accounts apply=0002_add_probe verify release"));
}

TEST_CASE_METHOD(fixture, "a hundred migrations are applied in order", "[history]")
{
    std::vector<support::memory_script> scripts{{"1_make.sql", "create table log (at serial, n int);\n"}};
    for (int n = 2; n <= 100; ++n) {
        auto const version = std::to_string(n);
        scripts.push_back({version + "_step.sql", "insert into log (n) values (" + version + ");\n"});
    }
    CHECK(boot(memory_catalog(scripts)).applied() == 100);
    CHECK(value("select count(*) = 99 and bool_and(n = at + 1) from log") == "t");
    CHECK(boot(memory_catalog(scripts)).applied() == 0);
}

TEST_CASE_METHOD(fixture, "a history without the column watched is read, and what is missing found",
                 "[history]")
{
    auto const shipped = memory_catalog({{"1_a.sql", "create table a (id int primary key);\n"}});
    REQUIRE(boot(shipped).applied() == 1);
    CHECK(value("select watched like '{%} 2 % valid 2 %' from schemagate.history") == "t");
    // As an earlier release has it, as a restored dump, and as it is.
    database->run(GENERATE(as<std::string>{}, "alter table schemagate.history drop column watched",
                           "update schemagate.history set watched = '{1,2} 2 3'", "select 1"));
    CHECK(boot(shipped).code() == "done");
    database->run(GENERATE(as<std::string>{}, "drop table a", "alter table a rename to b",
                           "create schema s; alter table a set schema s"));
    CHECK(boot(shipped).code() == "object-missing");
}
