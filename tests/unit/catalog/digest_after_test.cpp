// What a new row says of the whole set.
#include "schemagate/digest_after.hpp"

#include "plan_fixture.hpp"

using namespace schemagate;
using namespace schemagate::test;

namespace {

/// Applies what the plan wants, one at a time, as a leader does; the digest that the last row got.
std::string digest_at_the_end(catalog const& shipped, history recorded, plan_policy policy = {})
{
    auto const planned = make_plan(shipped, recorded, policy);
    auto digest = digest_after(shipped, recorded, {});
    for (auto const* const each : planned.pending) {
        digest = digest_after(shipped, recorded, {each});
        if (auto const* const s = planned.started_as(*each)) {
            std::erase_if(recorded, [&](history_row const& r) { return r.id == s->id; });
        }
        auto done = row(each->recorded_version(), each->repeatable() ? "repeatable" : "versioned");
        done.checksum = each->checksum;
        recorded.push_back(std::move(done));
    }
    CHECK(make_plan(shipped, recorded, policy).current());
    return digest;
}

view const v_a{"v", "a"};
view const v_b{"v", "b"};

} // namespace

TEST_CASE("once everything is applied, the digest is the catalog's own", "[digest]")
{
    auto const c = shipping({"1", "2", "3"}, {}, {v_b, {"w", "x"}});
    CHECK(digest_at_the_end(c, {}) == c.digest());
    CHECK(digest_at_the_end(c, recording({"1", "2"})) == c.digest());
    CHECK(digest_at_the_end(c, recording({"1", "3"}), late_apply) == c.digest());
    CHECK(digest_at_the_end(c, {row("1", "adopted"), row("2", "not-needed")}) == c.digest());
    CHECK(digest_at_the_end(c, {row("1"), row_of(v_a), row("2")}) == c.digest());
    CHECK(digest_at_the_end(c, {row("1"), row_of({"old_name", "a"}), row_of(v_b)}) == c.digest());
    CHECK(digest_at_the_end(c, {row("1"), begun(row("2"), 3)}) == c.digest());
    CHECK(digest_at_the_end(c, {row("1"), row_of(v_a), begun(row_of(v_b), 1)}) == c.digest());
    CHECK(digest_at_the_end(c, {row("1"), begun(row_of({"w", "broken"}), 1)}) == c.digest());

    auto mended = history{row("1"), begun(row("2"), 1)};
    mended[1].checksum = "of the broken text";
    CHECK(digest_at_the_end(c, mended) == c.digest());

    auto const plain = shipping({"1", "2"});
    CHECK(digest_at_the_end(plain, {}) == plain.digest());
    CHECK(digest_at_the_end(plain, {row("1"), row_of(v_a)}) == plain.digest());
    auto const views_alone = shipping({}, {}, {v_a});
    CHECK(digest_at_the_end(views_alone, {}) == views_alone.digest());
    CHECK(digest_at_the_end(shipping({}), {}) == shipping({}).digest());
}

TEST_CASE("all of a batch at once give the digest of one after the other", "[digest]")
{
    auto const c = shipping({"1", "2"}, {}, {v_a});
    CHECK(digest_after(c, {}, c.scripts()) == c.digest());
}

TEST_CASE("before that, the digest is of what is applied", "[digest]")
{
    auto const c = shipping({"1", "2"}, {}, {v_a, {"w", "x"}});
    auto const one = set_member{version{"1"}, sha256_hex("1")};
    CHECK(digest_after(c, {}, {}) == set_digest({}));
    CHECK(digest_after(c, {}, {c.find(version{"1"})}) == set_digest({one}));
    CHECK(digest_after(c, {row("1"), begun(row("2"), 1)}, {}) == set_digest({one}));
    CHECK(digest_after(c, {row("1"), begun(row_of(v_a), 1)}, {}) == set_digest({one}));
    CHECK(digest_after(c, {row("1")}, {c.find_repeatable("w")}) ==
          set_digest({one}, {{"w", sha256_hex("x")}}));
}

TEST_CASE("of a repeatable script the newest text counts, and an applied one above all", "[digest]")
{
    auto const c = shipping({"1"}, {}, {v_a});
    auto const rows = history{row("1"), row_of(v_a), row_of(v_b)};
    auto const one = set_member{version{"1"}, sha256_hex("1")};
    CHECK(digest_after(c, rows, {}) == set_digest({one}, {{"v", sha256_hex("b")}}));
    CHECK(digest_after(c, rows, {c.find_repeatable("v")}) == c.digest());
    CHECK(digest_after(shipping({"1"}), rows, {}) == set_digest({one})); // which does not carry it
}

TEST_CASE("a baseline is part of the digest, as are versions that I do not carry", "[digest]")
{
    auto rows = history{row("3", "baseline"), row("9")};
    rows[0].checksum.clear();
    auto const c = shipping({"4"});
    CHECK(digest_after(c, rows, {c.newest()}) ==
          set_digest({{version{"3"}, ""}, {version{"9"}, sha256_hex("9")}, {version{"4"}, sha256_hex("4")}}));
}
