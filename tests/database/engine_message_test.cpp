// Several migrations in one message (PROTOCOL.md, "The lock" and "Speed"): each is a transaction of its own.
#include "direct_sql.hpp"
#include "engine.hpp"

using engine::fixture;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using support::memory_script;

namespace {

std::vector<memory_script> tables(int count)
{
    std::vector<memory_script> scripts;
    for (int i = 1; i <= count; ++i) {
        auto const n = std::to_string(i);
        scripts.push_back({n + "_t.sql", "create table t" + n + " (id int);\n"});
    }
    return scripts;
}

} // namespace

TEST_CASE_METHOD(
    fixture, "a syntax error in the second script of a message: the first is applied, the second is named",
    "[message]")
{
    auto const ended =
        boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                             {"2_b.sql", "create table b (id int);\n\ninsert into 'café' vlaues (1);\n"},
                             {"3_c.sql", "create table c (id int);\n"}}));
    REQUIRE(ended.code() == "script-failed");
    CHECK(ended.failure->script() == "2_b");
    CHECK(ended.failure->line() == 3);
    CHECK(ended.failure->column() == 13);
    CHECK(ended.failure->sqlstate() == "42601");
    CHECK(exists("a"));
    CHECK_FALSE(exists("b"));
    CHECK_FALSE(exists("c"));
    CHECK(value("select string_agg(version, ',' order by id) from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "a syntax error at the very end of a script is that script's", "[message]")
{
    auto const unfinished = GENERATE(as<std::string>{}, "select 1 +", "create table x (", "select 1 + -- and",
                                     "select from where", "update a set");
    auto const ended = boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                                            {"2_b.sql", unfinished},
                                            {"3_c.sql", "create table c (id int);\n"}}));
    INFO(unfinished);
    REQUIRE(ended.code() == "script-failed");
    CHECK(ended.failure->script() == "2_b");
    CHECK(ended.failure->line() == 1);
    CHECK(exists("a"));
    CHECK_FALSE(exists("c"));
}

TEST_CASE_METHOD(fixture,
                 "a failure in the middle of a message: those before it stay, those behind it do not run",
                 "[message]")
{
    auto scripts = tables(7);
    scripts[3].text =
        "create table t4 (id int check (id > 0));\nselect 1;\ninsert into t4 values (1), (0);\n";
    auto const ended = boot(memory_catalog(scripts));
    REQUIRE(ended.code() == "script-failed");
    CHECK(ended.failure->script() == "4_t");
    CHECK(ended.failure->line() == 3);
    CHECK(std::string{ended.failure->what()}.find("statement 3") != std::string::npos);
    CHECK(std::string{ended.failure->what()}.find("t4_id_check") != std::string::npos);
    CHECK(value("select string_agg(version, ',' order by id) from schemagate.history") == "1,2,3");
    CHECK_FALSE(exists("t4"));
    CHECK_FALSE(exists("t5"));

    scripts[3].text = "create table t4 (id int);\n";
    CHECK(boot(memory_catalog(scripts)).applied() == 4);
    CHECK(value("select count(*) = count(distinct xmin::text) from schemagate.history") ==
          "f"); // verified together
}

TEST_CASE_METHOD(fixture, "each migration of a message is a transaction of its own", "[message]")
{
    auto scripts = tables(40);
    for (auto& each : scripts) {
        each.text += "create table x" + each.file.substr(0, each.file.find('_')) +
                     " as select pg_current_xact_id()::text as id;\n";
    }
    REQUIRE(boot(memory_catalog(scripts)).applied() == 40);
    CHECK(value("select count(distinct started_at) from schemagate.history") == "40");
    std::string ids;
    for (int i = 1; i <= 40; ++i) {
        ids += (i == 1 ? "select id from x" : " union select id from x") + std::to_string(i);
    }
    CHECK(value("select count(*) from (" + ids + ") u") == "40");
    CHECK(events->events(step::apply, outcome::done).size() == 40);
    CHECK(events->events(step::apply, outcome::started).size() == 40);
}

TEST_CASE_METHOD(fixture, "a table lock in the middle of a message: only that migration waits, and goes on",
                 "[message]")
{
    database->run("create table held (id int); alter table held owner to backend");
    support::sql_session holder{database->admin_url()};
    holder("begin; lock held in access share mode");
    auto const shipped =
        memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                        {"2_held.sql", "do $$ begin alter table held add column x int; end $$;\n"},
                        {"3_c.sql", "create table c (id int);\n"}});
    events->then = [&](schemagate::event const& e) {
        if (e.step == step::apply && e.outcome == outcome::retrying && e.elapsed.count() > 300) {
            holder("commit");
            events->then = {};
        }
    };
    CHECK(boot(shipped).applied() == 3);
    auto const retries = events->events(step::apply, outcome::retrying);
    REQUIRE(retries.size() > 1);
    CHECK(retries.front().script == "2_held");
    // From the second attempt on it is known who is in the way.
    CHECK(retries.back().message.find("pid ") != std::string::npos);
    CHECK(
        value(
            "select string_agg(version || ':' || (retries > 0), ',' order by id) from schemagate.history") ==
        "1:false,2:true,3:false");
}

