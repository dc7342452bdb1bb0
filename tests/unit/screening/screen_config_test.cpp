// What a guardrail's config means, and what is refused when it is saved.
#include <string>
#include <vector>

#include "catch.hpp"
#include "configs.hpp"
#include "screening/redaction.hpp"

using app::screen;
using support::holds;

namespace {

screen compiled(std::string const& type, std::string const& config)
{
    return screen::compile(type, configs::object(config));
}

std::string redacted(screen const& one, std::string const& text)
{
    return app::redact(text, one.find(text));
}

struct refusal
{
    std::string path;
    std::string sentence;
    std::string re2;
};

refusal refused(std::string const& type, std::string const& config)
{
    try {
        compiled(type, config);
    }
    catch (app::pattern_invalid const& reason) {
        return {reason.path(), reason.what(), reason.re2_words()};
    }
    return {"accepted", "", ""};
}

} // namespace

TEST_CASE("a pattern that cannot be compiled is refused with its place and RE2's words", "[config]")
{
    auto const said =
        refused("pii_detection", R"j({"patterns": ["a", {"regex": "b"}, {"regex": "(?=c)"}]})j");
    CHECK(said.path == "/config/patterns/2/regex");
    CHECK_THAT(said.sentence, holds("RE2") && holds("(?=") && holds("Look-around"));
    CHECK(said.re2 == "invalid perl operator: (?=");
}

TEST_CASE("what cannot be meant is refused", "[config]")
{
    auto const [type, config, path, words] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"pii_detection", R"j({"patterns": ["(a"]})j", "/config/patterns/0", "RE2"},
            {"pii_detection", R"j({"patterns": ["(?<!x)a"]})j", "/config/patterns/0", "RE2"},
            {"pii_detection", R"j({"patterns": ["(a)\\1"]})j", "/config/patterns/0", "RE2"},
            {"pii_detection", R"j({"patterns": ["a{2000}"]})j", "/config/patterns/0", "RE2"},
            {"pii_detection", R"j({"patterns": [""]})j", "/config/patterns/0", "empty"},
            {"pii_detection", R"j({"patterns": ["a*"]})j", "/config/patterns/0", "empty text"},
            {"pii_detection", R"j({"patterns": ["|a"]})j", "/config/patterns/0", "empty text"},
            {"pii_detection", R"j({"patterns": ["^$"]})j", "/config/patterns/0", "empty text"},
            {"pii_detection", R"j({"patterns": [{"regex": 5}]})j", "/config/patterns/0/regex", "string"},
            {"pii_detection", R"j({"patterns": [5]})j", "/config/patterns/0", "string"},
            {"pii_detection", R"j({"patterns": [null]})j", "/config/patterns/0", "string"},
            {"pii_detection", R"j({"patterns": 5})j", "/config/patterns", "string"},
            {"pii_detection", R"j({"patterns": [{}]})j", "/config/patterns/0", "neither"},
            {"pii_detection", R"j({"patterns": [{"entity": "X"}]})j", "/config/patterns/0", "neither"},
            {"pii_detection", R"j({"patterns": [{"regex": "a", "entity": 1}]})j", "/config/patterns/0/entity",
             "string"},
            {"pii_detection", R"j({"patterns": [{"regex": "a", "entity": ""}]})j",
             "/config/patterns/0/entity", "1 to 64"},
            {"pii_detection", R"j({"patterns": [{"regex": "a", "entity": "a]b"}]})j",
             "/config/patterns/0/entity", "letters"},
            {"pii_detection", R"j({"patterns": [{"regex": "a", "validate": "mod97"}]})j",
             "/config/patterns/0/validate", "luhn"},
            {"pii_detection", R"j({"patterns": [{"regex": "a", "validate": true}]})j",
             "/config/patterns/0/validate", "string"},
            {"pii_detection", R"j({"patterns": {"A/B": ["a"]}})j", "/config/patterns/A~1B", "letters"},
            {"pii_detection", R"j({"patterns": {"A": ["("]}})j", "/config/patterns/A/0", "RE2"},
            {"pii_detection", R"j({"patterns": {"A": 5}})j", "/config/patterns/A", "pattern"},
            {"pii_detection", R"j({"entity_types": "SSN"})j", "/config/entity_types", "list"},
            {"pii_detection", R"j({"entity_types": [1]})j", "/config/entity_types/0", "string"},
            {"pii_detection", R"j({"case_sensitive": "no"})j", "/config/case_sensitive", "true or false"},
            {"prompt_injection", R"j({"fold_whitespace": 1})j", "/config/fold_whitespace", "true or false"},
            {"prompt_injection", R"j({"strings": ["a", ""]})j", "/config/strings/1", "empty"},
            {"prompt_injection", R"j({"strings": ["\u200b"]})j", "/config/strings/0", "empty"},
            {"prompt_injection", R"j({"strings": [1]})j", "/config/strings/0", "string"},
            {"prompt_injection", R"j({"patterns": ["ignore (?!me)"]})j", "/config/patterns/0", "RE2"},
            {"prompt_injection", R"j({"pattern": 7})j", "/config/pattern", "string"},
            {"content_policy", R"j({"patterns": ["["]})j", "/config/patterns/0", "RE2"},
            {"content_policy", R"j({"patterns": ["(?:a{1,100}){1,100}"]})j", "/config/patterns/0", ""},
            {"toxic_content", R"j({"detector": 1})j", "/config/detector", "string"},
            {"mood", "{}", "/type", "pii_detection"},
        }));
    INFO(type << ' ' << config);
    auto const said = refused(type, config);
    CHECK(said.path == path);
    CHECK_THAT(said.sentence, holds(words));
}

