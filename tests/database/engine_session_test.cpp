// What the server, the database, the role and the scripts set must not reach the next statement.
#include <cstdlib>

#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

TEST_CASE_METHOD(fixture, "defaults of the database do not reach the migration or the history", "[session]")
{
    auto const name = database->name();
    for (std::string const hostile :
         {"search_path = nowhere", "statement_timeout = '20ms'", "lock_timeout = '1ms'",
          "standard_conforming_strings = off", "default_transaction_isolation = 'serializable'",
          "client_encoding = 'LATIN1'", "datestyle = 'German'",
          "idle_in_transaction_session_timeout = '50ms'", "transform_null_equals = on", "row_security = off",
          "default_transaction_deferrable = on", "client_min_messages = 'error'",
          "bytea_output = 'escape'"}) {
        database->run("alter database " + name + " set " + hostile);
    }
    auto const shipped =
        memory_catalog({{"0001_make.sql", "create table made (t text);\n"
                                          "insert into made values ('back\\slash caf\xC3\xA9');\n"
                                          "select pg_sleep(0.1);\n"},
                        {"0002_more.sql", "insert into made select current_schema();\n"}});
    auto const done = boot(shipped);
    CHECK(done.code() == "done");
    CHECK(boot(shipped).applied() == 0);
    database->run("alter database " + name + " reset all");
    CHECK(value("select t from public.made limit 1") == "back\\slash caf\xC3\xA9");
    CHECK(value("select count(*) from public.made where t = 'public'") == "1");
}

TEST_CASE_METHOD(fixture, "a function of somebody else on the search_path is never called", "[session]")
{
    database->run(
        "create schema trap; grant all on schema trap to public;"
        "create function trap.to_regclass(text) returns regclass language sql as 'select null::regclass';"
        "create function trap.now() returns timestamptz language plpgsql as"
        " $$ begin raise exception 'trapped'; end $$");
    database->run("alter database " + database->name() + " set search_path = trap, pg_catalog, public");
    auto const shipped = memory_catalog({{"0001_make.sql", "create table made (id int);\n"}});
    CHECK(boot(shipped).code() == "done");
    CHECK(boot(shipped).applied() == 0);
    CHECK(value("select count(*) from pg_tables where schemaname = 'public'") == "1");
}

TEST_CASE_METHOD(fixture, "what a script sets ends with it", "[session]")
{
    std::string const disturbing =
        GENERATE("set search_path = pg_catalog;", "reset all;", "set role pg_monitor;",
                 "set session authorization default;", "set statement_timeout = '1ms'; reset all;",
                 "set local role pg_monitor;", "select set_config('search_path', '', false);",
                 "set constraints all deferred;", "discard plans;", "create temp table accounts (wrong int);",
                 "declare c cursor with hold for select 1;", "listen somewhere;", "prepare p as select 1;",
                 "savepoint s;", "set default_transaction_read_only = on;", "set client_encoding = 'LATIN1';",
                 "set application_name = 'mine';", "set standard_conforming_strings = off;");
    INFO(disturbing);
    database->run("grant pg_monitor to backend");
    auto const shipped =
        memory_catalog({{"0001_make.sql", "create table accounts (id int);\n"},
                        {"0002_disturb.sql", disturbing + "\n"},
                        {"0003_use.sql", "insert into accounts values (1);\n"
                                         "create table later as select current_user::text as who,"
                                         " current_schema() as place, 'a\\b' as b;\n"}});
    CHECK(boot(shipped).applied() == 3);
    CHECK(value("select count(*) from public.accounts") == "1");
    CHECK(value("select who || place || b from public.later") == "backendpublica\\b");
    CHECK(value("select count(*) from schemagate.history where applied_by = 'backend'") == "3");
}

TEST_CASE_METHOD(fixture, "a script cannot give away the lock", "[session]")
{
    std::string const trick =
        GENERATE("select pg_advisory_unlock_all();", "do $$ begin perform pg_advisory_unlock_all(); end $$;");
    auto const shipped = memory_catalog({{"0001_make.sql", "create table made (id int);\n"},
                                         {"0002_trick.sql", trick + "\n"},
                                         {"0003_after.sql", "create table after_it (id int);\n"}});
    auto const ended = boot(shipped);
    // Whatever it decides, nothing runs without the lock and nothing twice.
    CHECK((ended.code() == "done" || ended.failure->exit_code() == 75 || ended.failure->exit_code() == 65));
    CHECK(value("select count(*) = count(distinct version) from schemagate.history") == "t");
    CHECK(value("select count(*) from pg_locks where locktype = 'advisory'") == "0");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_STATEMENT_TIMEOUT and a script's own directive end a slow statement",
                 "[session]")
{
    auto const slow = memory_catalog({{"0001_slow.sql", "select pg_sleep(20);\n"}});
    with.statement_timeout = std::chrono::milliseconds{100};
    CHECK(boot(slow).code() == "statement-timeout");
    with.statement_timeout = std::chrono::milliseconds{0};
    auto const own =
        memory_catalog({{"0001_slow.sql", "-- schemagate: statement-timeout=100ms\nselect pg_sleep(20);\n"}});
    auto const ended = boot(own);
    CHECK(ended.code() == "statement-timeout");
    CHECK(ended.failure->exit_code() == 65);
    CHECK(value("select count(*) from schemagate.history") == "0");
}

TEST_CASE_METHOD(fixture, "a parameter that the URL sets to nothing is not taken from the environment",
                 "[session]")
{
    auto const url = database->url();
    with = support::settings_for(url + (url.find('?') == url.npos ? "?" : "&") + "options=");
    ::setenv("PGOPTIONS", "-c work_mem=nonsense", 1); // the server refuses whoever asks for it
    auto const done = boot(memory_catalog({{"0001_make.sql", "create table made (id int);\n"}}));
    auto const idle = boot(memory_catalog({{"0001_make.sql", "create table made (id int);\n"}}));
    ::unsetenv("PGOPTIONS");
    CHECK(done.code() == "done");
    CHECK(idle.code() == "done");
}

TEST_CASE_METHOD(fixture, "a function keeps the search_path of its script in the words that psql gives it",
                 "[session]")
{
    std::string const function =
        "create function f() returns int language sql set search_path from current as 'select 1';\n";
    with.target_schema = GENERATE(as<std::string>{}, "public", "Of Mine");
    auto const quoted = '"' + with.target_schema + '"';
    database->run("create schema if not exists " + quoted + "; grant all on schema " + quoted +
                  " to backend");
    REQUIRE(
        boot(memory_catalog({{"1_f.sql", function}, {"2_g.sql", "vacuum pg_class;\n" + function}})).code() ==
        "script-failed"); // it exists
    auto const config = [&] { return value("select proconfig::text from pg_proc where proname = 'f'"); };
    auto const first = config();
    database->run("drop function " + quoted + ".f(); set search_path = " + quoted + "; " + function);
    CHECK(first == config());
    database->run("drop function " + quoted + ".f()");
    REQUIRE(
        boot(memory_catalog({{"1_f.sql", function}, {"2_g.sql", "vacuum pg_class;\n" + function}})).code() ==
        "done");
    CHECK(first == config());
}
