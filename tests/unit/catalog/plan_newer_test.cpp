// A database that is ahead of the binary: SCHEMAGATE_NEWER and its neighbours.
#include "plan_fixture.hpp"

using namespace schemagate;
using namespace schemagate::test;

TEST_CASE("a database ahead of the binary is compatible unless a row says otherwise", "[plan]")
{
    auto const c = shipping({"1", "2"});
    auto rows = recording({"1", "2", "3", "4"});
    auto const p = make_plan(c, rows, {});
    CHECK(p.database_newer);
    CHECK(p.current());
    CHECK(p.schema_version == "4");
    CHECK(p.warnings.size() == 1);

    rows[3].breaks_older_than = "0002"; // equal is compatible
    CHECK(make_plan(c, rows, {}).current());

    rows[2].breaks_older_than = "3";
    auto const f = refusal(c, rows);
    CHECK(f.code() == errc::newer_database);
    CHECK(f.fix().find('3') != std::string::npos);
    CHECK(make_plan(c, rows, newer_allow).current());
}

TEST_CASE("breaks-older-than of a row that I carry does not matter to me", "[plan]")
{
    auto rows = recording({"1", "2"});
    rows[1].breaks_older_than = "1";
    CHECK(make_plan(shipping({"1", "2"}), rows, {}).current());
}

TEST_CASE("a newer database can be refused", "[plan]")
{
    CHECK(refusal(shipping({"1"}), recording({"1", "2"}), newer_refuse).code() == errc::newer_database);
    CHECK(make_plan(shipping({"1", "2"}), recording({"1", "2"}), newer_refuse).current());
}

TEST_CASE("a newer database with a script changed under me is not compatible", "[plan]")
{
    auto rows = recording({"1", "2"});
    rows[0].checksum = "other";
    CHECK(refusal(shipping({"1"}), rows).code() == errc::checksum_mismatch);

    auto const p = make_plan(shipping({"1"}), rows, newer_allow);
    CHECK(p.current());
    CHECK(p.warnings.size() == 2);
}

TEST_CASE("an unverified row of a newer binary is that binary's to verify", "[plan]")
{
    auto rows = recording({"1", "2"});
    rows[1].verified = false;
    auto const p = make_plan(shipping({"1"}), rows, {});
    CHECK_FALSE(p.verification_due);
    CHECK(p.current());
}

TEST_CASE("when each list has what the other lacks, the policy for late versions decides", "[plan]")
{
    auto const c = shipping({"1", "2"});
    auto rows = recording({"1", "3"});
    CHECK(refusal(c, rows).code() == errc::out_of_order);
    CHECK(make_plan(c, rows, late_warn).pending.empty());
    auto const p = make_plan(c, rows, late_apply);
    CHECK(names(p) == list{"2"});
    CHECK(p.database_newer);

    CHECK(refusal(c, rows, newer_refuse).code() == errc::newer_database);
    auto const allowed = make_plan(c, rows, newer_allow);
    CHECK(allowed.pending.empty());
    CHECK(allowed.warnings.size() == 2);

    rows[1].breaks_older_than = "3";
    CHECK(refusal(c, rows, late_apply).code() == errc::newer_database);
}

TEST_CASE("an empty catalog meets a database that others migrated", "[plan]")
{
    auto rows = recording({"1"});
    CHECK(make_plan(shipping({}), rows, {}).database_newer);
    rows[0].breaks_older_than = "0";
    CHECK(refusal(shipping({}), rows).code() == errc::newer_database);
}

TEST_CASE("a binary from before a late script meets a database that is ahead", "[plan]")
{
    auto const c = shipping({"1", "3"});
    auto rows = recording({"1", "3", "2"});
    auto const p = make_plan(c, rows, {});
    CHECK(p.database_newer);
    CHECK(p.current());
    CHECK(p.warnings.size() == 1);
    CHECK(p.warnings.front().find("2_m") != std::string::npos);
    CHECK(refusal(c, rows, newer_refuse).code() == errc::newer_database);

    // With more than the other binary, and without what that one brought.
    CHECK(refusal(shipping({"1", "3", "4"}), rows).code() == errc::out_of_order);
    CHECK(names(make_plan(shipping({"1", "3", "4"}), rows, late_apply)) == list{"4"});
    // A whole deploy taken back.
    CHECK(make_plan(c, recording({"1", "3", "2", "4"}), {}).current());
    // Not late: it was there before.
    CHECK(refusal(c, recording({"1", "2", "3"})).code() == errc::migration_missing);

    rows[2].breaks_older_than = "2"; // "older" than a version is who lacks it
    CHECK(refusal(c, rows).code() == errc::newer_database);
    rows[2].breaks_older_than = "1";
    CHECK(make_plan(c, rows, {}).current());
}