TEST_CASE("a guardrail has a hundred patterns at most, and a pattern 4,096 bytes", "[config]")
{
    auto const many = [](std::size_t count) {
        auto list = boost::json::array{};
        list.resize(count, boost::json::value("abc"));
        return boost::json::object{{"patterns", list}};
    };
    CHECK(screen::compile("content_policy", many(100)).effective());
    CHECK_THROWS_AS(screen::compile("content_policy", many(101)), app::pattern_invalid);
    CHECK(screen::compile("content_policy", {{"patterns", std::string(4096, 'a')}}).effective());
    CHECK_THROWS_AS(screen::compile("content_policy", {{"patterns", std::string(4097, 'a')}}),
                    app::pattern_invalid);
    CHECK(refused("content_policy", R"j({"patterns": ["\\pL{50}"]})j").path == "/config/patterns/0");
}

TEST_CASE("a screen says whether it can find anything", "[config]")
{
    auto const [type, config, effective] = GENERATE(table<std::string, std::string, bool>({
        {"pii_detection", R"j({"entity_types": ["SSN"]})j", true},
        {"pii_detection", "{}", true}, // all detectors
        {"pii_detection", R"j({"entity_types": []})j", false},
        {"pii_detection", R"j({"entity_types": ["PASSPORT"]})j", false},
        {"pii_detection", R"j({"entity_types": ["PASSPORT"], "patterns": ["[A-Z][0-9]{8}"]})j", true},
        {"prompt_injection", "{}", false},
        {"prompt_injection", R"j({"patterns": ["x"]})j", true},
        {"content_policy", R"j({"patterns": []})j", false},
        {"toxic_content", "{}", false},
        {"toxic_content", R"j({"detector": "none", "threshold": 0.7, "categories": ["violence"]})j", false},
        {"toxic_content", R"j({"detector": null})j", false},
        {"toxic_content", R"j({"patterns": ["x"]})j", false},
    }));
    INFO(type << ' ' << config);
    CHECK(compiled(type, config).effective() == effective);
    CHECK(compiled(type, config).find("x").empty() != (type == "prompt_injection" && effective));
}

TEST_CASE("entity types choose the detectors, under any customary name", "[config]")
{
    std::string const text = "123-45-6789, 4111111111111111, 415-555-0132, a@example.com";
    CHECK(redacted(compiled("pii_detection", "{}"), text) ==
          "[SSN], [CREDIT_CARD], [PHONE_NUMBER], [EMAIL_ADDRESS]");
    CHECK(redacted(compiled("pii_detection", R"j({"entity_types": ["SSN"]})j"), text) ==
          "[SSN], 4111111111111111, 415-555-0132, a@example.com");
    CHECK(redacted(compiled("pii_detection",
                            R"j({"entity_types": ["email", "Phone", "US_SSN", "credit_card_number"]})j"),
                   text) == "[SSN], [CREDIT_CARD], [PHONE_NUMBER], [EMAIL_ADDRESS]");
    CHECK(redacted(compiled("pii_detection", R"j({"patterns": ["zzz"]})j"), text) == text);
}

