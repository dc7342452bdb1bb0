// What parse_json() takes, and what it refuses that a lenient reader would change in silence.
#include <boost/json/serialize.hpp>
#include <string>

#include "catch.hpp"
#include "json/parse.hpp"

namespace {

std::string refusal(std::string const& text)
{
    try {
        (void)app::parse_json(text);
        return "accepted";
    }
    catch (app::json_error const& e) {
        return e.what();
    }
}

std::string nested(std::size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

TEST_CASE("JSON comes through as it was written", "[json]")
{
    for (std::string const text :
         {R"({"a":1,"b":[true,false,null,"x"],"c":{"d":-9223372036854775808,"e":18446744073709551615}})",
          "[]", "\"é€😀\"", "0.5", "-0.25", "1.5E3", "[[[]]]"}) {
        CHECK(refusal(text) == "accepted");
    }
    CHECK(boost::json::serialize(app::parse_json(R"( {"a" : "A\n" } )")) == R"({"a":"A\n"})");
    CHECK(app::parse_json("9007199254740993").as_int64() == 9007199254740993);
}

TEST_CASE("what PostgreSQL cannot store, or a double not hold, is refused", "[json]")
{
    CHECK_THAT(refusal(R"({"a":"x\u0000y"})"), Catch::Matchers::Contains("U+0000"));
    CHECK_THAT(refusal(R"({"a\u0000b":1})"), Catch::Matchers::Contains("U+0000"));
    CHECK_THAT(refusal(std::string("\"a\0b\"", 5)), Catch::Matchers::Contains("JSON"));
    CHECK_THAT(refusal("18446744073709551616"), Catch::Matchers::Contains("64 bits"));
    CHECK_THAT(refusal("[-9223372036854775809]"), Catch::Matchers::Contains("64 bits"));
    CHECK_THAT(refusal("123456789012345678901234567890"), Catch::Matchers::Contains("64 bits"));
    CHECK_THAT(refusal("1e400"), Catch::Matchers::Contains("range"));
    CHECK_THAT(refusal("[1e999999999999]"), Catch::Matchers::Contains("range"));
}

TEST_CASE("a key that is given twice is refused by its name, at any depth", "[json]")
{
    CHECK_THAT(refusal(R"({"a":1,"b":2,"a":3})"), Catch::Matchers::Contains("\"a\" is given twice"));
    CHECK_THAT(refusal(R"([{"x":{"k":1,"k":1}}])"), Catch::Matchers::Contains("\"k\""));
    CHECK_THAT(refusal(R"({"a":1,"\u0061":2})"), Catch::Matchers::Contains("\"a\""));
    CHECK(refusal(R"({"a":{"a":1},"b":{"a":1}})") == "accepted");
}

TEST_CASE("nesting is taken up to 64 levels", "[json]")
{
    CHECK(refusal(nested(64)) == "accepted");
    CHECK_THAT(refusal(nested(65)), Catch::Matchers::Contains("64 levels"));
    CHECK_THAT(refusal(std::string(10'000, '[')), Catch::Matchers::Contains("64 levels"));
    CHECK_THAT(refusal(std::string(10'000, '{')), !Catch::Matchers::Contains("accepted"));
}

TEST_CASE("what is not JSON in UTF-8 is refused", "[json]")
{
    for (std::string const text : {"",
                                   " ",
                                   "{",
                                   "{]",
                                   "[1,]",
                                   "{\"a\":}",
                                   "{a:1}",
                                   "'x'",
                                   "01",
                                   "+1",
                                   "nul",
                                   "NaN",
                                   "Infinity",
                                   "\"\\x\"",
                                   "\"\x01\"",
                                   "\"\xff\"",
                                   "\"\xc0\xaf\"",
                                   "\"\xed\xa0\x80\"",
                                   "\"\\ud800\"",
                                   "1 2",
                                   "{} x",
                                   "// c\n1",
                                   "[1] ]"}) {
        INFO(text);
        CHECK(refusal(text) != "accepted");
    }
    CHECK_THAT(refusal("[1] x"), Catch::Matchers::Contains("follows"));
}
