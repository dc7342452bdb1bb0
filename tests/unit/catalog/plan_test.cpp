#include "plan_fixture.hpp"

#include <functional>

using namespace schemagate;
using namespace schemagate::test;

TEST_CASE("an empty history makes everything pending, in order of version", "[plan]")
{
    auto const c = shipping({"10", "0002", "1"});
    auto const p = make_plan(c, {}, {});
    CHECK(names(p) == list{"1", "0002", "10"});
    CHECK_FALSE(p.verification_due);
    CHECK_FALSE(p.database_newer);
    CHECK(p.schema_version.empty());
    CHECK(p.warnings.empty());
    CHECK_FALSE(p.current());
}

TEST_CASE("an empty catalog on an empty history has nothing to do", "[plan]")
{
    CHECK(make_plan(shipping({}), {}, {}).current());
}

TEST_CASE("a history that equals the catalog leaves nothing to do", "[plan]")
{
    auto const c = shipping({"1", "2", "3"});
    auto const p = make_plan(c, recording({"1", "2", "3"}), {});
    CHECK(p.current());
    CHECK(p.schema_version == "3");
    CHECK(p.warnings.empty());
}

TEST_CASE("versions are compared as numbers, not as they are written", "[plan]")
{
    auto rows = recording({"9"});
    rows.front().version = "0009";
    auto const c = shipping({"9", "10"});
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"10"});
    CHECK(p.schema_version == "0009");
}

TEST_CASE("the newest version is the highest, not the one written last", "[plan]")
{
    auto const c = shipping({"1", "2", "3"});
    CHECK(make_plan(c, recording({"1", "3", "2"}), {}).schema_version == "3");
}

TEST_CASE("a newest row that was never verified makes verification due", "[plan]")
{
    auto const c = shipping({"1", "2"});
    auto rows = recording({"1", "2"});
    rows[1].verified = false;
    auto const p = make_plan(c, rows, {});
    CHECK(p.verification_due);
    CHECK(p.pending.empty());
    CHECK_FALSE(p.current());

    rows[1].verified = true;
    rows[0].verified = false; // older rows do not matter: the newest one vouches for the whole set
    CHECK(make_plan(c, rows, {}).current());
}

TEST_CASE("a shipped script that differs from its recorded checksum is refused", "[plan]")
{
    auto rows = recording({"1", "2"});
    rows[0].checksum = "9f1c0123456789";
    auto const f = refusal(shipping({"1", "2"}), rows);
    CHECK(f.code() == errc::checksum_mismatch);
    CHECK(f.script() == "1_m");
    CHECK(f.message() == "1_m was changed after it was applied (recorded 9f1c0123…, shipped " +
                             sha256_hex("1").substr(0, 8) + "…).");
    CHECK(f.fix() == "Restore the file, or add a new migration.");
}

TEST_CASE("a recorded version below my newest that I do not carry is refused", "[plan]")
{
    auto const f = refusal(shipping({"1", "3"}), recording({"1", "2", "3"}));
    CHECK(f.code() == errc::migration_missing);
    CHECK(f.script() == "2_m");
    CHECK(refusal(shipping({"1", "3"}), recording({"1", "2"})).code() == errc::migration_missing);
}

TEST_CASE("adopted and not-needed rows count as applied", "[plan]")
{
    auto const c = shipping({"1", "2", "3"});
    auto rows = history{row("1", "adopted"), row("2", "not-needed"), row("3")};
    CHECK(make_plan(c, rows, {}).current());

    rows[0].checksum.clear(); // an older tool kept none
    CHECK(make_plan(c, rows, {}).current());

    rows[0].checksum = "other";
    CHECK(refusal(c, rows).code() == errc::checksum_mismatch);
}

TEST_CASE("a baseline stands for every version up to its own", "[plan]")
{
    auto const c = shipping({"1", "2", "3", "4"});
    auto rows = history{row("3", "baseline")};
    rows.front().checksum.clear();
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"4"});
    CHECK(p.schema_version == "3");
}

TEST_CASE("scripts below a baseline may be squashed away", "[plan]")
{
    auto rows = recording({"1", "2"});
    rows.push_back(row("3", "baseline"));
    auto const with_its_own = shipping({"3", "4"});
    CHECK(names(make_plan(with_its_own, rows, {})) == list{"4"});
    auto const without = shipping({"4"});
    CHECK(names(make_plan(without, rows, {})) == list{"4"});
}

TEST_CASE("a baseline above my newest is a newer database", "[plan]")
{
    auto const p = make_plan(shipping({"1", "2"}), {row("5", "baseline")}, {});
    CHECK(p.database_newer);
    CHECK(p.current());
}

TEST_CASE("a late lower version is refused unless something allows it", "[plan]")
{
    auto const c = shipping({"1", "2", "3"});
    auto const rows = recording({"1", "3"});

    auto const f = refusal(c, rows);
    CHECK(f.code() == errc::out_of_order);
    CHECK(f.script() == "2_m");

    auto const applied = make_plan(c, rows, late_apply);
    CHECK(names(applied) == list{"2"});
    CHECK(applied.warnings.size() == 1);

    auto const passed = make_plan(c, rows, late_warn);
    CHECK(passed.pending.empty());
    CHECK(passed.current());
    CHECK(passed.warnings.size() == 1);
}

TEST_CASE("a late version does not hold back those that are in order", "[plan]")
{
    auto const c = shipping({"1", "2", "3", "4"});
    CHECK(names(make_plan(c, recording({"1", "3"}), late_warn)) == list{"4"});
    CHECK(names(make_plan(c, recording({"1", "3"}), late_apply)) == list{"2", "4"});
}

TEST_CASE("a script may allow itself to come late", "[plan]")
{
    auto const c = shipping({"1", "2", "3"}, std::string{out_of_order_allowed});
    auto rows = recording({"1", "3"});
    rows[0].checksum = c.find(version{"1"})->checksum;
    rows[1].checksum = c.find(version{"3"})->checksum;
    CHECK(names(make_plan(c, rows, {})) == list{"2"});
}

TEST_CASE("a row that no Schemagate writes is refused", "[plan]")
{
    auto const spoil = GENERATE(values<std::function<void(history_row&)>>({
        [](history_row& r) { r.kind = "undo"; },
        [](history_row& r) { r.kind = ""; },
        [](history_row& r) { r.state = "failed"; },
        [](history_row& r) { r.version = "1.2"; },
        [](history_row& r) { r.version = ""; },
        [](history_row& r) { r.version = "0001"; }, // recorded a second time
        [](history_row& r) { r.breaks_older_than = "two"; },
        [](history_row& r) { r.kind = "baseline", r.version = "x"; },
        [](history_row& r) { r.kind = "adopted", r.state = "running"; },
        [](history_row& r) { r.kind = "baseline", r.state = "running"; },
    }));
    auto rows = recording({"1", "2"});
    spoil(rows[1]);
    CHECK(refusal(shipping({"1", "2"}), rows).code() == errc::history_malformed);
}