TEST_CASE("a user's own pattern reads the text as it is, and folded", "[config]")
{
    auto const employee = compiled(
        "pii_detection", R"j({"patterns": [{"entity": "employee id", "regex": "\\bEMP-[0-9]{6}\\b"}]})j");
    CHECK(redacted(employee, "EMP-123456") == "[EMPLOYEE_ID]");
    CHECK(redacted(employee, "ＥＭＰ－１２３４５６ E\u200BMP-123456") == "[EMPLOYEE_ID] [EMPLOYEE_ID]");
    CHECK(redacted(employee, "emp-123456") == "emp-123456");
    auto const lines = compiled("content_policy", R"j({"patterns": ["a\\n\\nb", "c d"]})j");
    CHECK(redacted(lines, "a\n\nb") == "[CONTENT_POLICY]"); // as it is: folded, there is no line break
    CHECK(redacted(lines, "c\n\nd") == "[CONTENT_POLICY]"); // folded
    auto const insensitive =
        compiled("content_policy", R"j({"patterns": ["straße"], "case_sensitive": false})j");
    CHECK(redacted(insensitive, "STRAßE") == "[CONTENT_POLICY]");
}

TEST_CASE("white space is kept in the folded text if the config says so", "[config]")
{
    auto const kept =
        compiled("prompt_injection", R"j({"patterns": [{"regex": "a b"}], "fold_whitespace": false})j");
    CHECK(kept.find("a\nb").empty());
    CHECK(kept.find("ａ b").size() == 1);
    auto const folded =
        compiled("prompt_injection", R"j({"patterns": [{"regex": "a b"}], "fold_whitespace": true})j");
    CHECK(folded.find("a\nb").size() == 1);
}

TEST_CASE("a pattern of one of our entities has to find one by our rules", "[config]")
{
    auto const [entity, regex, text, found] = GENERATE(table<std::string, std::string, std::string, bool>({
        {"CREDIT_CARD", "[0-9]{16}", "4111111111111111", true},
        {"CREDIT_CARD", "[0-9]{16}", "4111111111111112", false},
        {"CREDIT_CARD", "[0-9]{16}", "1111111111111117", false},
        {"CREDIT_CARD", "[0-9]{16}", "41111111111111110", false},
        {"CREDIT_CARD", "[0-9 ]{16,30}", "0000 4111 1111 1111 1111", true},
        {"CREDIT_CARD", "[0-9._]{16,30}", "41_11_11_11_11_11_11_11", true}, // the grouping is the pattern's
        {"PHONE_NUMBER", "[0-9]{10}", "4155550132", false},
        {"PHONE_NUMBER", "[0-9]{10}", "1700000000", false},
        {"PHONE_NUMBER", "[0-9]{4}-[0-9]{4}", "call 6123-4567", true},
        {"PHONE_NUMBER", "[0-9. -]{9,}", "10.0.19041.1234", false},
        {"PHONE_NUMBER", "[0-9. -]{9,}", "2024-01-15", false},
        {"PHONE_NUMBER", "[0-9. -]{9,}", "15.01.2024", false},
        {"PHONE_NUMBER", "\\+[0-9 ]+", "+1 415 555 0132", true},
        {"PHONE_NUMBER", "\\+[0-9 .]+", "+40.712776", false},
        {"PHONE_NUMBER", "\\+[0-9]+", "5+14155550132", false},
        {"SSN", "[0-9]{9}", "401223344", true}, // the pattern says that digits alone are one
        {"SSN", "[0-9]{9}", "666223344", false},
        {"SSN", "[0-9]{9}", "4012233445", false},
        {"SSN", "[0-9-]{11}", "900-12-3456", false},
        {"EMAIL_ADDRESS", "[a-z]+@[a-z]+", "root@db", true},
        {"EMAIL_ADDRESS", "[a-z0-9]+@[a-z0-9.]+", "icon@2x.png", false},
        {"MEMBER", "[0-9]{10}", "4155550132", true},
    }));
    INFO(entity << ' ' << regex << ' ' << text);
    auto const one = screen::compile(
        "pii_detection", {{"patterns", boost::json::array{{{"entity", entity}, {"regex", regex}}}}});
    auto const hits = one.find(text);
    CHECK(hits.empty() != found);
    CHECK((hits.empty() || hits.front().entity == entity));
}

