// Which scripts may change more than they lock, or leave relations gone.
#include "schemagate/far_reach.hpp"

#include <string_view>

#include "catch.hpp"

namespace lexer = schemagate::lexer;

TEST_CASE("a script that changes what it locks, and drops nothing, reaches near", "[far_reach]")
{
    auto const script = GENERATE(values<std::string_view>(
        {"", "create table t (a int)", "create or replace view v as select 1",
         "alter table t add b int, alter a set not null", "alter table t validate constraint c",
         "alter type e add value if not exists 'x'", "alter sequence s restart",
         "select pg_catalog.set_config('search_path', '', false); select count(*) from t where a in (1, 2)",
         "select (1), setval('s', 3)", "vacuum (analyze) t", "refresh materialized view m", "lock table t"}));
    CAPTURE(script);
    CHECK_FALSE(lexer::reaches_far(script));
    CHECK_FALSE(lexer::may_drop(script));
}

TEST_CASE("what goes with a DROP is locked, but gone", "[far_reach]")
{
    auto const script = GENERATE(
        values<std::string_view>({"drop table t cascade", "create table t (a int); drop view v",
                                  "alter table t drop column a", "alter table t drop constraint c"}));
    CAPTURE(script);
    CHECK_FALSE(lexer::reaches_far(script));
    CHECK(lexer::may_drop(script));
}

TEST_CASE("a script that renames, or whose text does not tell, reaches far", "[far_reach]")
{
    auto const script = GENERATE(values<std::string_view>(
        {"alter table t rename to u", "alter table t set schema s",
         "alter table p attach partition t default", "alter type e rename to f",
         "alter type e rename value 'a' to 'b'", "alter domain d rename to e",
         "alter function f() rename to g", "alter schema s rename to z", "alter index i rename to j",
         "alter table t add constraint c unique using index i", "do $$ begin end $$", "call p()",
         "select f()", "select s.count(1)", "select \"count\"(1)", "select 1; execute q",
         "create table t (a int); select make_partitions('t')"}));
    CAPTURE(script);
    CHECK(lexer::reaches_far(script));
    CHECK(lexer::may_drop(script));
    CHECK(lexer::reaches_far_in_steps(script));
}

TEST_CASE("a script in steps reaches near if it changes nothing but indexes and data", "[far_reach]")
{
    CHECK_FALSE(
        lexer::reaches_far_in_steps("create index concurrently i on t (a);\n-- and\n"
                                    "REINDEX TABLE CONCURRENTLY t; drop index concurrently if exists j"));
    CHECK_FALSE(
        lexer::reaches_far_in_steps("alter type e add value 'x'; insert into t values ('x'); vacuum;"));
    CHECK_FALSE(
        lexer::reaches_far_in_steps("begin; update t set a = 1; commit; begin; delete from t; commit"));
    // Its locks are gone when it is recorded.
    CHECK(lexer::reaches_far_in_steps("vacuum t; alter table t alter a set not null"));
    CHECK(lexer::reaches_far_in_steps("create index concurrently i on t (a); drop index j cascade;"));
    CHECK(lexer::reaches_far_in_steps("create index concurrently i on t (a); create table u (a int)"));
}
