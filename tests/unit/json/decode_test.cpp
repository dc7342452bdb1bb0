// From JSON to described structs, and the schema of those.
#include <boost/describe/class.hpp>
#include <boost/json/serialize.hpp>
#include <string>

#include "catch.hpp"
#include "json/decode.hpp"
#include "json/parse.hpp"

namespace {

struct inner
{
    std::string word;
};
BOOST_DESCRIBE_STRUCT(inner, (), (word))

struct base
{
    std::optional<bool> flag;
};
BOOST_DESCRIBE_STRUCT(base, (), (flag))

struct outer : base
{
    std::string template_;
    std::int32_t number = 0;
    std::optional<double> ratio;
    std::optional<std::vector<inner>> list;
    std::optional<std::optional<std::string>> patch;
    std::optional<boost::json::object> any;
};
BOOST_DESCRIBE_STRUCT(outer, (base), (template_, number, ratio, list, patch, any))

std::string fault(std::string const& text)
{
    try {
        (void)app::decode<outer>(app::parse_json(text));
        return "accepted";
    }
    catch (app::decode_error const& e) {
        return e.path() + ' ' + e.what();
    }
}

} // namespace

TEST_CASE("a body becomes a struct", "[json]")
{
    auto const read = app::decode<outer>(app::parse_json(
        R"({"template":"t","number":-7,"ratio":2,"list":[{"word":"a"},{"word":"b"}],"patch":null,"any":{"x":1},"flag":true})"));
    CHECK(read.template_ == "t");
    CHECK(read.number == -7);
    CHECK(read.ratio == 2.0);
    CHECK(read.list->at(1).word == "b");
    CHECK(read.patch.has_value());
    CHECK_FALSE(read.patch->has_value());
    CHECK(read.flag == true);
    auto const least = app::decode<outer>(app::parse_json(R"({"template":"","number":0,"ratio":null})"));
    CHECK_FALSE(least.patch.has_value());
    CHECK_FALSE(least.ratio.has_value());
}

TEST_CASE("a fault is told with its place", "[json]")
{
    CHECK(fault("[]") == " must be an object");
    CHECK(fault(R"({"number":1})") == "/template is required");
    CHECK(fault(R"({"template":1,"number":1})") == "/template must be a string");
    CHECK(fault(R"({"template":null,"number":1})") == "/template must be a string");
    CHECK_THAT(fault(R"({"template":"","number":1.0})"), Catch::Matchers::StartsWith("/number must be a whole number"));
    CHECK_THAT(fault(R"({"template":"","number":2147483648})"),
               Catch::Matchers::StartsWith("/number must be a whole number"));
    CHECK_THAT(fault(R"({"template":"","number":18446744073709551615})"), Catch::Matchers::StartsWith("/number"));
    CHECK(fault(R"({"template":"","number":1,"list":{}})") == "/list must be an array");
    CHECK(fault(R"({"template":"","number":1,"list":[{"word":"a"},{"word":2}]})") ==
          "/list/1/word must be a string");
    CHECK_THAT(fault(R"({"template":"","number":1,"list":[{"word":"a","wrod":1}]})"),
               Catch::Matchers::StartsWith("/list/0/wrod is not a field here; there are: word"));
    CHECK_THAT(fault(R"({"template":"","number":1,"template_":2})"),
               Catch::Matchers::StartsWith("/template_ is not a field"));
    CHECK(fault(R"({"template":"","number":1,"any":[]})") == "/any must be an object");
}

TEST_CASE("the schema says what is taken", "[json]")
{
    auto const schema = app::schema_of<outer>();
    CHECK(boost::json::serialize(schema.at("required")) == R"(["template","number"])");
    CHECK(schema.at("additionalProperties") == false);
    auto const& properties = schema.at("properties").as_object();
    CHECK(properties.size() == 7);
    CHECK(boost::json::serialize(properties.at("ratio")) == R"({"type":["number","null"]})");
    CHECK(properties.at("list").at("items").at("properties").as_object().contains("word"));
}
