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
    CHECK(created("create table \"A \"\"b\" (id int); create table x.y.z (id int)") == "A \"b y.z");
}

TEST_CASE("what is no relation, temporary, or has no name is left out", "[created_relations]")
{
    CHECK(created("create temp table a (id int); create local temporary view v as select 1") == "");
    CHECK(created("create index on t (a); create index concurrently on t (a)") == "");
    CHECK(created("create function f() returns int language sql as 'create table x ()'; create type t as (a "
                  "int)") == "");
    CHECK(created("do $$ begin create table x (id int); end $$; -- create table y ()") == "");
    CHECK(created("drop table a; alter table b add c int; create; create table; create table if") == "");
}