TEST_CASE_METHOD(fixture, "what a script left changed is put back, and named without values", "[message]")
{
    database->run("grant pg_monitor to backend");
    auto const shipped = memory_catalog(
        {{"1_a.sql", "select pg_catalog.set_config('search_path', '', false); set app.token = 's3cret';\n"
                     "set role pg_monitor; listen news; prepare p as select 1;\n"
                     "reset role; create temp table scratch (id int); set role pg_monitor;\n"},
         {"2_b.sql", "create table b (id int);\n"}});
    REQUIRE(boot(shipped).applied() == 2);
    auto const done = events->events(step::apply, outcome::done);
    REQUIRE(done.size() == 2);
    for (auto const* const name : {"role pg_monitor", "search_path", "scratch", "prepared statement p"}) {
        INFO(name);
        CHECK(done[0].message.find(name) != std::string::npos);
    }
    CHECK(done[0].message.find("s3cret") == std::string::npos);
    CHECK(done[1].message.empty());
    CHECK(value("select count(*) from public.b") == "0");
}

TEST_CASE_METHOD(fixture, "notices reach the observer, capped, and without a script's own words", "[message]")
{
    auto const shipped = memory_catalog(
        {{"1_a.sql", "create table a (id int);\ncreate table if not exists a (id int);\n"
                     "do $$ begin raise notice 'card 4111'; raise warning 'pin 1234'; end $$;\n"},
         {"2_b.sql", "do $$ begin for i in 1..100 loop raise notice 'no %', i; end loop; end $$;\n"}});
    SECTION("by default")
    {
        REQUIRE(boot(shipped).applied() == 2);
        auto const noted = events->events(step::apply, outcome::noted);
        REQUIRE(noted.size() == 23);
        CHECK(noted[0].message.find("already exists, skipping") != std::string::npos);
        CHECK(noted[0].script == "1_a");
        CHECK(noted[2].fields.front().second == "WARNING");
        CHECK(noted.back().script == "2_b");
        for (auto const& each : noted) {
            CHECK(each.message.find("4111") == std::string::npos);
            CHECK(each.message.find("1234") == std::string::npos);
        }
    }
    SECTION("with SCHEMAGATE_LOG_SQL=1")
    {
        with.log_sql = true;
        REQUIRE(boot(shipped).applied() == 2);
        CHECK(events->events(step::apply, outcome::noted)[1].message.find("card 4111") != std::string::npos);
    }
}

TEST_CASE_METHOD(fixture, "a script that pretends to be at another place of the message changes nothing",
                 "[message]")
{
    auto const ended = boot(memory_catalog(
        {{"1_a.sql", "select 'x:row:0' as schemagate_mark, 99 as schemagate_last_id, 99 as schemagate_rows;\n"
                     "create table a (id int);\n"},
         {"2_b.sql", "select 1/0 as schemagate_mark;\n"}}));
    REQUIRE(ended.code() == "script-failed");
    CHECK(ended.failure->script() == "2_b");
    CHECK(value("select string_agg(version, ',') from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "a script reads its strings as psql does after it changed their syntax",
                 "[message]")
{
    auto const shipped = memory_catalog(
        {{"1_a.sql", "create table a (t text);\nset standard_conforming_strings = off;\n"
                     "set escape_string_warning = off;\ninsert into a values ('it\\'s; here');\n"},
         {"2_b.sql", "insert into a values ('back\\slash');\n"}});
    REQUIRE(boot(shipped).applied() == 2);
    CHECK(value("select string_agg(t, '|' order by t) from a") == "back\\slash|it's; here");
}

TEST_CASE_METHOD(fixture,
                 "scripts that drop all prepared statements, openly or in a function, change nothing",
                 "[message][session]")
{
    auto scripts = tables(9);
    scripts[1].text = "create function drop_all() returns void language plpgsql as"
                      " $$ begin execute 'deallocate all'; end $$;\n";
    scripts[3].text = "create table t4 (id int);\ndeallocate all;\ninsert into t4 values (4);\n";
    scripts[5].text = "create table t6 (id int);\nselect drop_all();\ninsert into t6 values (6);\n";
    scripts[7].text = "create table names as select name from pg_prepared_statements;\n";
    auto const ended = boot(memory_catalog(scripts));
    CAPTURE(ended.code());
    REQUIRE(ended.applied() == 9);
    CHECK(value("select string_agg(version, ',' order by id) from schemagate.history") ==
          "1,2,3,4,5,6,7,8,9");
    CHECK(value("select (select id from t4) || ',' || (select count(*) from t6)") == "4,1");
    CHECK(value("select count(*) from names where name !~ '^schemagate: '") == "0");
}

TEST_CASE_METHOD(fixture, "a prepared statement of a script is not met by the next one", "[message][session]")
{
    auto scripts = tables(5);
    scripts[2].text = "prepare p as select 1;\nexecute p;\n";
    scripts[3].text = "prepare p as select 2;\nexecute p;\n";
    auto const ended = boot(memory_catalog(scripts));
    CHECK(ended.applied() == 5);
}
