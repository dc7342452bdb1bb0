// What a boot that opens says of the schema.
#include "engine.hpp"

using engine::fixture;
using schemagate::admission_kind;
using support::holds;
using support::memory_catalog;
using support::memory_script;

namespace {

memory_script const make{"1_make.sql", "create table t (a int);\n"};

memory_script view(std::string const& shown)
{
    return {"R_v.sql", "create or replace view v as select '" + shown + "'::text as shown;\n"};
}

std::string admission_of(engine::ended const& ended)
{
    return ended.report ? std::string{name(ended.report->admission().kind())} : ended.code();
}

} // namespace

TEST_CASE_METHOD(fixture, "a database that is ahead opens as ahead, not as verified", "[admission]")
{
    auto const older = memory_catalog({make, view("A")});
    REQUIRE(admission_of(boot(older)) == "verified");
    auto const newer = GENERATE(
        // a version above
        std::vector<memory_script>{make, {"2_more.sql", "create table u ();\n"}, view("A")},
        // a later text of a repeatable script, which the older binary takes back
        std::vector<memory_script>{make, view("B")},
        // left half-done: what follows VACUUM fails
        std::vector<memory_script>{make, {"2_more.sql", "vacuum t;\nselect 1 / 0;\n"}, view("A")},
        std::vector<memory_script>{make, {"R_v.sql", "vacuum t;\nselect 1 / 0;\n"}},
        std::vector<memory_script>{make, view("A"), {"R_w.sql", "vacuum t;\nselect 1 / 0;\n"}});
    static_cast<void>(boot(memory_catalog(newer)));

    with.mode = GENERATE(schemagate::mode::apply, schemagate::mode::wait, schemagate::mode::verify);
    auto const again = boot(older);
    CHECK(admission_of(again) == "ahead");
    REQUIRE(again.report);
    CHECK(again.report->database_newer);
    CHECK_THAT(closing_line(*again.report), holds("\"admission\":\"ahead\""));
    auto const warned = events->events(schemagate::step::check, schemagate::outcome::warned).size() +
                        events->events(schemagate::step::plan, schemagate::outcome::warned).size();
    CHECK(warned > 0);
}

TEST_CASE_METHOD(fixture, "a boot that applied a late script on a newer database says ahead", "[admission]")
{
    auto const late = memory_script{"2_late.sql", "create table late ();\n"};
    REQUIRE(boot(memory_catalog({make, {"3_c.sql", "create table c ();\n"}})).report);
    with.plan.out_of_order = schemagate::out_of_order_policy::apply;
    auto const ended = boot(memory_catalog({make, late}));
    CHECK(ended.applied() == 1);
    CHECK(admission_of(ended) == "ahead");
}

TEST_CASE_METHOD(fixture, "a boot that applied something beside another's half-done script says ahead",
                 "[admission]")
{
    REQUIRE(boot(memory_catalog({make, {"R_w.sql", "vacuum t;\nselect 1 / 0;\n"}})).failure);
    auto const beside = boot(memory_catalog({make, {"4_d.sql", "create table d ();\n"}}));
    CHECK(beside.applied() == 1);
    CHECK(admission_of(beside) == "ahead");
}

TEST_CASE_METHOD(fixture, "a half-done text of a repeatable script that a later one replaced is over",
                 "[admission]")
{
    REQUIRE(boot(memory_catalog({make, {"R_v.sql", "vacuum t;\nselect 1 / 0;\n"}})).failure);
    auto const fixed = memory_catalog({make, {"R_v.sql", "vacuum t;\nselect 1;\n"}});
    CHECK(admission_of(boot(fixed)) == "verified");
    CHECK(admission_of(boot(fixed)) == "verified");
    CHECK(admission_of(boot(memory_catalog({make, {"R_v.sql", "select 2;\n"}}))) == "verified");
}

TEST_CASE_METHOD(fixture, "whoever may not write opens as current_elsewhere", "[admission]")
{
    auto const shipped = memory_catalog({make});
    REQUIRE(boot(shipped).report);
    with.mode = schemagate::mode::wait;
    CHECK(admission_of(boot(shipped)) == "current_elsewhere");
    with.mode = schemagate::mode::skip;
    CHECK(admission_of(boot(shipped)) == "unchecked");
}
