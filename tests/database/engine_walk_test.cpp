// Scripts that walk the system catalogs meet our tables there.
#include "engine.hpp"

using engine::fixture;
using support::holds;
using support::memory_catalog;

namespace {

// As a real set of scripts does it: names without schemas, and every constraint that is no key.
std::string const house_style =
    "do $$ declare k record; begin for k in select t.relname, c.conname, c.contype from pg_constraint c join "
    "pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace where c.contype in ('u', "
    "'c') and n.nspname not in ('pg_catalog', 'information_schema') loop execute format('alter table %I "
    "rename "
    "constraint %I to %I', k.relname, k.conname, k.contype::text || '_' || k.relname); end loop; end $$;\n";

} // namespace

TEST_CASE_METHOD(fixture, "a script that renames all constraints finds none of ours", "[walk]")
{
    support::memory_script const first{"1_a.sql", "create table a (i int unique check (i > 0));\n"};
    support::memory_script const walk{"2_b.sql", house_style};
    SECTION("in a history of this release")
    {
        CHECK(boot(memory_catalog({first, walk})).applied() == 2);
    }
    SECTION("in that of an earlier one")
    {
        REQUIRE(boot(memory_catalog({first})).applied() == 1);
        database->run("drop index schemagate.history_id; alter table schemagate.history add unique (id),"
                      " add check (kind <> ''), add check (state in ('applied', 'running'))");
        CHECK(boot(memory_catalog({first, walk})).applied() == 1);
    }
    CHECK(value("select string_agg(conname, ' ' order by conname) from pg_constraint where conrelid = "
                "'a'::regclass and contype in ('u', 'c')") == "c_a u_a");
    CHECK(
        value("select string_agg(indexrelid::regclass::text, ' ' order by 1) from pg_index where indrelid = "
              "'schemagate.history'::regclass")
            .find("schemagate.history_id") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "a constraint that a walk adds to every table stays, and boots go on", "[walk]")
{
    std::vector<support::memory_script> scripts{
        {"1_a.sql", "create table a (i int);\n"},
        {"2_walk.sql",
         "do $$ declare t regclass; begin for t in select c.oid from pg_class c where c.relkind = 'r' and "
         "c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema') loop execute "
         "format('alter table %s add column tenant int not null default 1 check (tenant > 0)', t); end "
         "loop; end $$;\n"}};
    REQUIRE(boot(memory_catalog(scripts)).applied() == 2);
    scripts.push_back({"3_b.sql", "insert into a values (1);\n"});
    CHECK(boot(memory_catalog(scripts)).applied() == 1);
    CHECK(
        value(
            "select count(*) from pg_constraint where conrelid = 'schemagate.history'::regclass and contype "
            "= 'c'") == "1");
}

TEST_CASE_METHOD(fixture, "a trigger of others on our tables is named as what refuses a boot", "[walk]")
{
    REQUIRE(boot(memory_catalog({{"1_a.sql", "create table a (i int);\n"}})).applied() == 1);
    database->run(
        "create function no() returns trigger language plpgsql as $$ begin raise exception 'append only'; "
        "end "
        "$$; create trigger ro before update on schemagate.history for each row execute function no()");
    auto const refused =
        boot(memory_catalog({{"1_a.sql", "create table a (i int);\n"}, {"2_b.sql", "select 1;\n"}}));
    REQUIRE(refused.failure);
    CHECK(refused.failure->exit_code() == 76);
    CHECK_THAT(refused.failure->message(), holds("a trigger refused a statement of Schemagate's own"));
    CHECK_THAT(refused.failure->fix(), holds("pg_trigger"));
}
