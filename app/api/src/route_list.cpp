#include "api/route_list.hpp"

#include "page/page.hpp"

namespace app {
namespace {

using access = route::access;
using kind = parameter::kind;

constexpr std::uint64_t import_limit = std::uint64_t{64} * 1024 * 1024;

parameter const limit{"limit", kind::whole, 1, 100, "how many at most (50)"};
parameter const name_cursor{"cursor", kind::text, 1, 1'000, "next_cursor of the page before"};
parameter const number_cursor{"cursor", kind::whole, 1, std::numeric_limits<std::int64_t>::max(),
                              "next_cursor of the page before"};
parameter const label{"label", kind::text, 1, 36,
                      "a label; production if neither label nor version is given"};
parameter const version{"version", kind::whole, 1, 2'147'483'647, "the number of a version"};

std::vector<parameter> audit_parameters()
{
    return {{"object_type", kind::text, 1, 50, "prompt, guardrail, key or library"},
            {"object_name", kind::text, 1, 255, "the name (of a key: its id)"},
            {"actor", kind::text, 1, 255, "the name of the key"},
            {"action", kind::text, 1, 100, "such as label.move"},
            limit,
            number_cursor};
}

std::vector<parameter> execution_parameters()
{
    return {{"prompt", kind::text, 1, 255, "its name"},
            version,
            {"status", kind::text, 1, 50, "rendered, success, failure, partial or blocked"},
            {"user_id", kind::text, 1, 255, ""},
            {"since", kind::time, 0, 0, "this time or later"},
            {"until", kind::time, 0, 0, "before this time"},
            limit,
            name_cursor};
}

answer probe(schemagate::probe_answer from_gate)
{
    answer a;
    a.status = from_gate.status;
    a.body = std::move(from_gate.body);
    a.with("Cache-Control", "no-store");
    if (a.status == 503) {
        a.with("Retry-After", std::to_string(schemagate::gate::retry_after_seconds()));
    }
    return a;
}

route probe_route(char const* pattern, char const* operation, char const* summary, memory_handler handler)
{
    route r{"GET", pattern, access::open, operation, summary, std::move(handler)};
    r.before_opening = true;
    r.is_probe = true;
    return r;
}

route page_route(char const* pattern, char const* operation, char const* summary,
                 std::function<std::string_view(call const&)> file)
{
    route r{
        "GET",
        pattern,
        access::open,
        operation,
        summary,
        memory_handler{[file = std::move(file)](call const& c) { return page_answer(file(c), c.asked); }}};
    r.before_opening = true;
    r.statuses = {200, 304};
    return r;
}

template <class Api>
memory_handler memory(Api const& api, answer (Api::*member)(call const&) const)
{
    return [&api, member](call const& c) { return (api.*member)(c); };
}

template <class Api>
database_handler database_of(Api const& api, answer (Api::*member)(call const&) const)
{
    return {[&api, member](call const& c) { return (api.*member)(c); }};
}

template <class Api>
database_handler analysis_of(Api const& api, answer (Api::*member)(call const&) const)
{
    auto made = database_of(api, member);
    made.is_analysis = true;
    return made;
}

parameter const one_prompt{"prompt", kind::text, 1, 255, "its name"};

std::vector<parameter> period_parameters(std::vector<parameter> const& more)
{
    std::vector<parameter> out{{"since", kind::time, 0, 0, "this time or later (a day before until)"},
                               {"until", kind::time, 0, 0, "before this time (now)"},
                               {"interval", kind::text, 1, 10, "minute, hour, day, week or month, in UTC"}};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

template <class Body>
boost::json::object body()
{
    return schema_of<Body>();
}

std::vector<route> probes(handlers const& use)
{
    auto metrics = [text = use.metrics](call const&) {
        answer a;
        a.content_type = "text/plain; version=0.0.4; charset=utf-8"; // Prometheus: text-based format
        a.body = text();
        return a.with("Cache-Control", "no-store");
    };
    auto openapi = [text = use.openapi](call const&) {
        answer a;
        a.body = text();
        return a.with("Cache-Control", "max-age=60");
    };
    auto const& gate = use.gate;
    return {probe_route("/livez", "livez", "The process works.",
                        [&gate](call const&) { return probe(gate.livez()); }),
            probe_route("/readyz", "readyz", "Requests are answered.",
                        [readyz = use.readyz](call const&) { return probe(readyz()); }),
            probe_route("/metrics", "metrics", "Metrics for Prometheus.", std::move(metrics)),
            probe_route("/v1/gate", "gate", "The report of the start.",
                        [&gate](call const& c) { return probe(gate.status(c.asked.authorization)); }),
            {"GET", "/openapi.json", access::open, "openapi", "This document.",
             memory_handler{std::move(openapi)}},
            page_route("/", "page", "The page for people.",
                       [](call const&) { return std::string_view{"index.html"}; }),
            page_route("/page/{file}", "pageFile", "What the page is made of.",
                       [](call const& c) { return std::string_view{c.path[0]}; })};
}

} // namespace

std::vector<route> route_list(handlers const& use)
{
    auto const& p = use.prompts;
    auto const& v = use.versions;
    auto const& b = use.labels;
    auto const& g = use.guardrails;
    auto const& e = use.executions;
    auto const& a = use.admin;
    auto const& l = use.library;
    auto const& r = use.render;
    auto const& x = use.experiments;
    auto const& n = use.analytics;
    auto const& m = use.prices;
    auto render = [&r](call c, respond then) { r.render(std::move(c), std::move(then)); };

    auto rows = probes(use);
    // clang-format off
    std::vector<route> const api{
        {"GET", "/v1/prompts", access::anonymous, "listPrompts", "Prompts by name.",
         memory(p, &prompt_api::list),
         {{"category", kind::text, 1, 100, ""}, {"label", kind::text, 1, 36, "that have this label"},
          {"q", kind::text, 1, 255, "in name, description, category or the newest text"},
          {"folder", kind::text, 1, 255, "what lies in this folder; / is the topmost. Without q and label not in those below it, which `folders` counts"}, limit, name_cursor}},
        {"POST", "/v1/prompts", access::write, "createPrompt", "A prompt and its version 1.",
         database_of(p, &prompt_api::create), {}, body<prompt_body>, {201, 409, 422}},
        {"GET", "/v1/prompts/{name}", access::anonymous, "getPrompt", "A version of a prompt: the one in production, or by label or number.",
         memory(p, &prompt_api::fetch), {label, version}, {}, {200, 304}},
        {"PATCH", "/v1/prompts/{name}", access::write, "patchPrompt", "Category and description.",
         database_of(p, &prompt_api::patch), {}, body<prompt_patch>},
        {"DELETE", "/v1/prompts/{name}", access::write, "archivePrompt", "Archives it; deletes nothing.",
         database_of(p, &prompt_api::archive), {}, {}, {204, 409}},
        {"GET", "/v1/prompts/{name}/versions", access::anonymous, "listVersions", "Newest first.",
         memory(v, &version_api::list), {limit, number_cursor}},
        {"POST", "/v1/prompts/{name}/versions", access::write, "createVersion", "A new version. If-Match: \"N\" makes it conditional on the newest being N.",
         database_of(v, &version_api::add), {}, body<version_body>, {201, 412, 422}},
        {"GET", "/v1/prompts/{name}/versions/{n}", access::anonymous, "getVersion", "Content that never changes.",
         memory(v, &version_api::find), {}, {}, {200, 304}},
        {"GET", "/v1/prompts/{name}/diff", access::anonymous, "diffVersions", "What changed, as a unified difference.",
         memory(v, &version_api::difference),
         {{"from", kind::whole, 1, 2'147'483'647, "a version"}, {"to", kind::whole, 1, 2'147'483'647, "a version"}}},
        {"PUT", "/v1/prompts/{name}/labels/{label}", access::write, "moveLabel", "Points the label to a version: promotes, or rolls back.",
         database_of(b, &label_api::move), {}, body<label_body>},
        {"DELETE", "/v1/prompts/{name}/labels/{label}", access::write, "removeLabel", "Takes the label away.",
         database_of(b, &label_api::remove), {}, {}, {204}},
        {"GET", "/v1/prompts/{name}/labels", access::anonymous, "listLabels", "Each label's version; null where it was removed, and has a history.",
         database_of(b, &label_api::list)},
        {"GET", "/v1/prompts/{name}/labels/{label}/history", access::anonymous, "labelHistory", "Its moves, newest first.",
         database_of(b, &label_api::history), {limit, number_cursor}},
        {"POST", "/v1/prompts/{name}/render", access::read, "renderPrompt", "Renders with variables, checks the guardrails, logs the execution.",
         later_handler{render}, {{"durable", kind::boolean, 0, 0, "answer when the execution is in the database"}},
         body<render_body>, {200, 422}},
        {"POST", "/v1/preview", access::anonymous, "preview", "What render would do with a template that is not saved.",
         memory(r, &render_api::preview), {}, body<preview_body>},
        {"GET", "/v1/executions", access::write, "listExecutions", "Newest first.",
         database_of(e, &execution_api::list), execution_parameters()},
        {"GET", "/v1/executions/{id}", access::write, "getExecution", "One of them.",
         database_of(e, &execution_api::find)},
        {"PATCH", "/v1/executions/{id}", access::read, "reportOutcome", "What the model made of it. Once.",
         database_of(e, &execution_api::report), {}, body<outcome_body>, {200, 409}},
        {"GET", "/v1/guardrails", access::admin, "listGuardrails", "In the order in which they look.",
         database_of(g, &guardrail_api::list)},
        {"POST", "/v1/guardrails", access::admin, "createGuardrail", "A new rule.",
         database_of(g, &guardrail_api::create), {}, body<guardrail_body>, {201, 409, 422}},
        {"GET", "/v1/guardrails/{name}", access::admin, "getGuardrail", "One rule.",
         database_of(g, &guardrail_api::find)},
        {"PUT", "/v1/guardrails/{name}", access::admin, "replaceGuardrail", "Replaces all but its name.",
         database_of(g, &guardrail_api::replace), {}, body<guardrail_body>, {200, 422}},
        {"DELETE", "/v1/guardrails/{name}", access::admin, "deleteGuardrail", "Deletes the rule.",
         database_of(g, &guardrail_api::remove), {}, {}, {204}},
        {"POST", "/v1/guardrails/{name}/test", access::admin, "testGuardrail", "What it finds in a text.",
         memory(g, &guardrail_api::test), {}, body<text_body>, {200, 422}},
        {"GET", "/v1/whoami", access::anonymous, "whoAmI", "What the key of this request may do.",
         memory(a, &admin_api::whoami)},
        {"GET", "/v1/keys", access::admin, "listKeys", "All keys, newest first.",
         database_of(a, &admin_api::keys)},
        {"POST", "/v1/keys", access::admin, "createKey", "A new key, which this answer alone shows.",
         database_of(a, &admin_api::create_key), {}, body<key_body>, {201}},
        {"DELETE", "/v1/keys/{id}", access::admin, "revokeKey", "Ends it.",
         database_of(a, &admin_api::revoke_key), {}, {}, {204}},
        {"GET", "/v1/audit", access::admin, "listAudit", "Who changed what, newest first.",
         database_of(a, &admin_api::audit), audit_parameters()},
        {"GET", "/v1/export", access::write, "exportLibrary", "Prompts and guardrails as one document.",
         memory(l, &library_api::export_all)},
        {"POST", "/v1/import", access::admin, "importLibrary", "Adds what is not there; changes nothing that is.",
         database_of(l, &library_api::import_all),
         {{"dry_run", kind::boolean, 0, 0, "only report what would be done"},
          {"format", kind::text, 1, 20, "langfuse: the body is an array of prompts as Langfuse exports them"}}, body<library_body>, {200, 422}, import_limit},
        {"GET", "/v1/experiments", access::write, "listExperiments", "Newest first.",
         database_of(x, &experiment_api::list),
         {one_prompt, {"status", kind::text, 1, 50, "draft, active, paused, completed or cancelled"}, limit,
          {"cursor", kind::text, 1, 255, "next_cursor of the page before"}}},
        {"POST", "/v1/experiments", access::write, "createExperiment", "A draft: versions of one prompt, with weights that sum to 100.",
         database_of(x, &experiment_api::create), {}, body<experiment_body>, {201, 409, 422}},
        {"GET", "/v1/experiments/{name}", access::write, "getExperiment", "An experiment with its results.",
         analysis_of(x, &experiment_api::find)},
        {"POST", "/v1/experiments/{name}/start", access::write, "startExperiment", "From now on its variants are served.",
         database_of(x, &experiment_api::start), {}, {}, {200, 409, 422}},
        {"POST", "/v1/experiments/{name}/stop", access::write, "stopExperiment", "Ends it; production is served again.",
         database_of(x, &experiment_api::stop), {}, {}, {200, 409}},
        {"POST", "/v1/experiments/{name}/promote", access::write, "promoteVariant", "Points production to a variant's version, and ends the experiment.",
         analysis_of(x, &experiment_api::promote), {}, body<promotion_body>, {200, 409}},
        {"GET", "/v1/analytics/prompts", access::write, "analyzePrompts", "Requests, success, times, tokens and cost.",
         analysis_of(n, &analytics_api::prompts),
         period_parameters({one_prompt, version, {"environment", kind::text, 1, 50, "dev, staging or production"}})},
        {"GET", "/v1/analytics/errors", access::write, "analyzeErrors", "What failed, where and why.",
         analysis_of(n, &analytics_api::errors), period_parameters({one_prompt})},
        {"GET", "/v1/analytics/guardrails", access::write, "analyzeGuardrails", "What guardrails have found.",
         analysis_of(n, &analytics_api::guardrails), period_parameters({one_prompt})},
        {"GET", "/v1/analytics/experiments", access::write, "analyzeExperiments", "The curves of the active experiments, or of one.",
         analysis_of(n, &analytics_api::experiments),
         period_parameters({{"experiment", kind::text, 1, 255, "its name"}})},
        {"GET", "/v1/prices", access::read, "listPrices", "What models cost, by name.",
         database_of(m, &price_api::list)},
        {"PUT", "/v1/prices/{model}", access::write, "setPrice", "Dollars for a million tokens.",
         database_of(m, &price_api::put), {}, body<price_body>},
        {"DELETE", "/v1/prices/{model}", access::write, "removePrice", "Costs of this model are not worked out any more.",
         database_of(m, &price_api::remove), {}, {}, {204}},
    };
    // clang-format on
    rows.insert(rows.end(), api.begin(), api.end());
    for (auto& row : rows) {
        std::string_view const name{row.operation};
        if (name == "createKey" || name == "renderPrompt") { // a secret; a log that is written later
            row.repeats = route::repeating::refused;
        }
        else if (std::string_view{row.method} == "POST" && name != "preview" && name != "testGuardrail") {
            row.repeats = route::repeating::kept;
        }
    }
    return rows;
}

} // namespace app
