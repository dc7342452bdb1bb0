#include "operations.hpp"

#include <algorithm>
#include <cctype>

namespace contract {
namespace {

asking get(std::string target)
{
    return {"GET", std::move(target)};
}

asking with_body(std::string method, std::string target, json::object const& body)
{
    return {std::move(method), std::move(target), json::serialize(body)};
}

std::string prompt(replica const& at)
{
    auto const name = new_name("driven/prompt");
    create(at, name, canary + " {{ topic }}", {"staging"});
    return "/v1/prompts/" + encoded(name);
}

json::object rule(std::string const& name)
{
    return {{"name", name},
            {"type", "content_policy"},
            {"severity", "low"},
            {"action", "log"},
            {"config", json::object{{"patterns", json::array{json::object{{"regex", "zebra-zebra"}}}}}},
            {"applies_to_templates", json::array{"nothing-has-this-name"}},
            {"is_active", true}};
}

std::string guardrail(replica const& at)
{
    auto const name = new_name("driven-rule");
    REQUIRE(at.send("POST", "/v1/guardrails", rule(name)).status == 201);
    return "/v1/guardrails/" + name;
}

std::string execution(replica const& at)
{
    auto const path = prompt(at);
    auto const done =
        at.send("POST", path + "/render?durable=true",
                json::object{{"variables", json::object{{"topic", canary}}}, {"label", "staging"}});
    REQUIRE(done.status == 200);
    return "/v1/executions/" + done.text("/execution_id");
}

// A draft with one variant; `status` is what it is to be in.
std::string experiment(replica const& at, std::string const& status = "draft")
{
    auto const name = new_name("driven-experiment");
    auto const of = new_name("driven/tested");
    create(at, of, canary);
    REQUIRE(at.send("POST", "/v1/experiments",
                    json::object{{"name", name},
                                 {"prompt", of},
                                 {"variants",
                                  json::array{json::object{{"name", "a"}, {"version", 1}, {"weight", 100}}}}})
                .status == 201);
    auto const path = "/v1/experiments/" + name;
    if (status == "active") {
        REQUIRE(at.ask({"POST", path + "/start", {}, at.admin()}).status == 200);
    }
    return path;
}

json::object library(std::string const& name)
{
    return {
        {"format", "prompt-service/1"},
        {"prompts", json::array{json::object{
                        {"name", name},
                        {"category", "driven"},
                        {"description", "d"},
                        {"archived", false},
                        {"labels", json::object{{"staging", 1}}},
                        {"versions", json::array{json::object{{"version", 1},
                                                              {"type", "text"},
                                                              {"template", canary},
                                                              {"variables", json::array{}},
                                                              {"config", json::object{{"temperature", 0.5}}},
                                                              {"commit_message", "m"},
                                                              {"created_at", "2026-01-31T12:00:00Z"},
                                                              {"created_by", "me"}}}}}}},
        {"guardrails", json::array{rule(name)}}};
}

} // namespace

json::value operation::body_schema() const
{
    auto const* const found = document.if_contains("requestBody");
    return found == nullptr ? json::value(nullptr) : found->at_pointer("/content/application~1json/schema");
}

std::vector<json::object> operation::query_parameters() const
{
    std::vector<json::object> out;
    if (auto const* const all = document.if_contains("parameters")) {
        for (auto const& one : all->as_array()) {
            if (one.at("in") == "query") {
                out.push_back(one.as_object());
            }
        }
    }
    return out;
}

std::vector<operation> operations_of(replica const& at)
{
    auto const document = at.get("/openapi.json");
    REQUIRE(document.status == 200);
    std::vector<operation> out;
    auto const content = document.content();
    for (auto const& [pattern, methods] : content.at("paths").as_object()) {
        for (auto const& [method, one] : methods.as_object()) {
            std::string upper{method};
            std::transform(upper.begin(), upper.end(), upper.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
            out.push_back(
                {json::value_to<std::string>(one.at("operationId")), upper, pattern, one.as_object()});
        }
    }
    return out;
}

std::vector<known_operation> const& known_operations()
{
    static std::vector<known_operation> const all{
        {"livez", needs::nothing, [](replica const&) { return get("/livez"); }},
        {"readyz", needs::nothing, [](replica const&) { return get("/readyz"); }},
        {"metrics", needs::nothing, [](replica const&) { return get("/metrics"); }},
        {"gate", needs::nothing, [](replica const&) { return get("/v1/gate"); }},
        {"openapi", needs::nothing, [](replica const&) { return get("/openapi.json"); }},
        {"page", needs::nothing, [](replica const&) { return get("/"); }},
        {"pageFile", needs::nothing, [](replica const&) { return get("/page/main.js"); }},
        {"whoAmI", needs::anonymous, [](replica const&) { return get("/v1/whoami"); }},
        {"listPrompts", needs::anonymous,
         [](replica const&) {
             return get("/v1/prompts?category=nlu&label=production&q=a&folder=/&limit=5&cursor=a");
         }},
        {"createPrompt", needs::write,
         [](replica const&) {
             return with_body("POST", "/v1/prompts",
                              {{"name", new_name("driven/made")},
                               {"type", "text"},
                               {"template", canary + " {{ topic }}"},
                               {"variables", json::array{"topic"}},
                               {"config", json::object{{"temperature", 0.5}}},
                               {"labels", json::array{"staging"}},
                               {"commit_message", canary},
                               {"category", "driven"},
                               {"description", canary}});
         },
         201},
        {"getPrompt", needs::anonymous, [](replica const& at) { return get(prompt(at) + "?label=staging"); }},
        {"patchPrompt", needs::write,
         [](replica const& at) {
             return with_body("PATCH", prompt(at), {{"category", "other"}, {"description", canary}});
         }},
        {"archivePrompt", needs::write,
         [](replica const& at) {
             auto const name = new_name("driven-old");
             create(at, name, canary, {});
             return asking{"DELETE", "/v1/prompts/" + name};
         },
         204},
        {"listVersions", needs::anonymous,
         [](replica const& at) { return get(prompt(at) + "/versions?limit=2&cursor=9"); }},
        {"createVersion", needs::write,
         [](replica const& at) {
             return with_body("POST", prompt(at) + "/versions",
                              {{"type", "chat"},
                               {"messages", json::array{json::object{{"role", "user"}, {"content", canary}}}},
                               {"variables", json::array{"topic"}},
                               {"config", json::object{}},
                               {"labels", json::array{"staging"}},
                               {"commit_message", canary}});
         },
         201},
        {"getVersion", needs::anonymous, [](replica const& at) { return get(prompt(at) + "/versions/1"); }},
        {"diffVersions", needs::anonymous,
         [](replica const& at) { return get(prompt(at) + "/diff?from=1&to=1"); }},
        {"moveLabel", needs::write,
         [](replica const& at) {
             return with_body("PUT", prompt(at) + "/labels/canary", {{"version", 1}, {"reason", canary}});
         }},
        {"removeLabel", needs::write,
         [](replica const& at) {
             return asking{"DELETE", prompt(at) + "/labels/staging"};
         },
         204},
        {"listLabels", needs::anonymous, [](replica const& at) { return get(prompt(at) + "/labels"); }},
        {"labelHistory", needs::anonymous,
         [](replica const& at) { return get(prompt(at) + "/labels/staging/history?limit=2&cursor=999999"); }},
        {"renderPrompt", needs::read,
         [](replica const& at) {
             return with_body("POST", prompt(at) + "/render?durable=true",
                              {{"variables", json::object{{"topic", canary}}},
                               {"user_id", "u"},
                               {"session_id", "s"},
                               {"label", "staging"},
                               {"dry_run", false},
                               {"environment", "dev"}});
         }},
        {"preview", needs::anonymous,
         [](replica const&) {
             return with_body("POST", "/v1/preview",
                              {{"template", canary + " {{ topic }}"},
                               {"name", "driven"},
                               {"variables", json::object{{"topic", canary}}}});
         }},
        {"listExecutions", needs::write,
         [](replica const&) {
             return get("/v1/executions?prompt=p&version=1&status=success&user_id=u&since=2026-01-01&"
                        "until=2030-01-01T00:00:00Z&limit=3");
         }},
        {"getExecution", needs::write, [](replica const& at) { return get(execution(at)); }},
        {"reportOutcome", needs::read,
         [](replica const& at) {
             return with_body("PATCH", execution(at),
                              {{"status", "success"},
                               {"response", canary},
                               {"input_tokens", 1},
                               {"output_tokens", 2},
                               {"latency_ms", 3},
                               {"cost_usd", 0.25},
                               {"model", "m"},
                               {"error_type", "e"},
                               {"error_message", canary},
                               {"score", 0.5}});
         }},
        {"listGuardrails", needs::admin, [](replica const&) { return get("/v1/guardrails"); }},
        {"createGuardrail", needs::admin,
         [](replica const&) { return with_body("POST", "/v1/guardrails", rule(new_name("driven-made"))); },
         201},
        {"getGuardrail", needs::admin, [](replica const& at) { return get(guardrail(at)); }},
        {"replaceGuardrail", needs::admin,
         [](replica const& at) {
             auto const path = guardrail(at);
             return with_body("PUT", path, rule(path.substr(path.rfind('/') + 1)));
         }},
        {"deleteGuardrail", needs::admin,
         [](replica const& at) {
             return asking{"DELETE", guardrail(at)};
         },
         204},
        {"testGuardrail", needs::admin,
         [](replica const& at) {
             return with_body("POST", guardrail(at) + "/test", {{"text", canary}});
         }},
        {"listKeys", needs::admin, [](replica const&) { return get("/v1/keys"); }},
        {"createKey", needs::admin,
         [](replica const&) {
             return with_body(
                 "POST", "/v1/keys",
                 {{"name", new_name("driven")}, {"scope", "read"}, {"expires_at", "2035-01-31T00:00:00Z"}});
         },
         201},
        {"revokeKey", needs::admin,
         [](replica const& at) {
             auto const made =
                 at.send("POST", "/v1/keys", json::object{{"name", new_name("driven")}, {"scope", "read"}});
             return asking{"DELETE", "/v1/keys/" + made.text("/id")};
         },
         204},
        {"listAudit", needs::admin,
         [](replica const&) {
             return get(
                 "/v1/audit?object_type=prompt&object_name=p&actor=a&action=label.move&limit=2&cursor=99");
         }},
        {"exportLibrary", needs::write, [](replica const&) { return get("/v1/export"); }},
        {"importLibrary", needs::admin,
         [](replica const&) {
             return with_body("POST", "/v1/import?dry_run=false", library(new_name("driven-import")));
         }},
        {"listExperiments", needs::write,
         [](replica const&) { return get("/v1/experiments?prompt=p&status=active&limit=2&cursor=a"); }},
        {"createExperiment", needs::write,
         [](replica const& at) {
             auto const of = new_name("driven/tested");
             create(at, of, canary);
             return with_body(
                 "POST", "/v1/experiments",
                 {{"name", new_name("driven-experiment")},
                  {"prompt", of},
                  {"variants", json::array{json::object{{"name", "a"}, {"version", 1}, {"weight", 100}}}},
                  {"metric", "score"},
                  {"minimum_sample_size", 100},
                  {"confidence_level", 0.9},
                  {"description", canary}});
         },
         201},
        {"getExperiment", needs::write, [](replica const& at) { return get(experiment(at)); }},
        {"startExperiment", needs::write,
         [](replica const& at) {
             return asking{"POST", experiment(at) + "/start"};
         }},
        {"stopExperiment", needs::write,
         [](replica const& at) {
             return asking{"POST", experiment(at, "active") + "/stop"};
         }},
        {"promoteVariant", needs::write,
         [](replica const& at) {
             return with_body("POST", experiment(at, "active") + "/promote",
                              {{"variant", "a"}, {"reason", canary}, {"override", true}});
         }},
        {"analyzePrompts", needs::write,
         [](replica const&) {
             return get("/v1/analytics/prompts?since=2026-01-01&until=2026-02-01T00:00:00Z&interval=day&"
                        "prompt=p&version=1&environment=dev");
         }},
        {"analyzeErrors", needs::write,
         [](replica const&) {
             return get("/v1/analytics/errors?since=2026-01-01&until=2026-02-01&interval=day&prompt=p");
         }},
        {"analyzeGuardrails", needs::write,
         [](replica const&) {
             return get("/v1/analytics/guardrails?since=2026-01-01&until=2026-02-01&interval=week&prompt=p");
         }},
        {"analyzeExperiments", needs::write,
         [](replica const& at) {
             return get(
                 "/v1/analytics/experiments?since=2026-01-01&until=2026-02-01&interval=day&experiment=" +
                 experiment(at).substr(std::string{"/v1/experiments/"}.size()));
         }},
        {"listPrices", needs::read, [](replica const&) { return get("/v1/prices"); }},
        {"setPrice", needs::write,
         [](replica const&) {
             return with_body("PUT", "/v1/prices/" + new_name("driven-model"),
                              {{"input_usd_per_million", 0.5}, {"output_usd_per_million", 1}});
         }},
        {"removePrice", needs::write,
         [](replica const& at) {
             auto const path = "/v1/prices/" + new_name("driven-model");
             REQUIRE(at.send("PUT", path,
                             json::object{{"input_usd_per_million", 0}, {"output_usd_per_million", 1}})
                         .status == 200);
             return asking{"DELETE", path};
         },
         204},
    };
    return all;
}

known_operation const* known(std::string const& operation_id)
{
    for (auto const& one : known_operations()) {
        if (one.id == operation_id) {
            return &one;
        }
    }
    return nullptr;
}

std::string state_of(support::sql_session& session)
{
    return session.value(
        "select concat_ws(' ', (select counter from content_version), (select count(*) from prompts), "
        "(select count(*) from prompt_templates), (select count(*) from prompt_labels), "
        "(select count(*) from prompt_label_moves), (select count(*) from prompt_guardrails), "
        "(select count(*) from api_keys), (select count(*) from audit_log), (select count(*) from "
        "ab_test_experiments), (select count(*) from model_prices), "
        "(select count(*) || ' ' || count(outcome_at) from prompt_executions))");
}

} // namespace contract
