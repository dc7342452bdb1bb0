// What a script's text does not show: functions and triggers that prepare, drop or rename behind our back.
#include "direct_sql.hpp"
#include "engine.hpp"

using engine::fixture;
using schemagate::verification_item;
using support::memory_catalog;
using support::memory_script;

namespace {

std::string in_steps(std::string const& text)
{
    return "-- schemagate: no-transaction\n" + text;
}

// Each boot brings one script more.
std::string boot_each(fixture& here, std::vector<memory_script> const& scripts)
{
    for (std::size_t i = 1; i <= scripts.size(); ++i) {
        auto const ended = here.boot(memory_catalog(
            std::vector<memory_script>(scripts.begin(), scripts.begin() + static_cast<int>(i))));
        if (ended.code() != "done") {
            return scripts[i - 1].file + ": " + ended.code();
        }
    }
    return "done";
}

} // namespace

TEST_CASE_METHOD(fixture,
                 "what was prepared anew after an error is not taken for prepared once it is dropped",
                 "[unseen][steps]")
{
    auto const ended = boot(memory_catalog(
        {{"1_a.sql", "create table a (i int);\ncreate procedure p() language plpgsql as"
                     " $$ begin insert into a values (1); commit; insert into a values (2); end $$;\n"},
         {"2_b.sql", in_steps("call p();\nvacuum a;\n")},
         {"3_c.sql", in_steps("copy a from stdin;\n7\n\\.\nvacuum a;\n")},
         {"4_d.sql", "create index concurrently on a (i);\n"}}));
    CHECK(ended.applied() == 4);
    CHECK(value("select string_agg(i::text, ',' order by i) from a") == "1,2,7");
}

TEST_CASE_METHOD(fixture, "data in steps survives a trigger that drops all prepared statements",
                 "[unseen][steps]")
{
    auto const ended = boot(memory_catalog(
        {{"1_a.sql", "create table a (i int, j int);\n"
                     "create function f() returns trigger language plpgsql as"
                     " $$ begin execute 'DEALLO' || 'CATE ALL'; return new; end $$;\n"
                     "create trigger t before insert on a for each row execute function f();\n"},
         {"2_b.sql",
          in_steps("vacuum a;\ncopy a from stdin;\n1\t2\n\\.\nvacuum a;\ninsert into a values (3, 4);\n")},
         {"3_c.sql", "insert into a values (5, 6);\n"}}));
    CHECK(ended.applied() == 3);
    CHECK(value("select count(*) || ',' || sum(i) from a") == "3,9");
}

TEST_CASE_METHOD(fixture, "a statement that a function prepares is not met by the next script",
                 "[unseen][message]")
{
    CHECK(boot(memory_catalog(
                   {{"1_a.sql", "create function f() returns int language plpgsql as"
                                " $$ begin execute 'PREP' || 'ARE foo as select 1'; return 1; end $$;\n"},
                    {"2_b.sql", "select f();\n"},
                    {"3_c.sql", "select f();\n"},
                    {"4_d.sql", "create table t4 (id int);\n"}}))
              .applied() == 4);
}

TEST_CASE_METHOD(fixture, "a table that a function dropped refuses nobody", "[unseen][record]")
{
    CHECK(boot_each(*this, {{"1_a.sql", "create table old (i int primary key);\ncreate table log (t text);\n"
                                        "create function d() returns text language plpgsql as"
                                        " $$ begin drop table old; return 'gone'; end $$;\n"},
                            {"2_b.sql", "insert into log select d();\n"},
                            {"3_c.sql", "create table new (i int);\n"}}) == "done");
    CHECK(value("select count(*) from schemagate.object where relation_name ~ '^old'") == "0");
    CHECK(value("select count(*) > 0 from schemagate.object where relation_name = 'new'") == "t");
}

TEST_CASE_METHOD(fixture, "an index that becomes a constraint under its own name has not drifted",
                 "[unseen][record]")
{
    with.drift = schemagate::drift_policy::refuse;
    CHECK(boot_each(*this,
                    {{"1_a.sql", "create table a (i int not null);\ncreate unique index a_pkey on a (i);\n"},
                     {"2_b.sql", "alter table a add primary key using index a_pkey;\n"},
                     {"3_c.sql", "create table c (i int);\n"}}) == "done");
}

TEST_CASE_METHOD(fixture, "partitions come and go, with their indexes, also those made in steps",
                 "[unseen][record]")
{
    std::vector<memory_script> const scripts{
        {"1_a.sql",
         "create table part (i int) partition by range (i);\n"
         "create table p0 partition of part for values from (0) to (10);\ncreate index p0_i on p0 (i);\n"
         "create table later (i int);\n"},
        {"2_b.sql", in_steps("create table p1 partition of part for values from (10) to (20);\n"
                             "create index concurrently p1_i on p1 (i);\n")},
        {"3_c.sql", "alter table part attach partition later for values from (20) to (30);\n"}};
    REQUIRE(boot_each(*this, scripts) == "done");
    database->run("drop table p0; drop table p1; drop table later");
    CHECK(boot(memory_catalog(scripts)).code() == "done");
}

TEST_CASE_METHOD(fixture, "the index of a partitioned table may wait for those of its partitions",
                 "[unseen][record]")
{
    CHECK(boot_each(*this, {{"1_a.sql", "create table p (i int) partition by range (i);\n"
                                        "create table q partition of p for values from (0) to (10);\n"},
                            {"2_b.sql", "create index pj on only p (i);\n"},
                            {"3_c.sql", "create index concurrently qj on q (i);\n"},
                            {"4_d.sql", "alter index pj attach partition qj;\n"}}) == "done");
}
