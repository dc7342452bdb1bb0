#include "schemagate/session_change.hpp"

#include "catch.hpp"

using schemagate::lexer::may_change_session;

TEST_CASE("a script that could change the session is suspected", "[session_change]")
{
    auto const script = GENERATE(values<std::string_view>({
        "set search_path = a",
        "select 1; /* a */ SET LOCAL role r",
        "reset all",
        "discard plans",
        "listen a",
        "unlisten *",
        "deallocate all",
        "prepare p as select 1",
        "declare c cursor with hold for select 1",
        "load 'x'",
        "create temp table a (b int)",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "select 1 into temp a",
        "create table pg_temp.a (b int)",
        "select set_config('a.b', 'c', false)",
        "select \"set_config\"('a.b', 'c', false)",
        "insert into t select pg_advisory_lock(1)",
        "do $$ begin set role r; end $$",
        "do $$ declare x text; begin execute 'RESET ' || x; end $$",
        "do 'begin create temp table a (b int); end'",
        "do $$ begin perform set_config('a.b', 'c', false); end $$",
        "do $$ begin execute 'declare c cursor with hold for select 1'; end $$",
        "do $$ begin execute 'deallocate all'; end $$",
        "copy t from stdin;\nx\n\\.\nset a.b = 1;",
    }));
    CAPTURE(script);
    CHECK(may_change_session(script));
}

TEST_CASE("most scripts are not", "[session_change]")
{
    auto const script = GENERATE(values<std::string_view>({
        "",
        "create table t (a int, temperature int); create index on t (a); update t set a = 1;",
        "alter table t alter a set not null, alter b set default 'offset'",
        "create function f() returns int language sql set search_path = a as 'select 1'",
        "do $$ declare x int; begin perform 1; end $$",
        "-- set role\n/* reset all */ select 1",
        "copy t from stdin;\nset\n\\.\n",
        "select pg_advisory_xact_lock(1)",
    }));
    CAPTURE(script);
    CHECK_FALSE(may_change_session(script));
}