TEST_CASE("luhn asks for the check digit, whatever the entity", "[config]")
{
    auto const imei =
        compiled("pii_detection",
                 R"j({"patterns": [{"entity": "IMEI", "regex": "\\b[0-9]{15}\\b", "validate": "luhn"}]})j");
    CHECK(redacted(imei, "490154203237518 490154203237519") == "[IMEI] 490154203237519");
    CHECK(redacted(imei, "４９０１５４２０３２３７５１８") == "[IMEI]");
}

TEST_CASE("patterns are taken in every customary form", "[config]")
{
    auto const [type, config, text] = GENERATE(table<std::string, std::string, std::string>({
        {"pii_detection", R"j({"patterns": {"STAFF": "s[0-9]+", "ROOM": ["r[0-9]+"]}})j", "[STAFF] [ROOM]"},
        {"pii_detection", R"j({"patterns": {"STAFF": {"regex": "s[0-9]+"}}})j", "[STAFF] r2"},
        {"pii_detection", R"j({"patterns": "s[0-9]+"})j", "[PII] r2"},
        {"pii_detection", R"j({"patterns": [{"pattern": "s[0-9]+", "entity_type": "staff"}]})j",
         "[STAFF] r2"},
        {"pii_detection", R"j({"patterns": [{"literal": "s1", "entity": "staff"}]})j", "[STAFF] r2"},
        {"pii_detection", R"j({"regexes": ["s[0-9]+"]})j", "[PII] r2"},
        {"content_policy", R"j({"keywords": ["s1", "r2"]})j", "[CONTENT_POLICY] [CONTENT_POLICY]"},
        {"content_policy", R"j({"blocked_words": ["s1"], "patterns": ["r[0-9]"]})j",
         "[CONTENT_POLICY] [CONTENT_POLICY]"},
        {"prompt_injection", R"j({"strings": ["S1"]})j", "[PROMPT_INJECTION] r2"},
        {"prompt_injection", R"j({"substrings": ["S1"]})j", "[PROMPT_INJECTION] r2"},
        {"prompt_injection", R"j({"phrases": ["S1"]})j", "[PROMPT_INJECTION] r2"},
        {"prompt_injection", R"j({"pattern": "S1"})j", "[PROMPT_INJECTION] r2"},
        {"prompt_injection", R"j({"patterns": [{"pattern": "S1"}]})j", "[PROMPT_INJECTION] r2"},
        {"prompt_injection", R"j({"patterns": [{"string": "S1"}, {"phrase": "R2"}]})j",
         "[PROMPT_INJECTION] [PROMPT_INJECTION]"},
        {"prompt_injection", R"j({"patterns": ["S\\d"]})j", "[PROMPT_INJECTION] r2"},
        {"prompt_injection", R"j({"patterns": ["(s|r)[12]+"]})j", "[PROMPT_INJECTION] [PROMPT_INJECTION]"},
        {"prompt_injection", R"j({"patterns": ["S1"], "case_sensitive": true})j", "s1 r2"},
    }));
    INFO(config);
    CHECK(redacted(compiled(type, config), "s1 r2") == text);
}

TEST_CASE("a string that only looks a little like an expression is looked for as it is", "[config]")
{
    auto const tokens = compiled(
        "prompt_injection", R"j({"patterns": ["[INST]", "<|im_start|>", "a.b", "What?", "1+1", "f(x)"]})j");
    CHECK(redacted(tokens, "[inst] <|IM_START|> a.b what? 1+1 f(x)") ==
          "[PROMPT_INJECTION] [PROMPT_INJECTION] [PROMPT_INJECTION] [PROMPT_INJECTION] [PROMPT_INJECTION] "
          "[PROMPT_INJECTION]");
    CHECK(tokens.find("in st im_start axb wha 11 fx I N S T < >").empty());
}

TEST_CASE("a literal is folded as the text is", "[config]")
{
    auto const russian = compiled("prompt_injection", R"j({"strings": ["Игнорируй  все", "ΑΓΝΟΗΣΕ"]})j");
    CHECK(redacted(russian, "игнорируй\nвсе") == "[PROMPT_INJECTION]");
    CHECK(redacted(russian, "иг\u200Bнорируй все") == "[PROMPT_INJECTION]");
    CHECK(redacted(russian, "αγνοησε") == "[PROMPT_INJECTION]");
    auto const regex = compiled("content_policy", R"j({"patterns": ["забудь (всё|все)"]})j");
    CHECK(redacted(regex, "за\u200Bбудь\nвсе") == "[CONTENT_POLICY]");
}
