// An empty history does not always mean an empty database.
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

schemagate::catalog adopting()
{
    return memory_catalog({{"0001_make.sql", "-- schemagate: adopts public.old_ledger version=first\n"
                                             "create table made (id int);\n"}});
}

} // namespace

TEST_CASE_METHOD(fixture,
                 "a database that an earlier tool made is refused in words that fit, and not touched",
                 "[origin]")
{
    database->run("create table old_ledger (version text); insert into old_ledger values ('first'); grant "
                  "select on old_ledger to public");
    database->run("create table made (id int)");
    auto const refused = boot(adopting());
    REQUIRE(refused.code() == "adoption-needed");
    CHECK(refused.failure->exit_code() == 76);
    CHECK_THAT(refused.failure->message(), support::holds("public.old_ledger"));
    CHECK(value("select to_regnamespace('schemagate') is null") == "t");
}

TEST_CASE_METHOD(fixture, "another row of the earlier tool, or none of its tables, adopts nothing",
                 "[origin]")
{
    if (GENERATE(true, false)) {
        database->run("create table old_ledger (version text); insert into old_ledger values ('other'); "
                      "grant select on old_ledger to public");
    }
    CHECK(boot(adopting()).applied() == 1);
}

TEST_CASE_METHOD(fixture, "a catalog that is new to a history says which others are recorded there",
                 "[origin]")
{
    REQUIRE(boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"}}, "first")).applied() == 1);
    REQUIRE(boot(memory_catalog({{"1_b.sql", "create table b (id int);\n"}}, "second")).applied() == 1);
    auto const warnings = events->events(schemagate::step::plan, schemagate::outcome::warned);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0].message, support::holds("first"));
}
