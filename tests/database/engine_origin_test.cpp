// An empty history does not always mean an empty database.
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

schemagate::catalog adopting()
{
    return memory_catalog({{"0001_make.sql", "-- schemagate: adopts public.old_ledger version=first\n"
                                             "create table made (id int, mended text default 'yes');\n"},
                           {"0002_mend.sql", "-- schemagate: only-if-adopted 0001\n"
                                             "alter table made add mended text default 'yes';\n"},
                           {"0003_more.sql", "create table if not exists more (id int);\n"}});
}

constexpr auto old_database =
    "create table old_ledger (version text); insert into old_ledger values ('first');"
    "grant select on old_ledger to public;"
    "create table made (id int); insert into made values (1);"
    "alter table made owner to backend";

} // namespace

TEST_CASE_METHOD(fixture, "a migration that an earlier tool's ledger stands for is adopted, not run",
                 "[origin]")
{
    database->run(old_database);
    auto const done = boot(adopting());
    REQUIRE(done.report);
    CHECK(done.report->applied() == std::vector<std::string>{"0002_mend", "0003_more"});
    CHECK(value("select string_agg(version || ' ' || kind, ', ' order by id) from schemagate.history") ==
          "0001 adopted, 0002 versioned, 0003 versioned");
    CHECK(value("select mended from made") == "yes");
    CHECK(value("select bool_and(verified_at is not null) from schemagate.history") == "t");
    // The objects that were there before are watched like those that we made.
    CHECK(value("select string_agg(relation_name || '.' || column_name, ' ' order by 1) from "
                "schemagate.object where relation_name = 'made'") == "made. made.id made.mended");
    CHECK(boot(adopting()).applied() == 0);
}

TEST_CASE_METHOD(fixture, "on a fresh database what mends an adopted one is recorded as not needed",
                 "[origin]")
{
    auto const done = boot(adopting());
    REQUIRE(done.report);
    CHECK(done.report->applied() == std::vector<std::string>{"0001_make", "0003_more"});
    CHECK(value("select string_agg(version || ' ' || kind, ', ' order by id) from schemagate.history") ==
          "0001 versioned, 0002 not-needed, 0003 versioned");
    CHECK(done.report->schema_version == "0003");
    CHECK(boot(adopting()).applied() == 0);
}

TEST_CASE_METHOD(fixture, "with objects of a later migration there, an empty history is refused", "[origin]")
{
    database->run(old_database);
    REQUIRE(boot(adopting()).applied() == 2);
    database->run("drop schema schemagate cascade");
    auto const refused = boot(adopting());
    REQUIRE(refused.code() == "adoption-refused");
    CHECK(refused.failure->exit_code() == 76);
    CHECK_THAT(refused.failure->message(), support::holds("public.more"));
    CHECK_THAT(refused.failure->message(), support::holds("0003_more"));
    CHECK(value("select to_regnamespace('schemagate') is null") == "t");
}

TEST_CASE_METHOD(fixture, "a ledger that stands for a later script only is refused", "[origin]")
{
    database->run(old_database);
    auto const refused = boot(memory_catalog(
        {{"0001_first.sql", "create table first (id int);\n"},
         {"0002_make.sql", "-- schemagate: adopts public.old_ledger version=first\nselect 1;\n"}}));
    REQUIRE(refused.code() == "adoption-refused");
    CHECK_THAT(refused.failure->message(), support::holds("0001_first"));
}

TEST_CASE_METHOD(fixture, "another row of the earlier tool, or none of its tables, adopts nothing",
                 "[origin]")
{
    if (GENERATE(true, false)) {
        database->run("create table old_ledger (version text); insert into old_ledger values ('other'); "
                      "grant select on old_ledger to public");
    }
    CHECK(boot(adopting()).applied() == 2);
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
