#include "guardrail/guardrail.hpp"

#include <algorithm>
#include <array>

#include "http/problem.hpp"
#include "http/utf8.hpp"
#include "json/decode.hpp"

namespace app {
namespace {

constexpr std::array<std::string_view, 4> types{"pii_detection", "toxic_content", "prompt_injection",
                                                "content_policy"};
constexpr std::array<std::string_view, 4> severities{"critical", "high", "medium", "low"};
constexpr std::array<std::string_view, 4> actions{"block", "redact", "warn", "log"};

void check_word(char const* path, std::string const& word, std::array<std::string_view, 4> const& words)
{
    if (std::find(words.begin(), words.end(), word) != words.end()) {
        return;
    }
    std::string list;
    for (auto const one : words) {
        list.append(list.empty() ? "" : ", ").append(one);
    }
    throw decode_error{path, "must be one of: " + list};
}

void check_length(std::string const& path, std::string const& text, std::size_t most)
{
    auto const length = length_in_characters(text);
    if (length == 0 || length > most) {
        throw decode_error{path, "must have 1 to " + std::to_string(most) + " characters"};
    }
}

bool holds(std::vector<std::string> const& list, std::string_view word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

boost::json::array texts(std::vector<std::string> const& list)
{
    boost::json::array out;
    for (auto const& text : list) {
        out.emplace_back(text);
    }
    return out;
}

} // namespace

bool guardrail::applies_to(std::string_view prompt, std::optional<std::string> const& category) const
{
    if (applies_to_templates.empty() && applies_to_categories.empty()) {
        return true;
    }
    return holds(applies_to_templates, prompt) || (category && holds(applies_to_categories, *category));
}

int rank_of(std::string_view severity) noexcept
{
    return static_cast<int>(std::find(severities.begin(), severities.end(), severity) - severities.begin());
}

guardrail guardrail_of(guardrail_body body)
{
    guardrail g;
    g.name = std::move(body.name).value_or("");
    check_length("/name", g.name, 255);
    check_word("/type", body.type, types);
    check_word("/severity", body.severity, severities);
    check_word("/action", body.action, actions);
    g.description = std::move(body.description).value_or("");
    g.type = std::move(body.type);
    g.severity = std::move(body.severity);
    g.action = std::move(body.action);
    g.config = std::move(body.config);
    g.applies_to_templates = std::move(body.applies_to_templates).value_or(std::vector<std::string>{});
    g.applies_to_categories = std::move(body.applies_to_categories).value_or(std::vector<std::string>{});
    for (auto const& name : g.applies_to_templates) {
        check_length("/applies_to_templates", name, 255);
    }
    for (auto const& name : g.applies_to_categories) {
        check_length("/applies_to_categories", name, 100);
    }
    g.is_active = body.is_active.value_or(true);
    try {
        (void)screen::compile(g.type, g.config);
    }
    catch (pattern_invalid const& e) {
        throw problem{422, "pattern-invalid", e.path() + ": " + e.what(), {{"path", e.path()}}};
    }
    return g;
}

boost::json::object to_json(guardrail const& g, bool effective)
{
    return {{"name", g.name},
            {"description", g.description},
            {"type", g.type},
            {"severity", g.severity},
            {"action", g.action},
            {"config", g.config},
            {"applies_to_templates", texts(g.applies_to_templates)},
            {"applies_to_categories", texts(g.applies_to_categories)},
            {"is_active", g.is_active},
            {"effective", effective},
            {"total_checks", g.total_checks},
            {"violation_count", g.violation_count},
            {"created_by", g.created_by ? boost::json::value(*g.created_by) : boost::json::value(nullptr)},
            {"created_at", g.created_at},
            {"updated_at", g.updated_at}};
}

} // namespace app
