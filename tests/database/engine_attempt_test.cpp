// What an attempt that was killed between a statement and its record leaves to the next one.
#include <chrono>
#include <stop_token>
#include <thread>

#include "direct_sql.hpp"
#include "engine.hpp"

using engine::fixture;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using support::memory_script;

namespace {

std::string const start =
    "create table b (i int, t text);\ninsert into b values (1, 'x');\ncreate table gone (i int);\n";

} // namespace

TEST_CASE_METHOD(fixture, "an index of the same name that was there before is not taken for ours",
                 "[attempt]")
{
    auto const other = GENERATE(as<std::string>{}, "create index b_i on b (t)",
                                "create index b_i on b (i desc)", "create index b_i on b (i) where i > 5");
    auto const shipped = memory_catalog({
        {"1_a.sql", start + other + ";\n"},
        {"2_b.sql", "insert into b values (2);\ncreate unique index concurrently b_i on b (i);\n"},
    });
    for (int i = 0; i < 3; ++i) {
        auto const ended = boot(shipped);
        CHECK(ended.code() == "script-failed");
        CHECK(ended.failure->sqlstate() == "42P07");
    }
    CHECK(value("select count(*) from b where i = 2") == "1");
}

TEST_CASE_METHOD(fixture, "an index that was built and not recorded is not built again", "[attempt]")
{
    auto const statement = GENERATE(as<std::string>{}, "create index concurrently on b (i)",
                                    "create index concurrently named on b (i)");
    auto const shipped = memory_catalog(
        {{"1_a.sql", start},
         {"2_b.sql", "insert into b values (2);\n" + statement + ";\ninsert into b values (3);\n"}});
    bool killed = false;
    events->then = [&](schemagate::event const& e) {
        if (!killed && e.step == step::apply && e.outcome == outcome::started && !e.fields.empty() &&
            e.fields.front().second == "2") {
            killed = true;
            // As if it had been built by this attempt, and its end not seen.
            database->run(statement);
            database->run(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name like "
                "'schemagate/%' and datname = current_database()");
        }
    };
    REQUIRE(boot(shipped).report);
    REQUIRE(killed);
    CHECK(value("select count(*) from pg_index where indrelid = 'b'::regclass") == "1");
    CHECK(value("select count(*) from b") == "3");
}

TEST_CASE_METHOD(fixture, "an index that was dropped and not recorded is not missed", "[attempt]")
{
    auto const shipped =
        memory_catalog({{"1_a.sql", start + "create index b_i on b (i);\n"},
                        {"2_b.sql", "drop index concurrently b_i;\ninsert into b values (3);\n"}});
    bool killed = false;
    events->then = [&](schemagate::event const& e) {
        if (!killed && e.step == step::apply && e.outcome == outcome::started && !e.fields.empty()) {
            killed = true;
            database->run("drop index b_i");
            database->run(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name like "
                "'schemagate/%' and datname = current_database()");
        }
    };
    REQUIRE(boot(shipped).report);
    CHECK(killed);
    CHECK(value("select count(*) from b") == "2");

    auto const never =
        memory_catalog({{"1_a.sql", start + "create index b_i on b (i);\n"},
                        {"2_b.sql", "drop index concurrently b_i;\ninsert into b values (3);\n"},
                        {"3_c.sql", "drop index concurrently never_there;\n"}});
    CHECK(boot(never).failure->sqlstate() == "42704");
    CHECK(boot(never).failure->sqlstate() == "42704");
}

TEST_CASE_METHOD(fixture, "a procedure that commits is not run twice without being asked", "[attempt]")
{
    auto const shipped_first = memory_script{
        "1_a.sql", start +
                       "create procedure p() language plpgsql as $$ begin insert into b values (2); commit;"
                       " perform pg_sleep(30); end $$;\n"};
    auto const shipped = memory_catalog(
        {shipped_first,
         {"2_b.sql", "-- schemagate: no-transaction\ncall p();\ninsert into b values (3);\n"}});
    std::stop_source stop;
    std::jthread const stopper{[&] {
        while (value("select count(*) from pg_class where relname = 'b'") == "0" ||
               value("select count(*) from b where i = 2") == "0") {
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        stop.request_stop();
    }};
    auto const stopped = engine::boot(with, shipped, events, stop.get_token());
    REQUIRE(stopped.code() == "interrupted");
    CHECK_THAT(stopped.failure->message(), support::holds("what it committed stays"));
    // Not either where something else stands in its place.
    CHECK(boot(memory_catalog(
                   {shipped_first, {"2_b.sql", "-- schemagate: no-transaction\nselect 1;\ncall p();\n"}}))
              .code() == "script-failed");
    CHECK(value("select count(*) from b where i = 2") == "1");
    auto const again = boot(shipped);
    REQUIRE(again.code() == "script-failed");
    CHECK(value("select count(*) from b where i = 2") == "1");
    // Its fix works as it stands.
    auto const fix = again.failure->fix();
    auto const from = fix.find("UPDATE");
    database->run(fix.substr(from, fix.find(';', from) - from));
    CHECK(boot(shipped).applied() == 1);
    CHECK(value("select count(*) from b") == "3");
}

TEST_CASE_METHOD(fixture, "a procedure that commits and then fails is said to have left its work",
                 "[attempt]")
{
    auto const shipped = memory_catalog(
        {{"1_a.sql", start +
                         "create procedure p() language plpgsql as $$ begin insert into b values (2); commit;"
                         " perform 1/0; end $$;\n"},
         {"2_b.sql", "-- schemagate: no-transaction\nvacuum b;\ncall p();\n"}});
    auto const ended = boot(shipped);
    REQUIRE(ended.code() == "script-failed");
    CHECK(ended.failure->sqlstate() == "22012");
    CHECK(ended.failure->line() == 3);
    CHECK_THAT(ended.failure->message(), support::holds("what it committed stays"));
    CHECK_THAT(ended.failure->message(), !support::holds("the next boot goes on"));
    CHECK(boot(shipped).code() == "script-failed");
    CHECK(value("select count(*) from b where i = 2") == "1");
}

TEST_CASE_METHOD(fixture, "what a half-done script has dropped refuses nobody", "[attempt]")
{
    auto const older = memory_catalog({{"1_a.sql", start}});
    REQUIRE(boot(older).applied() == 1);
    auto const text = [](std::string const& last) {
        return "drop table gone;\nalter table b drop column t;\nvacuum b;\n" + last;
    };
    REQUIRE(boot(memory_catalog({{"1_a.sql", start}, {"2_b.sql", text("select 1/0;\n")}})).code() ==
            "script-failed");
    CHECK(boot(older).code() == "done");
    CHECK(boot(memory_catalog({{"1_a.sql", start}, {"2_b.sql", text("select 1;\n")}})).applied() == 1);
    CHECK(value("select count(*) from schemagate.object where relation_name = 'gone'") == "0");
}

TEST_CASE_METHOD(fixture, "a script's own words stay hidden whatever SQLSTATE it gives them", "[attempt]")
{
    auto const state = GENERATE(as<std::string>{}, "42501", "42601", "53100", "23505");
    auto const ended = boot(
        memory_catalog({{"1_a.sql", "do $$ begin raise exception 'pw is hunter2' using errcode = '" + state +
                                        "', column = 'hunter2', table = 'hunter2'; end $$;\n"}}));
    CHECK(std::string{ended.failure->what()}.find("hunter2") == std::string::npos);
}
