// Repeatable scripts: when they run, and when they are a newer binary's.
#include "plan_fixture.hpp"

using namespace schemagate;
using namespace schemagate::test;

namespace {

view const v_a{"v", "a"};
view const v_b{"v", "b"};

catalog binary(view const& which)
{
    return shipping({"1"}, {}, {which});
}

} // namespace

TEST_CASE("repeatable scripts run after the versioned ones, in order of name", "[plan]")
{
    auto const c = shipping({"2", "1"}, {}, {{"z", "1"}, {"a", "2"}});
    auto const p = make_plan(c, {}, {});
    CHECK(names(p) == list{"1", "2", "a", "z"});
    CHECK(p.runs(*p.pending.back()));
    CHECK(p.started.empty());
    CHECK_FALSE(p.database_newer);
}

TEST_CASE("a repeatable script runs again when its text changed, and then alone", "[plan]")
{
    auto const rows = history{row("1"), row_of(v_a), row_of({"w", "same"})};
    CHECK(make_plan(shipping({"1"}, {}, {v_a, {"w", "same"}}), rows, {}).current());
    auto const c = shipping({"1"}, {}, {v_b, {"w", "same"}});
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"v"});
    CHECK(p.schema_version == "1");
    CHECK(p.warnings.empty());
}

TEST_CASE("an old process that reboots during a deploy leaves the new text alone", "[plan]")
{
    auto const old_binary = binary(v_a);
    auto const new_binary = binary(v_b);
    auto rows = history{row("1"), row_of(v_a)};
    CHECK(names(make_plan(new_binary, rows, {})) == list{"v"});
    rows.push_back(row_of(v_b));

    auto const again = make_plan(old_binary, rows, {});
    CHECK(again.pending.empty());
    CHECK(again.current());
    CHECK(again.database_newer);
    REQUIRE(again.warnings.size() == 1);
    CHECK(again.warnings.front().find("a later text of R_v") != std::string::npos);

    auto const newer = make_plan(new_binary, rows, {});
    CHECK(newer.current());
    CHECK_FALSE(newer.database_newer);
    CHECK(newer.warnings.empty());

    // Going back to the old text needs a text that was never run: a changed comment is enough.
    auto const reverted = binary({"v", "-- again\na"});
    CHECK(names(make_plan(reverted, rows, {})) == list{"v"});
}

TEST_CASE("a released text replaces only those released before it", "[plan]")
{
    auto const b_first = history{row("1"), row_of(v_b)};
    // On a database where the newer binary was first, an old process finds a text that it never saw.
    auto const released = [](view const& which, std::string_view texts) {
        auto const file = "R_" + which.name + ".sql";
        std::vector<script> const scripts{{.file = "1_m.sql", .text = "1"},
                                          {.file = file, .text = which.text, .released = texts}};
        return catalog{"test", scripts};
    };
    auto const a = sha256_hex("a") + "\n";
    auto const old_process = make_plan(released(v_a, a), b_first, {});
    CHECK(old_process.pending.empty());
    CHECK(old_process.current());
    CHECK(old_process.database_newer);
    auto const all = a + sha256_hex("b") + "\n" + sha256_hex("c") + "\n";
    view const v_c{"v", "c"};
    CHECK(names(make_plan(released(v_c, all), b_first, {})) == list{"v"});
    CHECK(names(make_plan(released(v_a, a), {row("1")}, {})) == list{"v"});
    // A text in development replaces any.
    CHECK(names(make_plan(released(v_a, ""), b_first, {})) == list{"v"});
}

TEST_CASE("a later text that is unverified is its own binary's to verify", "[plan]")
{
    auto rows = history{row("1"), row_of(v_a), row_of(v_b)};
    rows.back().verified = false;
    CHECK(make_plan(binary(v_a), rows, {}).current());
    CHECK(make_plan(binary(v_b), rows, {}).verification_due);
}

TEST_CASE("SCHEMAGATE_NEWER decides about a later text, too", "[plan]")
{
    auto const rows = history{row("1"), row_of(v_a), row_of(v_b)};
    auto const f = refusal(binary(v_a), rows, newer_refuse);
    CHECK(f.code() == errc::newer_database);
    CHECK(f.message().find("R_v") != std::string::npos);
    CHECK(make_plan(binary(v_b), rows, newer_refuse).current());
    CHECK(make_plan(binary(v_a), rows, newer_allow).current());
}

