// Which version a caller gets, and what the guardrails make of the variables: functions of a snapshot.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "catch.hpp"
#include "http/problem.hpp"
#include "render/inspection.hpp"
#include "render/renderer.hpp"
#include "render/resolution.hpp"

namespace {

namespace json = boost::json;

std::shared_ptr<app::served_version> version(std::string const& name, int number, std::string const& text)
{
    auto v = std::make_shared<app::served_version>();
    v->content.id = name + std::to_string(number);
    v->content.name = name;
    v->content.version = number;
    v->content.template_text = text;
    v->problems = v->content.compile(v->compiled);
    return v;
}

app::snapshot library()
{
    app::snapshot s;
    auto& p = s.prompts["own"];
    p.name = "own";
    p.category = "nlu";
    for (int n = 1; n <= 3; ++n) {
        p.versions.emplace(n, version("own", n, "v" + std::to_string(n)));
    }
    p.labels = {{"production", 1}, {"staging", 2}};
    app::finish(p);
    return s;
}

std::string found(app::snapshot const& s, app::wanted_version const& wanted)
{
    try {
        auto const r = app::resolve(s, wanted);
        return std::to_string(r.version->content.version) + (r.is_builtin ? " builtin" : "") +
               (r.label ? " " + *r.label : "") + (r.assigned != nullptr ? " " + r.assigned->name : "");
    }
    catch (app::problem const& p) {
        return p.code;
    }
}

app::served_guardrail guard(std::string const& name, std::string const& severity, std::string const& action,
                            std::string const& config, std::string const& type = "content_policy")
{
    app::served_guardrail g;
    g.rule.name = name;
    g.rule.type = type;
    g.rule.severity = severity;
    g.rule.action = action;
    g.rule.config = json::parse(config).as_object();
    g.compiled = app::screen::compile(type, g.rule.config);
    return g;
}

std::string const pii = R"({"entity_types":["SSN"]})";

} // namespace

TEST_CASE("a version is found by number, experiment, label, and in the binary at last", "[render]")
{
    auto s = library();
    CHECK(found(s, {"own"}) == "1 production");
    CHECK(found(s, {"own", "staging"}) == "2 staging");
    CHECK(found(s, {"own", "latest"}) == "3 latest");
    CHECK(found(s, {"own", std::nullopt, 2}) == "2");
    CHECK(found(s, {"own", std::nullopt, 9}) == "version-not-found");
    CHECK(found(s, {"own", "none"}) == "label-not-found");
    CHECK(found(s, {"nothing"}) == "prompt-not-found");
    CHECK(found(s, {"own", "staging", 2}) == "bad-request");
    CHECK(found(s, {"nlu_topic_extraction"}) == "1 builtin production");
    CHECK(found(s, {"nlu_topic_extraction", "staging"}) == "prompt-not-found");

    s.experiments.emplace("own", app::experiment{"id", "test", "own", {{"control", 2, 0}, {"b", 3, 100}}});
    CHECK(found(s, {"own", std::nullopt, std::nullopt, "user"}) == "3 b");
    CHECK(found(s, {"own", std::nullopt, std::nullopt, "", false}) == "1 production");
    CHECK(found(s, {"own", "staging", std::nullopt, "user"}) == "2 staging");
    CHECK(found(s, {"own", std::nullopt, 1, "user"}) == "1");

    s.prompts["own"].is_archived = true;
    CHECK(found(s, {"own"}) == "prompt-not-found");
    CHECK(found(s, {"own", std::nullopt, 1}) == "1");
}

TEST_CASE("guardrails look at every string, and the strictest action follows", "[render]")
{
    auto const variables =
        json::parse(R"({"a":"078-05-1120","b":{"c":["x","078-05-1120 and 078-05-1121"]},"n":7})").as_object();
    auto const redacted =
        app::inspect({guard("p", "critical", "redact", pii, "pii_detection")}, "own", {}, variables);
    CHECK(redacted.action == "redact");
    CHECK(redacted.violations.at(0).count == 3);
    CHECK(json::serialize(redacted.variables) == R"({"a":"[SSN]","b":{"c":["x","[SSN] and [SSN]"]},"n":7})");

    auto const warned = app::inspect({guard("p", "low", "warn", pii, "pii_detection")}, "own", {}, variables);
    CHECK(warned.action == "warn");
    CHECK(warned.variables == variables);
    auto const logged = app::inspect({guard("p", "low", "log", pii, "pii_detection")}, "own", {}, variables);
    CHECK(logged.action == "allow");
    CHECK(logged.violations.size() == 1);
    auto const both = app::inspect({guard("p", "critical", "warn", pii, "pii_detection"),
                                    guard("q", "low", "block", R"({"patterns":["x"]})")},
                                   "own", {}, variables);
    CHECK(both.action == "block");
    CHECK(both.violations.at(1).rule->name == "q");
    CHECK(app::inspect({}, "own", {}, variables).action == "allow");
}

TEST_CASE("a guardrail applies where its scopes say", "[render]")
{
    json::object const variables{{"a", "x"}};
    auto g = guard("p", "low", "block", R"({"patterns":["x"]})");
    CHECK(app::inspect({g}, "own", "nlu", variables).action == "block");
    g.rule.applies_to_templates = {"other"};
    CHECK(app::inspect({g}, "own", "nlu", variables).action == "allow");
    g.rule.applies_to_categories = {"nlu"};
    CHECK(app::inspect({g}, "own", "nlu", variables).action == "block");
    CHECK(app::inspect({g}, "own", {}, variables).action == "allow");
    g.rule.is_active = false;
    CHECK(app::inspect({g}, "own", "nlu", variables).action == "allow");
}

TEST_CASE("a guardrail that cannot run blocks if it is critical, else warns", "[render]")
{
    for (auto const& [severity, action] :
         {std::pair{"critical", "block"}, {"high", "warn"}, {"low", "warn"}}) {
        auto g = guard("p", severity, "log", pii, "pii_detection");
        g.compiled.reset();
        auto const seen = app::inspect({g}, "own", {}, {{"a", "x"}});
        CHECK(seen.action == action);
        CHECK(json::serialize(app::violations_json(seen.violations)).find("could-not-run") !=
              std::string::npos);
    }
}

TEST_CASE("missing variables are one problem that names all of them", "[render]")
{
    auto const v = version("own", 1, "{{ a }}{{ b }}{{ a }}{% if c %}{{ c }}{% endif %}");
    try {
        (void)app::render(v->compiled, {{"x", 1}});
        FAIL("rendered");
    }
    catch (app::problem const& p) {
        CHECK(p.code == "variables-missing");
        CHECK(json::serialize(p.more) == R"({"missing":["a","b"]})");
    }
    CHECK(app::render(v->compiled, {{"a", nullptr}, {"b", ""}}) == "NoneNone");
}
