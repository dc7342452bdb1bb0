// Names, drafts and differences, without a database.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "catch.hpp"
#include "http/problem.hpp"
#include "prompt/builtin_prompts.hpp"
#include "prompt/prompt_draft.hpp"
#include "prompt/prompt_name.hpp"
#include "prompt/text_difference.hpp"
#include "json/decode.hpp"

namespace {

using texts = std::vector<std::string>;

app::draft draft(std::string const& json)
{
    return app::draft_of(app::decode<app::version_body>(boost::json::parse(json)), "name", "author");
}

std::string refusal(std::string const& json)
{
    try {
        (void)draft(json);
        return "accepted";
    }
    catch (app::decode_error const& e) {
        return e.path() + ' ' + e.what();
    }
    catch (app::problem const& p) {
        return std::to_string(p.status) + ' ' + p.code + ' ' + boost::json::serialize(p.more);
    }
}

} // namespace

TEST_CASE("names of prompts are parts with slashes between them", "[prompt]")
{
    for (auto const& good : texts{"a", "A9", "a.b_c-d", "team/app/greeting", "0/1", std::string(255, 'x')}) {
        CHECK(app::is_prompt_name(good));
    }
    for (auto const& bad : texts{"", "/", "a/", "/a", "a//b", ".a", "a/.b", "-a", "a b", "é", "a%2Fb", "a\n",
                                 std::string(256, 'x')}) {
        CHECK_FALSE(app::is_prompt_name(bad));
    }
}

TEST_CASE("labels are 36 lower-case characters at most", "[prompt]")
{
    for (auto const& good : texts{"a", "0", "production", "v1.2_3-x", std::string(36, 'x')}) {
        CHECK(app::is_label(good));
    }
    for (auto const& bad : texts{"", "A", ".a", "-", "a b", "é", "a/b", std::string(37, 'x')}) {
        CHECK_FALSE(app::is_label(bad));
    }
}

TEST_CASE("a draft is a text or a chat, and knows its variables", "[prompt]")
{
    auto const text = draft(
        R"({"template":"{{ a }}{% if b %}{{ b }}{% endif %}","variables":["c","b"],"labels":["x","x"]})");
    CHECK(boost::json::serialize(text.version.variables) == R"(["c","b","a"])");
    CHECK(text.compiled.required == std::vector<std::string>{"a"});
    CHECK(text.labels == std::vector<std::string>{"x"});
    auto const chat = draft(
        R"({"messages":[{"role":"system","content":"{{ a }}"},{"role":"user","content":"{{ b }}{{ a }}"}]})");
    CHECK(chat.version.is_chat);
    CHECK(chat.compiled.required == std::vector<std::string>{"a", "b"});
    CHECK(app::stored_text(chat.version) ==
          R"([{"role":"system","content":"{{ a }}"},{"role":"user","content":"{{ b }}{{ a }}"}])");
    app::prompt_version back;
    back.is_chat = true;
    app::take_stored_text(back, app::stored_text(chat.version));
    CHECK(app::stored_text(back) == app::stored_text(chat.version));
}

TEST_CASE("a draft that cannot be a version says why", "[prompt]")
{
    CHECK_THAT(refusal("{}"), Catch::Matchers::Contains("either template"));
    CHECK_THAT(refusal(R"({"template":"a","messages":[]})"), Catch::Matchers::Contains("either template"));
    CHECK_THAT(refusal(R"({"template":""})"), Catch::Matchers::StartsWith("/template"));
    CHECK_THAT(refusal(R"({"messages":[]})"), Catch::Matchers::StartsWith("/messages"));
    CHECK_THAT(refusal(R"({"template":"a","type":"chat"})"), Catch::Matchers::StartsWith("/type"));
    CHECK_THAT(refusal(R"({"template":"a","labels":["latest"]})"), Catch::Matchers::StartsWith("/labels"));
    CHECK_THAT(refusal(R"({"template":"a","labels":["A"]})"), Catch::Matchers::StartsWith("/labels"));
    CHECK_THAT(refusal(R"({"template":"a","variables":[""]})"), Catch::Matchers::StartsWith("/variables"));
    auto const invalid = refusal("{\"template\":\"one\\n  {% for %}\"}");
    CHECK_THAT(invalid, Catch::Matchers::StartsWith("422 template-invalid {\"line\":2,\"column\":"));
    CHECK_THAT(refusal(R"({"messages":[{"role":"a","content":"x"},{"role":"b","content":"{{"}]})"),
               Catch::Matchers::Contains("\"message_index\":1"));
}

TEST_CASE("the built-in prompts are templates of ours", "[prompt]")
{
    REQUIRE(app::builtin_prompts().size() == 3);
    for (auto const& one : app::builtin_prompts()) {
        app::compiled_prompt compiled;
        CHECK(one.content.compile(compiled).empty());
        CHECK_FALSE(compiled.required.empty());
    }
}

TEST_CASE("a difference is a unified one", "[prompt]")
{
    CHECK(app::unified_difference("a", "same\n", "b", "same\n").empty());
    CHECK(app::unified_difference("a", "1\n2\n3\n", "b", "1\nx\n3\n") ==
          "--- a\n+++ b\n@@ -1,3 +1,3 @@\n 1\n-2\n+x\n 3\n");
    CHECK_THAT(app::unified_difference("a", "x\n", "b", "x"),
               Catch::Matchers::Contains("\\ No newline at end of file"));
    CHECK_FALSE(app::unified_difference("a", "", "b", "x\n").empty());
}
