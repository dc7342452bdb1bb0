// Paths and queries as clients write them.
#include <string>

#include "catch.hpp"
#include "http/cached_answer.hpp"
#include "http/problem.hpp"
#include "http/request_id.hpp"
#include "http/request_target.hpp"
#include "http/utf8.hpp"

namespace {

std::string shown(std::string_view target)
{
    auto const parsed = app::parse_target(target);
    if (!parsed) {
        return "refused";
    }
    std::string out;
    for (auto const& segment : parsed->segments) {
        out.append("[").append(segment).append("]");
    }
    for (auto const& [key, value] : parsed->query) {
        out.append(" ").append(key).append("=").append(value);
    }
    return out;
}

} // namespace

TEST_CASE("a target is taken apart before it is decoded", "[http]")
{
    CHECK(shown("/v1/prompts/a%2Fb") == "[v1][prompts][a/b]");
    CHECK(shown("/v1/prompts/a/b") == "[v1][prompts][a][b]");
    CHECK(shown("/") == "[]");
    CHECK(shown("/a?x=1&y=a+b&z=%26&e=&n") == "[a] x=1 y=a b z=& e= n=");
    CHECK(shown("http://host:1/a?b=c") == "[a] b=c");
    CHECK(shown("/a#f?x=1") == "[a]");
    for (char const* bad : {"/%", "/%4", "/%GG", "/%00", "/%ff", "/%c0%af", "/a?x=%00", "/a?%ff=1"}) {
        CHECK(shown(bad) == "refused");
    }
}

TEST_CASE("a segment is encoded so that it comes back", "[http]")
{
    for (std::string const name : {"a/b", "é €", "a?b#c%d", "plain-._~"}) {
        CHECK(shown("/" + app::percent_encoded(name)) == "[" + name + "]");
    }
}

TEST_CASE("UTF-8 is judged as PostgreSQL does", "[http]")
{
    CHECK(app::is_utf8_without_nul("aé€😀"));
    for (std::string_view const bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
        CHECK_FALSE(app::is_utf8_without_nul(bad));
    }
    CHECK_FALSE(app::is_utf8_without_nul(std::string_view{"a\0b", 3}));
    CHECK(app::length_in_characters("aé€😀") == 4);
}

TEST_CASE("a client that has the body is spared it", "[http]")
{
    auto const tag = app::entity_tag_of("body");
    CHECK(app::cached_answer("body", tag, "no-cache", "").status == 200);
    CHECK(app::cached_answer("body", tag, "no-cache", "\"x\", W/" + tag).status == 304);
    CHECK(app::cached_answer("body", tag, "no-cache", "*").status == 304);
    CHECK(app::cached_answer("other", app::entity_tag_of("other"), "no-cache", tag).status == 200);
}

TEST_CASE("a request id is the client's if it is sane", "[http]")
{
    CHECK(app::request_id_of("abc-123_x.y:z") == "abc-123_x.y:z");
    for (auto const& bad : {std::string{}, std::string{"a b"}, std::string{"a\nb"}, std::string{"\"x\""},
                            std::string(129, 'a'), std::string{"é"}, std::string{"sgk_0123"}}) {
        auto const made = app::request_id_of(bad);
        CHECK(made.size() == 32);
        CHECK(made != app::request_id_of(bad));
    }
}

TEST_CASE("a problem says its code, its status and the request", "[http]")
{
    auto a = app::answer_of(app::unavailable("busy", "Wait.", 3, {{"more", 1}}), "id-1");
    CHECK(a.status == 503);
    CHECK(a.content_type == "application/problem+json");
    CHECK(
        a.body ==
        R"({"type":"urn:prompt-service:problem:busy","title":"Service Unavailable","status":503,"detail":"Wait.",)"
        R"("code":"busy","request_id":"id-1","more":1})");
    CHECK(a.headers.back().second == "3");
}
