// Each operation's body, bent: wrong types field by field, fields missing and too many, and texts that are no
// JSON.
#include "operations.hpp"

#include <tuple>

using namespace contract;

namespace {

// A field of a body: where it is, and what its schema says.
struct place
{
    std::string pointer;
    json::object schema;
};

bool takes(json::object const& schema, std::string_view type)
{
    auto const* const found = schema.if_contains("type");
    if (found == nullptr) {
        return true;
    }
    if (found->is_string()) {
        return found->get_string() == type || (found->get_string() == "number" && type == "integer");
    }
    return std::any_of(found->as_array().begin(), found->as_array().end(), [&](auto const& one) {
        return one.as_string() == type || (one.as_string() == "number" && type == "integer");
    });
}

// Every field that the good body has, at any depth.
void collect(json::object const& schema, json::value const& value, std::string const& pointer,
             std::vector<place>& out)
{
    out.push_back({pointer, schema});
    auto const* const properties = schema.if_contains("properties");
    if (value.is_object() && properties != nullptr) {
        for (auto const& [name, member] : properties->as_object()) {
            if (auto const* const inner = value.get_object().if_contains(name)) {
                collect(member.as_object(), *inner, pointer + '/' + std::string{name}, out);
            }
        }
    }
    auto const* const items = schema.if_contains("items");
    if (value.is_array() && items != nullptr && !value.get_array().empty()) {
        collect(items->as_object(), value.get_array().front(), pointer + "/0", out);
    }
}

struct bent
{
    std::string what;
    std::string body;
    bool must_fail;
};

std::string with_value(json::value body, std::string const& pointer, std::string const& raw)
{
    // As raw text, since a serializer would not write what some of these are.
    body.at_pointer(pointer) = "@@@";
    auto text = json::serialize(body);
    auto const at = text.find("\"@@@\"");
    return text.replace(at, 5, raw);
}

std::vector<bent> bent_bodies(operation const& of, std::string const& good)
{
    auto const schema = of.body_schema().as_object();
    auto const value = json::parse(good);
    std::vector<place> places;
    collect(schema, value, "", places);
    struct kind
    {
        char const* raw;
        char const* type;
    };
    constexpr kind kinds[] = {{"null", "null"},
                              {"true", "boolean"},
                              {"7", "integer"},
                              {"-1", "integer"},
                              {"9223372036854775807", "integer"},
                              {"1.5", "number"},
                              {"1e308", "number"},
                              {"\"\"", "string"},
                              {"\"7\"", "string"},
                              {"[]", "array"},
                              {"[null]", "array"},
                              {"{}", "object"},
                              {"{\"a\":1}", "object"}};
    constexpr char const* never[] = {"9223372036854775808",
                                     "-9223372036854775809",
                                     "18446744073709551616",
                                     "1e400",
                                     "-1e400",
                                     "1e999999999",
                                     "01",
                                     "+1",
                                     ".5",
                                     "NaN",
                                     "Infinity",
                                     "'x'",
                                     "\"\\u0000\"",
                                     "\"a\\u0000b\"",
                                     "\"\\ud800\"",
                                     "\"\\udc00\\ud800\"",
                                     "\"\xff\"",
                                     "\"\xc0\x80\"",
                                     "\"\xed\xa0\x80\"",
                                     "\"\xf5\x80\x80\x80\"",
                                     "\"a\tb\"",
                                     "undefined",
                                     "1 2",
                                     ""};
    std::vector<bent> out;
    for (auto const& [pointer, of_place] : places) {
        auto const put = [&](std::string const& raw) {
            return pointer.empty() ? raw : with_value(value, pointer, raw);
        };
        for (auto const& [raw, type] : kinds) {
            out.push_back({pointer + " = " + raw, put(raw), !takes(of_place, type)});
        }
        for (auto const* const raw : never) {
            if (*raw == 0 && pointer.ends_with("/0")) {
                continue; // an empty array
            }
            out.push_back({pointer + " = " + raw, put(raw), true});
        }
        out.push_back({pointer + " = U+0000", put(std::string{"\"a\0b\"", 5}), true});
        out.push_back({pointer + " = a long text", put('"' + std::string(300'000, 'x') + '"'),
                       !takes(of_place, "string")});
        if (pointer.empty()) {
            continue;
        }
        auto const slash = pointer.rfind('/');
        auto const field = pointer.substr(slash + 1);
        if (field == "0") {
            continue;
        }
        // Once more with the same name, and without it.
        auto twice = put("@@@@");
        auto const at = twice.find("@@@@");
        auto const one = json::serialize(value.at_pointer(pointer));
        twice.replace(at, 4, one + ",\"" + field + "\":" + one);
        out.push_back({pointer + " twice", twice, true});
        auto without = value;
        auto& parent =
            slash == 0 ? without.as_object() : without.at_pointer(pointer.substr(0, slash)).as_object();
        parent.erase(field);
        out.push_back({pointer + " missing", json::serialize(without), false});
        auto more = value;
        auto& with = slash == 0 ? more.as_object() : more.at_pointer(pointer.substr(0, slash)).as_object();
        with["no_such_field"] = 1;
        out.push_back({pointer + " and an unknown field", json::serialize(more), true});
    }
    for (auto const depth : {65U, 10'000U, 500'000U}) {
        out.push_back({"arrays, " + std::to_string(depth), std::string(depth, '['), true});
        out.push_back({"closed arrays, " + std::to_string(depth),
                       std::string(depth, '[') + std::string(depth, ']'), true});
    }
    std::string objects;
    for (int i = 0; i < 10'000; ++i) {
        objects += "{\"a\":";
    }
    out.push_back({"objects", objects + "1" + std::string(10'000, '}'), true});
    if (value.is_object()) {
        auto const text = good.substr(0, good.size() - 1);
        out.push_back({"cut", text, true});
        out.push_back({"more behind it", good + "{}", true});
        out.push_back({"a comment", good + "// x", true});
        out.push_back({"a comma", text + ",}", true});
        out.push_back({"a mark of UTF-8", "\xef\xbb\xbf" + good, true});
        out.push_back({"UTF-16", std::string{"{\0}\0", 4}, true});
        out.push_back({"an unknown field with U+0000", text + ",\"a\\u0000\":1}", true});
        out.push_back({"an unknown field of bad UTF-8", text + ",\"\xff\":1}", true});
        out.push_back(
            {"an unknown field of 100 kB", text + ",\"" + std::string(100'000, 'n') + "\":1}", true});
        out.push_back({"__proto__", text + ",\"__proto__\":{}}", true});
    }
    out.push_back({"nothing", "", true});
    out.push_back({"white space", "  \n", true});
    out.push_back({"a form", "name=a&template=b", true});
    return out;
}

std::string describe(answer const& a)
{
    return std::to_string(a.status) + ' ' + a.body.substr(0, 300);
}

} // namespace

TEST_CASE("what no schema and no JSON allows is refused with 4xx, and nothing of it is stored")
{
    auto& at = shared();
    support::sql_session session{at.database->admin_url()};
    int asked = 0;
    for (auto const& one : operations_of(at.service)) {
        auto const* const is = known(one.id);
        if (is == nullptr || !one.body_schema().is_object()) {
            continue;
        }
        auto good = is->good(at.service);
        good.key = at.admin;
        support::http_client client{at.service.port()};
        auto before = state_of(session);
        for (auto const& [what, body, must_fail] : bent_bodies(one, *good.body)) {
            auto request = good;
            request.body = body;
            answer const a{client.ask(request_of(request))};
            ++asked;
            INFO(one.id << ": " << what.substr(0, 200) << " -> " << describe(a));
            CHECK(broken_rule(a).empty());
            CHECK(a.status < 500);
            if (must_fail) {
                CHECK(a.status >= 400);
            }
            auto const after = state_of(session);
            // Blocked and rendered executions are written a moment later: what is refused for its form is
            // neither.
            if (a.status >= 400 && a.code() != "guardrail-blocked") {
                CHECK(after == before);
            }
            before = after;
        }
    }
    CHECK(asked > 1'000);
    for (auto const& secret : {canary, at.admin}) {
        CHECK(at.service.log().find(secret) == std::string::npos);
    }
    CHECK(at.service.get("/livez").status == 200);
}

TEST_CASE("an export is the same after a day of refused writes as it was before")
{
    auto& at = shared();
    auto const before = at.service.get("/v1/export", at.admin);
    REQUIRE(before.status == 200);
    std::string const many = "{\"name\":\"refused\",\"template\":\"" + canary + "\"";
    for (
        auto const& [method, target, body] : std::vector<std::tuple<std::string, std::string, std::string>>{
            {"POST", "/v1/prompts", many + ",\"labels\":[\"good\",\"Bad Label\"]}"},
            {"POST", "/v1/prompts", many + ",\"labels\":[\"latest\"]}"},
            {"POST", "/v1/prompts", many + ",\"category\":\"" + std::string(101, 'c') + "\"}"},
            {"POST", "/v1/prompts",
             "{\"name\":\"refused\",\"template\":\"{{ f() }}\",\"labels\":[\"good\"]}"},
            {"POST", "/v1/prompts", "{\"name\":\"../refused\",\"template\":\"x\"}"},
            {"POST", "/v1/prompts", "{\"name\":\"a//refused\",\"template\":\"x\"}"},
            {"POST", "/v1/prompts/nlu_topic_extraction/versions",
             "{\"template\":\"x\",\"labels\":[\"a\",\"B\"]}"},
            {"PUT", "/v1/prompts/nlu_topic_extraction/labels/production", "{\"version\":99}"},
            {"PUT", "/v1/prompts/nlu_topic_extraction/labels/new", "{\"version\":99}"},
            {"POST", "/v1/import",
             R"({"format":"prompt-service/1","prompts":[{"name":"refused","versions":[{"version":1,"template":"x"}]},
                 {"name":"refused-too","labels":{"a":7},"versions":[{"version":1,"template":"x"}]}]})"},
            {"POST", "/v1/import",
             R"({"format":"prompt-service/1","prompts":[{"name":"refused","versions":[{"version":1,"template":"x"}]},
                 {"name":"refused-too","versions":[{"version":1,"template":"{% bad %}"}]}]})"},
            {"POST", "/v1/import",
             R"({"format":"prompt-service/1","prompts":[{"name":"refused","versions":[{"version":1,"template":"x"}]}],
                 "guardrails":[{"name":"g","type":"content_policy","severity":"low","action":"log",
                 "config":{"patterns":[{"regex":"("}]}}]})"},
        }) {
        auto const a = at.service.ask({method, target, body, at.admin});
        INFO(method << ' ' << target << ' ' << body << " -> " << describe(a));
        CHECK(a.status >= 400);
        CHECK(a.status < 500);
    }
    CHECK(at.service.get("/v1/export", at.admin).body == before.body);
}
