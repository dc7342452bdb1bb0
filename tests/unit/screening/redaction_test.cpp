// Offsets in characters, merging, and what redaction leaves.
#include <string>
#include <vector>

#include "catch.hpp"
#include "screening/match.hpp"
#include "screening/redaction.hpp"

using app::match;
using list = std::vector<match>;

TEST_CASE("offsets in bytes become offsets in characters", "[match]")
{
    CHECK(app::in_characters("aé日𝐱b",
                             list{{"X", 0, 1}, {"X", 1, 3}, {"X", 3, 6}, {"X", 6, 10}, {"X", 10, 11}}) ==
          list{{"X", 0, 1}, {"X", 1, 2}, {"X", 2, 3}, {"X", 3, 4}, {"X", 4, 5}});
    CHECK(app::in_characters("éé", list{{"Y", 2, 4}, {"X", 0, 4}}) == list{{"Y", 1, 2}, {"X", 0, 2}});
    CHECK(app::in_characters("", {}).empty());
    CHECK(app::in_characters("\xff\xff"
                             "a",
                             list{{"X", 2, 3}}) == list{{"X", 2, 3}});
}

TEST_CASE("overlapping matches of one entity are one", "[match]")
{
    CHECK(app::merged_by_entity({{"B", 4, 9}, {"A", 0, 5}, {"A", 3, 7}, {"A", 7, 8}, {"A", 0, 5}}) ==
          list{{"A", 0, 7}, {"B", 4, 9}, {"A", 7, 8}});
    CHECK(app::merged_by_entity({{"A", 0, 9}, {"A", 2, 3}}) == list{{"A", 0, 9}});
    CHECK(app::merged_by_entity({}).empty());
}

TEST_CASE("redaction puts the entity in the place of each match", "[redaction]")
{
    CHECK(app::redact("SSN 123-45-6789, card 4111111111111111.", {{"CREDIT_CARD", 22, 38}, {"SSN", 4, 15}}) ==
          "SSN [SSN], card [CREDIT_CARD].");
    CHECK(app::redact("text", {}) == "text");
    CHECK(app::redact("", {}) == "");
    CHECK(app::redact("abc", {{"X", 0, 3}}) == "[X]");
    CHECK(app::redact("aébc", {{"X", 1, 3}}) == "a[X]bc");
}

TEST_CASE("of overlapping matches nothing stays, and the longest gives the name", "[redaction]")
{
    CHECK(app::redact("0123456789", {{"A", 2, 5}, {"B", 4, 9}}) == "01[B]9");
    CHECK(app::redact("0123456789", {{"A", 2, 7}, {"B", 6, 9}}) == "01[A]9");
    CHECK(app::redact("0123456789", {{"A", 2, 5}, {"B", 2, 5}}) == "01[A]56789");
    CHECK(app::redact("0123456789", {{"A", 1, 3}, {"B", 2, 6}, {"C", 5, 8}}) == "0[B]89");
    CHECK(app::redact("0123456789", {{"A", 1, 3}, {"B", 3, 6}}) == "0[A][B]6789");
}
