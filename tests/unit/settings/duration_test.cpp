#include "schemagate/settings.hpp"

#include "catch.hpp"

using namespace std::chrono_literals;
using schemagate::parse_duration;

TEST_CASE("a duration is a number with ms, s, min or h, or seconds without a unit", "[duration]")
{
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("2s") == 2s);
    CHECK(parse_duration("15min") == 15min);
    CHECK(parse_duration("1h") == 1h);
    CHECK(parse_duration("60") == 60s);
    CHECK(parse_duration("0") == 0ms);
    CHECK(parse_duration("0ms") == 0ms);
    CHECK(parse_duration("007s") == 7s);
}

TEST_CASE("what is no duration is none", "[duration]")
{
    auto const text = GENERATE("", " ", "soon", "s", "-1s", "+1s", " 1s", "1s ", "1 s", "1.5s", "1m", "1d",
                               "1S", "1sec", "0x10", "1s\n", "1s2ms", "1e3");
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
}

TEST_CASE("a duration too long for its type is none, and does not wrap around", "[duration]")
{
    CHECK(parse_duration("9223372036854775807ms").has_value());
    CHECK_FALSE(parse_duration("9223372036854775808ms").has_value());
    CHECK_FALSE(parse_duration("18446744073709551615ms").has_value());
    CHECK_FALSE(parse_duration("99999999999999999999999ms").has_value());
    CHECK(parse_duration("9223372036854775s").has_value());
    CHECK_FALSE(parse_duration("9223372036854776s").has_value());
    CHECK_FALSE(parse_duration("2562047788016h").has_value());
    CHECK_FALSE(parse_duration("18446744073709551").has_value());
}
