#include "api/render_api.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "database/database_error.hpp"
#include "execution/uuid_v7.hpp"
#include "http/problem.hpp"
#include "http/utf8.hpp"
#include "render/inspection.hpp"
#include "render/renderer.hpp"
#include "render/resolution.hpp"

namespace app {
namespace {

namespace json = boost::json;

void check_length(char const* path, std::optional<std::string> const& text)
{
    if (text && length_in_characters(*text) > 255) {
        throw decode_error{path, "must have 255 characters at most"};
    }
}

void check(render_body const& body)
{
    check_length("/user_id", body.user_id);
    check_length("/session_id", body.session_id);
    check_length("/label", body.label);
    auto const& e = body.environment;
    if (e && *e != "dev" && *e != "staging" && *e != "production") {
        throw decode_error{"/environment", "must be dev, staging or production"};
    }
    if (body.version && *body.version < 1) {
        throw decode_error{"/version", "must be a whole number from 1"};
    }
}

problem blocked(inspection const& found, std::optional<std::string> const& execution_id)
{
    json::object more{{"violations", violations_json(found.violations)}};
    if (execution_id) {
        more["execution_id"] = *execution_id;
    }
    return {422, "guardrail-blocked", "A guardrail blocks these variables; `violations` says which.",
            std::move(more)};
}

problem log_full()
{
    return unavailable("log-full",
                       "The execution log cannot take more at the moment, so nothing is rendered.", 1);
}

execution execution_of(call const& asked, render_body const& body, resolution const& of,
                       inspection const& found)
{
    execution e;
    e.id = new_uuid_v7();
    auto const& content = of.version->content;
    if (!of.is_builtin) {
        e.prompt_id = content.id;
    }
    e.prompt_name = content.name;
    e.prompt_version = content.version;
    e.label = of.label;
    if (of.by != nullptr) {
        e.experiment_id = of.by->id;
        e.variant = of.assigned->name;
    }
    e.user_id = body.user_id;
    e.session_id = body.session_id;
    e.request_id = asked.asked.id;
    e.variables = json::serialize(found.variables);
    e.violations = json::serialize(stored_violations(found.violations));
    e.action = found.action;
    e.environment = body.environment;
    return e;
}

json::object answer_of(resolution const& of, inspection const& found, json::value rendered)
{
    json::object o;
    o[rendered.is_array() ? "messages" : "rendered"] = std::move(rendered);
    o["name"] = of.version->content.name;
    o["version"] = of.version->content.version;
    o["label"] = of.label ? json::value(*of.label) : json::value(nullptr);
    if (of.by != nullptr) {
        o["experiment"] = of.by->name;
        o["variant"] = of.assigned->name;
    }
    o["source"] = of.is_builtin ? "builtin" : "database";
    o["guardrails"] =
        json::object{{"action", found.action}, {"violations", violations_json(found.violations)}};
    return o;
}

std::string text_of(json::value const& rendered)
{
    return rendered.is_string() ? std::string{rendered.get_string()} : json::serialize(rendered);
}

problem not_logged(database_error const& e)
{
    return e.reason() == database_error::kind::unknown
               ? unavailable("outcome-unknown", "Whether the execution was logged is not known.", 1)
               : unavailable("database-unavailable", "The execution cannot be logged at the moment.", 2);
}

} // namespace

void render_api::render(call asked, respond then) const
{
    auto body = asked.body_as<render_body>();
    check(body);
    auto const now = parts_.served();
    auto const of = resolve(*now, {asked.path[0], body.label, body.version, body.user_id.value_or(""), true});
    if (of.is_builtin) {
        parts_.served_builtin();
    }
    if (!of.version->problems.empty()) {
        throw problem{422,
                      "template-invalid",
                      "This version cannot be rendered: it was not written through the service.",
                      {{"problems", problems_json(of.version->problems)}}};
    }
    auto variables = std::move(body.variables).value_or(json::object{});
    require_variables(of.version->compiled, variables);
    auto const found = inspect(now->guardrails, of.version->content.name, of.category, std::move(variables));
    bool const blocks = found.action == "block";
    bool const dry = body.dry_run.value_or(false);
    json::value rendered;
    if (!blocks) {
        rendered = app::render(of.version->compiled, found.variables);
    }
    auto object = blocks ? json::object{} : answer_of(of, found, rendered);
    if (dry) {
        if (blocks) {
            throw blocked(found, std::nullopt);
        }
        return then(json_answer(object));
    }
    auto e = execution_of(asked, body, of, found);
    auto const id = e.id;
    if (blocks) {
        e.status = execution_status::blocked;
    }
    else {
        e.rendered = text_of(rendered);
        object["execution_id"] = id;
    }
    auto result = blocks ? app::answer_of(blocked(found, id), asked.asked.id) : json_answer(object);
    parts_.tell_age(result);
    if (asked.flag("durable")) {
        journal_.add_durable(std::move(e),
                             [then = std::move(then), result = std::move(result),
                              request_id = asked.asked.id](std::optional<database_error> failed) {
                                 then(failed ? app::answer_of(not_logged(*failed), request_id) : result);
                             });
        return;
    }
    if (journal_.add(std::move(e)) == adding::full) {
        throw log_full();
    }
    then(std::move(result));
}

answer render_api::preview(call const& asked) const
{
    auto body = asked.body_as<preview_body>();
    if (body.template_.has_value() == body.messages.has_value()) {
        throw decode_error{"", "must have either template (a text) or messages (a chat)"};
    }
    prompt_version v;
    v.is_chat = body.messages.has_value();
    if (v.is_chat) {
        for (auto& m : *body.messages) {
            v.messages.push_back({std::move(m.role), std::move(m.content)});
        }
    }
    else {
        v.template_text = std::move(*body.template_);
    }
    compiled_prompt compiled;
    auto problems = problems_json(v.compile(compiled));
    auto const variables = std::move(body.variables).value_or(json::object{});
    auto const texts = [](std::vector<std::string> const& list) {
        json::array out;
        for (auto const& text : list) {
            out.emplace_back(text);
        }
        return out;
    };
    auto const absent = missing(compiled, variables);
    auto const now = parts_.served();
    auto const name = body.name.value_or("");
    auto const* const known = now->find(name);
    auto const found =
        inspect(now->guardrails, name, known == nullptr ? std::nullopt : known->category, variables);
    json::object o;
    if (problems.empty() && absent.empty()) {
        try {
            auto rendered = app::render(compiled, variables);
            o[rendered.is_array() ? "messages" : "rendered"] = std::move(rendered);
        }
        catch (problem const& p) {
            problems.push_back(json::object{
                {"code", p.code}, {"line", nullptr}, {"column", nullptr}, {"message", p.detail}});
        }
    }
    o["variables"] = texts(compiled.variables);
    o["required"] = texts(compiled.required);
    o["missing"] = texts(absent);
    o["problems"] = std::move(problems);
    auto violations = violations_json(found.violations);
    for (std::size_t i = 0; i < violations.size(); ++i) {
        violations[i].as_object()["hits"] = hits_json(now->guardrails, found.violations[i], variables);
    }
    o["guardrails"] = json::object{{"action", found.action}, {"violations", std::move(violations)}};
    return json_answer(o);
}

} // namespace app