TEST_CASE("with a later text there and a version of mine pending, the lists have diverged", "[plan]")
{
    auto const c = shipping({"1", "2"}, {}, {v_a});
    auto const rows = history{row("1"), row_of(v_a), row_of(v_b)};
    auto const f = refusal(c, rows);
    CHECK(f.code() == errc::out_of_order);
    CHECK(f.script() == "2_m");
    CHECK(f.message().find("diverged") != std::string::npos);
    CHECK(f.message().find("a later text of R_v") != std::string::npos);

    auto const applied = make_plan(c, rows, late_apply);
    CHECK(names(applied) == list{"2"});
    CHECK(applied.warnings.size() == 2);
    auto const passed = make_plan(c, rows, late_warn);
    CHECK(passed.pending.empty());
    CHECK(passed.warnings.size() == 2);
    CHECK(make_plan(c, rows, newer_allow).pending.empty());
    CHECK(refusal(c, rows, newer_refuse).code() == errc::newer_database);
}

TEST_CASE("a script that allows itself to come late does so beside a later text", "[plan]")
{
    auto const c = shipping({"2"}, std::string{out_of_order_allowed}, {v_a});
    CHECK(names(make_plan(c, {row_of(v_a), row_of(v_b)}, {})) == list{"2"});
}

TEST_CASE("a database that is ahead runs no repeatable script of mine, and it is said", "[plan]")
{
    auto const by_version = make_plan(binary(v_a), {row("1"), row("2")}, {});
    CHECK(by_version.pending.empty());
    CHECK(by_version.current());
    REQUIRE(by_version.warnings.size() == 2);
    CHECK(by_version.warnings[1].starts_with("R_v is not run"));

    auto const c = shipping({"1"}, {}, {v_a, {"w", "new"}});
    auto const by_text = make_plan(c, {row("1"), row_of(v_a), row_of(v_b)}, {});
    CHECK(by_text.pending.empty());
    REQUIRE(by_text.warnings.size() == 2);
    CHECK(by_text.warnings[1].starts_with("R_w is not run"));
}

TEST_CASE("rows of repeatable scripts that I do not carry are ignored", "[plan]")
{
    auto const rows = history{row("1"), row_of({"old_name", "x"}), row_of({"old_name", "y"}),
                              begun(row_of({"another", "z"}), 2)};
    auto const c = shipping({"1"});
    auto const p = make_plan(c, rows, {});
    CHECK(p.current());
    CHECK_FALSE(p.database_newer);
    CHECK(p.schema_version == "1");
    CHECK(names(make_plan(shipping({"1"}, {}, {v_a}), rows, {})) == list{"v"});
}

TEST_CASE("a name made of digits is no version", "[plan]")
{
    auto const p = make_plan(shipping({"1"}, {}, {{"7", "x"}}), {row("1"), row_of({"7", "x"})}, {});
    CHECK(p.current());
    CHECK(p.schema_version == "1");
}

TEST_CASE("a catalog of repeatable scripts alone can be current, and be overtaken", "[plan]")
{
    auto const c = shipping({}, {}, {v_a});
    CHECK(names(make_plan(c, {}, {})) == list{"v"});
    auto const p = make_plan(c, {row_of(v_a)}, {});
    CHECK(p.current());
    CHECK(p.schema_version.empty());
    CHECK(make_plan(c, {row_of(v_a), row_of(v_b)}, {}).database_newer);
    CHECK(refusal(c, {row_of(v_a), row_of(v_b)}, newer_refuse).code() == errc::newer_database);
}

TEST_CASE("my repeatable script that was begun goes on where it stopped", "[plan]")
{
    auto const rows = history{row("1"), row_of(v_a), begun(row_of(v_b), 3)};
    auto const c = binary(v_b);
    auto const p = make_plan(c, rows, {});
    CHECK(names(p) == list{"v"});
    REQUIRE(p.started_as(*p.pending.front()) != nullptr);
    CHECK(p.started.front().statement_reached == 3);
    CHECK(p.started.front().id == rows.back().id);
    CHECK_FALSE(p.database_newer);
}

TEST_CASE("a text that another binary only began does not overtake mine", "[plan]")
{
    auto const rows = history{row("1"), row_of(v_a), begun(row_of(v_b), 3)};
    auto const p = make_plan(binary(v_a), rows, {});
    CHECK(p.current());
    CHECK_FALSE(p.database_newer);
}

TEST_CASE("a mended text starts anew, and the broken one is overtaken", "[plan]")
{
    auto rows = history{row("1"), begun(row_of(v_a), 3)};
    auto const mended = binary(v_b);
    auto const p = make_plan(mended, rows, {});
    CHECK(names(p) == list{"v"});
    CHECK(p.started.empty());

    rows.push_back(row_of(v_b));
    auto const broken = make_plan(binary(v_a), rows, {});
    CHECK(broken.pending.empty());
    CHECK(broken.database_newer);
}

TEST_CASE("late versions that are passed over do not hold back repeatable scripts", "[plan]")
{
    auto const c = shipping({"1", "2", "3"}, {}, {v_a});
    CHECK(names(make_plan(c, recording({"1", "3"}), late_warn)) == list{"v"});
    CHECK(names(make_plan(c, recording({"1", "3"}), late_apply)) == list{"2", "v"});
}
