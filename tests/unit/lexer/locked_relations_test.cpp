#include "schemagate/locked_relations.hpp"

#include <string>

#include "catch.hpp"

using schemagate::lexer::locked_relations;

namespace {

// "schema.name name …"
std::string locked(std::string_view script)
{
    std::string all;
    for (auto const& [each, exclusive] : locked_relations(script)) {
        all += (all.empty() ? "" : " ") + (each.schema.empty() ? "" : each.schema + ".") + each.name;
    }
    return all;
}

struct sample
{
    std::string_view script;
    std::string_view names;
};

} // namespace

TEST_CASE("what a statement locks against reading or writing is named", "[locked_relations]")
{
    auto const each = GENERATE(values<sample>({
        {"alter table t add column a int", "t"},
        {"ALTER TABLE IF EXISTS ONLY S.\"T\" DROP COLUMN a", "s.T"},
        {"alter table t * rename to u", "t"},
        {"alter view v set (security_barrier)", "v"},
        {"alter materialized view m owner to r; alter foreign table f add a int; alter sequence s restart",
         "m f s"},
        {"alter index i set tablespace x", "i"},
        {"alter index i attach partition j", "j"},
        {"alter trigger g on t rename to h; alter policy p on u to r; alter rule l on v rename to m",
         "t u v"},
        {"drop table a, b.c cascade; drop view if exists v; drop materialized view m", "a b.c v m"},
        {"drop index i; drop sequence s; drop foreign table f", "i s f"},
        {"drop trigger if exists g on t; drop rule r on u; drop policy p on v", "t u v"},
        {"drop table U&\"a!0062\" uescape '!', c; create table d (e int references U&\"S\".u&\"x?0079\" "
         "UESCAPE '?')",
         "ab c S.xy"},
        {"truncate a; truncate table only b, c *, d restart identity", "a b c d"},
        {"lock t; lock table only (a), b in share mode nowait", "t a b"},
        {"lock a in access exclusive mode; lock b in exclusive mode; lock c in share row exclusive mode",
         "a b c"},
        {"create index on t (a); create unique index if not exists i on only s.u (a)", "t s.u"},
        {"create trigger g after update of a, b on t for each row execute function f()", "t"},
        {"create or replace trigger g before insert on t execute function f()", "t"},
        {"create constraint trigger g after insert on s.t from u deferrable execute function f()", "s.t"},
        {"create or replace rule r as on update to t do instead nothing", "t"},
        {"create policy p on t using (true)", "t"},
        {"create table a (b int references c (d), e int, foreign key (e) references f.\"G\" on delete "
         "cascade)",
         "c f.G"},
        {"alter table a add b int references c", "a c"},
        {"alter table a add constraint k foreign key (b) references c (d) not valid", "a c"},
        {"create table p1 partition of p for values in (1)", "p"},
        {"create table if not exists p1 partition of s.p default", "s.p"},
        {"alter table p attach partition p1 default", "p1"},
        {"alter table p detach partition s.p1", "p s.p1"},
        {"alter table p detach partition p1 concurrently", "p1"},
        {"create or replace view v as select 1; create or replace temp view w as select 1", "v w"},
        {"cluster t using i; cluster verbose u; cluster (verbose) v; cluster i on w", "t u v w"},
        {"vacuum full t; vacuum (full, analyze) a, b (c), d; vacuum full verbose analyze e", "t a b d e"},
        {"refresh materialized view m", "m"},
        {"reindex table t; reindex index i", "t i"},
    }));
    CAPTURE(each.script);
    CHECK(locked(each.script) == each.names);
}

TEST_CASE("a statement whose lock lets others read and write is not named", "[locked_relations]")
{
    auto const script = GENERATE(values<std::string_view>({
        "create index concurrently i on t (a)",
        "drop index concurrently i, j",
        "reindex table concurrently t",
        "reindex (concurrently) index i",
        "refresh materialized view concurrently m",
        "lock t in access share mode; lock t in row share mode; lock t in row exclusive mode",
        "lock t in share update exclusive mode",
        "alter table t validate constraint c",
        "alter table t validate constraint c, alter column a set statistics 100, alter b set (n_distinct = "
        "5)",
        "alter table t set (fillfactor = 70)",
        "alter index i rename to j",
        "alter index i set (fillfactor = 70); alter index i alter 1 set statistics 100",
        "alter table all in tablespace a set tablespace b",
        "vacuum t; vacuum (full false) t; vacuum full; analyze t; cluster",
        "create view v as select 1; create table t (a int); create table u as select * from t",
        "comment on table t is 'x'; insert into t values (1); update t set a = 1; grant references on t to r",
        "alter default privileges grant references on tables to r",
        "create event trigger e on ddl_command_end execute function f()",
        "do $$ begin alter table t add a int; end $$",
        "select 'drop table t', \"drop\" from t; -- drop table t",
        "alter table; drop table; lock; truncate; references t",
    }));
    CAPTURE(script);
    CHECK(locked(script) == "");
}

TEST_CASE("one light part does not hide a heavy one", "[locked_relations]")
{
    CHECK(locked("alter table t validate constraint c, drop column a") == "t");
    CHECK(locked("alter table t alter a set statistics 1, alter a type numeric(10, 2)") == "t");
    CHECK(locked("alter table t alter a set not null") == "t");
    std::string script = "alter table t validate constraint c0";
    for (int i = 0; i < 4000; ++i) {
        script += ", validate constraint c";
    }
    CHECK(locked(script + ", drop column a") == "t");
}

TEST_CASE("each is named once, and what the script made before is left out", "[locked_relations]")
{
    CHECK(locked("alter table t add a int; drop table t; alter table T add b int") == "t");
    CHECK(locked("create table a (b int references a, c int references d); create index i on a (b); alter "
                 "table a add e int; drop index i; alter table d add f int") == "d");
    CHECK(locked("create temp table a (b int); alter table a add c int") == "");
    CHECK(locked("create sequence s; alter sequence s restart; create view v as select 1; drop view v") ==
          "");
    CHECK(locked("alter table a add b int; create table a (b int)") == "a");
    // It may have been there, and then it is not the script's.
    CHECK(locked("create table if not exists a (b int); create index on a (b)") == "a");
    CHECK(locked("create or replace view v as select 1; alter view v rename to w") == "v");
}

TEST_CASE("a foreign key is found however long the table's definition is", "[locked_relations]")
{
    std::string script = "create table a (c0 int";
    for (int i = 1; i < 1600; ++i) {
        script += ", c" + std::to_string(i) + " numeric(10, 2) not null";
    }
    CHECK(locked(script + ", foreign key (c1) references s.b)") == "s.b");
}

TEST_CASE("of a lock it is known whether readers wait for it as well", "[locked_relations]")
{
    auto const exclusive = [](std::string_view script) {
        auto const found = locked_relations(script);
        REQUIRE(found.size() == 1);
        return found.front().exclusive;
    };
    for (auto const* const script :
         {"alter table t add column c int", "alter table t rename to u", "drop table t", "truncate t",
          "lock t", "lock table t in access exclusive mode", "create policy p on t", "drop trigger g on t",
          "refresh materialized view t", "create index on t (c); alter table t drop column c"}) {
        INFO(script);
        CHECK(exclusive(script));
    }
    for (auto const* const script :
         {"create index on t (c)", "create trigger g after insert on t execute function f()",
          "create table u (id int references t)", "lock t in share mode", "lock t in exclusive mode",
          "alter table t disable trigger g", "alter sequence t restart", "reindex table t"}) {
        INFO(script);
        CHECK_FALSE(exclusive(script));
    }
}
