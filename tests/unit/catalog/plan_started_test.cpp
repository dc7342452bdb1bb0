// Scripts that were begun outside a transaction and did not get to their end.
#include "plan_fixture.hpp"

using namespace schemagate;
using namespace schemagate::test;

TEST_CASE("a script that was begun is pending, and says where it stopped", "[plan]")
{
    auto const c = shipping({"1", "2", "3"});
    auto rows = history{row("1"), begun(row("2"), 4)};
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"2", "3"});
    REQUIRE(p.started.size() == 1);
    auto const* const s = p.started_as(*p.pending[0]);
    REQUIRE(s != nullptr);
    CHECK(s->what == c.find(version{"2"}));
    CHECK(s->id == rows[1].id);
    CHECK(s->statement_reached == 4);
    CHECK(s->steps_digest == "d4");
    CHECK(s->checksum == rows[1].checksum);
    CHECK(p.started_as(*p.pending[1]) == nullptr);
    CHECK_FALSE(p.current());
    CHECK(p.warnings.empty());
}

TEST_CASE("a version that is only begun is not what the schema is at", "[plan]")
{
    CHECK(make_plan(shipping({"1", "2"}), {row("1"), begun(row("2"))}, {}).schema_version == "1");
    CHECK(make_plan(shipping({"1"}), {begun(row("1"))}, {}).schema_version.empty());
}

TEST_CASE("the text of a script that was begun may be mended until it is applied", "[plan]")
{
    auto rows = history{begun(row("1"), 1)};
    rows[0].checksum = "of the broken text";
    auto const c = shipping({"1"});
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"1"});
    CHECK(p.started.front().checksum == "of the broken text");

    rows[0].state = "applied";
    CHECK(refusal(c, rows).code() == errc::checksum_mismatch);
}

TEST_CASE("a script that was begun is never late", "[plan]")
{
    auto const c = shipping({"1", "2", "3", "4"});
    auto const rows = history{row("1"), begun(row("2"), 1), row("3")};
    auto const policy = GENERATE(plan_policy{}, late_warn, late_apply);
    auto const p = make_plan(c, rows, policy);
    CHECK(names(p) == list{"2", "4"});
    CHECK(p.warnings.empty());
}

TEST_CASE("a version below one that was begun comes late", "[plan]")
{
    auto const c = shipping({"1", "2", "3"});
    auto const rows = history{row("1"), begun(row("3"), 1)};
    auto const f = refusal(c, rows);
    CHECK(f.code() == errc::out_of_order);
    CHECK(f.script() == "2_m");
    CHECK(f.message().find("has already begun version 3") != std::string::npos);
    CHECK(names(make_plan(c, rows, late_apply)) == list{"2", "3"});
    CHECK(names(make_plan(c, rows, late_warn)) == list{"3"});
}

TEST_CASE("a version that a newer binary began makes the database newer", "[plan]")
{
    auto const c = shipping({"1"});
    auto rows = history{row("1"), begun(row("2"), 1)};
    auto const p = make_plan(c, rows, {});
    CHECK(p.database_newer);
    CHECK(p.current());
    CHECK(p.started.empty());
    CHECK(p.schema_version == "1");
    REQUIRE(p.warnings.size() == 1);
    CHECK(p.warnings.front().find("has begun version 2") != std::string::npos);
    CHECK(refusal(c, rows, newer_refuse).code() == errc::newer_database);

    rows[1].breaks_older_than = "2"; // its first statements may have broken what this binary needs
    CHECK(refusal(c, rows).code() == errc::newer_database);
}

TEST_CASE("a version below my newest that was begun and that I do not carry is missing", "[plan]")
{
    auto const f = refusal(shipping({"1", "3"}), {row("1"), begun(row("2"), 1)});
    CHECK(f.code() == errc::migration_missing);
    CHECK(f.script() == "2_m");
    CHECK(f.message().find("was begun on this database") != std::string::npos);
}

TEST_CASE("my own script that was begun is finished in a database that is ahead as well", "[plan]")
{
    auto const c = shipping({"1", "2"});
    auto const rows = history{row("1"), begun(row("2"), 1), row("3")};
    auto const policy = GENERATE(plan_policy{}, newer_allow);
    auto const p = make_plan(c, rows, policy);
    CHECK(p.database_newer);
    CHECK(names(p) == list{"2"});
    CHECK(p.started.size() == 1);
}

TEST_CASE("a baseline settles what was begun below it", "[plan]")
{
    auto const rows = history{row("1"), begun(row("2"), 1), row("3", "baseline")};
    auto const c = shipping({"1", "2", "3", "4"});
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"4"});
    CHECK(p.started.empty());
}

TEST_CASE("a row that is only begun makes no verification due", "[plan]")
{
    auto rows = history{row("1"), begun(row("2"), 1)};
    CHECK_FALSE(make_plan(shipping({"1", "2"}), rows, {}).verification_due);
    rows[0].verified = false;
    CHECK(make_plan(shipping({"1", "2"}), rows, {}).verification_due);
}

TEST_CASE("a script in progress that this binary does not carry is told", "[plan]")
{
    CHECK(make_plan(shipping({"1"}), {row("1"), begun(row("2"), 1)}, {}).half_done);
    CHECK_FALSE(make_plan(shipping({"1", "2"}), {row("1"), begun(row("2"), 1)}, {}).half_done);
    CHECK_FALSE(make_plan(shipping({"1"}), {row("1")}, {}).half_done);
}
