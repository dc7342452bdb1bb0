#include "schemagate/created_relations.hpp"

#include "catch.hpp"

using schemagate::lexer::created_relations;

namespace {

// "schema.name name …"
std::string created(std::string_view script)
{
    std::string all;
    for (auto const& each : created_relations(script)) {
        all += (all.empty() ? "" : " ") + (each.schema.empty() ? "" : each.schema + ".") + each.name;
    }
    return all;
}

// The same of what is sure; "?" after what may be there already.
std::string first_created(std::string_view script)
{
    std::string all;
    for (auto const& [relation, must_be_new] : schemagate::lexer::first_creations(script)) {
        all += (all.empty() ? "" : " ") + (relation.schema.empty() ? "" : relation.schema + ".") +
               relation.name + (must_be_new ? "" : "?");
    }
    return all;
}

} // namespace

TEST_CASE("tables, views and indexes that a script makes are found", "[created_relations]")
{
    CHECK(created("create table a (id int); CREATE TABLE IF NOT EXISTS s.B (id int);") == "a s.b");
    CHECK(created("create unlogged table a(id int); create foreign table f (id int) server s;") == "a f");
    CHECK(
        created("create or replace view v as select 1; create materialized view if not exists m as select 1;"
                " create recursive view r (n) as select 1") == "v m r");
    CHECK(created(
              "create index i on s.t (a); create unique index concurrently if not exists j on only t (a)") ==
          "s.i j");
    // 62 bytes and half a character: what PostgreSQL keeps of it.
    CHECK(created("create table " + std::string(62, 'A') + "éb (id int)") == std::string(62, 'a'));
    CHECK(created("create table \"A \"\"b\" (id int); create table x.y.z (id int)") == "A \"b y.z");
}

TEST_CASE("what is no relation, temporary, or has no name is left out", "[created_relations]")
{
    CHECK(created("create temp table a (id int); create local temporary view v as select 1") == "");
    CHECK(created("create index on t (a); create index concurrently on t (a)") == "");
    CHECK(created("create function f() returns int language sql as 'create table x ()'; create type t as (a "
                  "int)") == "");
    CHECK(created("do $$ begin create table x (id int); end $$; -- create table y ()") == "");
    CHECK(created("drop table a; alter table b add c int; create; create table;") == "");
    CHECK(created("create table if (id int); create table if not exists (id int)") ==
          "if"); // no reserved word
}

TEST_CASE("what a script makes first is known as far as nothing before it can change the outcome",
          "[created_relations]")
{
    CHECK(first_created("begin; create table a (id int); comment on table a is 'x'; create index i on a (id);"
                        "create unique index if not exists j on s.a (id)") == "a i s.j?");
    CHECK(first_created("create schema s; create type t as enum ('x'); create table if not exists s.a (b t);"
                        "create or replace view v as select 1; create materialized view m as select 1") ==
          "s.a? v? m");
    CHECK(first_created("create or replace function f() returns int language sql as 'select 1';"
                        "create table a (id int default f())") == "a");
    for (std::string const before :
         {"set role x", "set search_path = s", "reset role", "select f()", "do $$ begin end $$",
          "drop table if exists a", "alter table a rename to b", "create extension e",
          "create temp table t (id int)", "grant create on schema public to x", "insert into l values (f())",
          "create role r", "with x as (select f()) select 1", "call p()", "create aggregate g (int) ()"}) {
        INFO(before);
        CHECK(first_created(before + "; create table a (id int)") == "");
        CHECK(first_created("create table z (id int); " + before + "; create table a (id int)") == "z");
    }
}

TEST_CASE("a name whose characters stand as numbers is read", "[created_relations]")
{
    struct sample
    {
        std::string_view name;
        std::string_view read;
    };
    auto const each = GENERATE(values<sample>({
        {R"(U&"d\0061t\+000061")", "data"},
        {R"(u&"\00e9\20AC\+01F600\D83D\DE00")", "é€😀😀"},
        {R"(U&"a\\b""c")", "a\\b\"c"},
        {R"(U&"d!0061t\0061" UESCAPE '!')", "dat\\0061"},
        {R"(U&"d!!t" uescape '!')", "d!t"},
        // What the server refuses stays as it is.
        {R"(U&"\12 \0000 \D83D \DE00 \+110000")", R"(\12 \0000 \D83D \DE00 \+110000)"},
    }));
    CAPTURE(each.name);
    CHECK(created("create table " + std::string{each.name} + " (a int)") == each.read);
}
