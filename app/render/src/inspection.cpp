#include "render/inspection.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

#include "screening/match.hpp"
#include "screening/redaction.hpp"

namespace app {
namespace {

namespace json = boost::json;

// A string among the variables, and what of it must not stay.
struct place
{
    json::string* text;
    std::vector<match> hidden{};
};

// Without recursion: a client decides how deep its values are.
std::vector<place> strings_of(json::object& variables)
{
    std::vector<place> out;
    std::vector<json::value*> open;
    for (auto& member : variables) {
        open.push_back(&member.value());
    }
    for (std::size_t next = 0; next < open.size(); ++next) {
        auto& value = *open[next];
        if (auto* const text = value.if_string()) {
            out.push_back({text});
        }
        else if (auto* const object = value.if_object()) {
            for (auto& member : *object) {
                open.push_back(&member.value());
            }
        }
        else if (auto* const array = value.if_array()) {
            for (auto& element : *array) {
                open.push_back(&element);
            }
        }
    }
    return out;
}

int strictness(std::string_view action)
{
    return action == "block" ? 3 : action == "redact" ? 2 : action == "warn" ? 1 : 0;
}

violation failed(guardrail const& rule)
{
    return {&rule, rule.severity == "critical" ? "block" : "warn", 0, {}, true};
}

std::optional<violation> look(served_guardrail const& guard, std::vector<place>& places)
{
    auto const& rule = guard.rule;
    if (!guard.compiled) {
        return failed(rule);
    }
    violation found{&rule, rule.action};
    bool const hides = rule.action == "block" || rule.action == "redact";
    try {
        for (auto& one : places) {
            auto const matches = guard.compiled->find({one.text->data(), one.text->size()});
            found.count += matches.size();
            for (auto const& m : matches) {
                if (std::find(found.entities.begin(), found.entities.end(), m.entity) ==
                    found.entities.end()) {
                    found.entities.push_back(m.entity);
                }
            }
            if (hides) {
                one.hidden.insert(one.hidden.end(), matches.begin(), matches.end());
            }
        }
    }
    catch (screening_failed const&) {
        return failed(rule);
    }
    return found.count == 0 ? std::nullopt : std::optional{std::move(found)};
}

} // namespace

inspection inspect(std::vector<served_guardrail> const& guardrails, std::string_view prompt,
                   std::optional<std::string> const& category, json::object variables)
{
    inspection out;
    out.variables = std::move(variables);
    auto places = strings_of(out.variables);
    for (auto const& guard : guardrails) {
        if (!guard.rule.is_active || !guard.rule.applies_to(prompt, category)) {
            continue;
        }
        auto found = look(guard, places);
        if (!found) {
            continue;
        }
        if (strictness(found->action) > strictness(out.action)) {
            out.action = found->action;
        }
        out.violations.push_back(std::move(*found));
    }
    for (auto& one : places) {
        if (!one.hidden.empty()) {
            *one.text = redact({one.text->data(), one.text->size()}, std::move(one.hidden));
        }
    }
    return out;
}

json::array violations_json(std::vector<violation> const& violations)
{
    json::array out;
    for (auto const& v : violations) {
        json::object one{{"guardrail", v.rule->name},
                         {"type", v.rule->type},
                         {"severity", v.rule->severity},
                         {"action", v.action},
                         {"count", v.count}};
        if (v.could_not_run) {
            one["error"] = "could-not-run";
        }
        out.push_back(std::move(one));
    }
    return out;
}

json::array hits_json(std::vector<served_guardrail> const& guardrails, violation const& of,
                      json::object const& variables)
{
    json::array out;
    for (auto const& guard : guardrails) {
        if (&guard.rule != of.rule || !guard.compiled || of.could_not_run) {
            continue;
        }
        for (auto const& [variable, value] : variables) {
            auto const* const text = value.if_string();
            if (text == nullptr) {
                continue;
            }
            std::string_view const whole{text->data(), text->size()};
            for (auto const& m : in_characters(whole, guard.compiled->find(whole))) {
                out.push_back(json::object{
                    {"variable", variable}, {"entity", m.entity}, {"start", m.begin}, {"end", m.end}});
            }
        }
    }
    return out;
}

json::array stored_violations(std::vector<violation> const& violations)
{
    json::array out;
    for (auto const& v : violations) {
        json::array entities;
        for (auto const& entity : v.entities) {
            entities.emplace_back(entity);
        }
        out.push_back(json::object{{"guardrail_name", v.rule->name},
                                   {"guardrail_type", v.rule->type},
                                   {"severity", v.rule->severity},
                                   {"action", v.action},
                                   {"count", v.count},
                                   {"entities", std::move(entities)}});
    }
    return out;
}

} // namespace app
