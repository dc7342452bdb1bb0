#include "prompt_json.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <ctime>

namespace app {
namespace {

namespace json = boost::json;

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

// RFC 3339 in UTC with microseconds, so that equal texts mean equal times.
json::value time_or_null(std::optional<std::int64_t> const& microseconds)
{
    constexpr std::int64_t second = 1'000'000;
    if (!microseconds) {
        return nullptr;
    }
    auto const fraction = (*microseconds % second + second) % second;
    auto const seconds = static_cast<std::time_t>((*microseconds - fraction) / second);
    std::tm parts{};
    std::array<char, 32> day{};
    if (::gmtime_r(&seconds, &parts) == nullptr ||
        std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
        return nullptr;
    }
    std::array<char, 16> tail{};
    std::snprintf(tail.data(), tail.size(), ".%06dZ", static_cast<int>(fraction));
    return json::value(std::string{day.data()} + tail.data());
}

json::array variables_of(prompt const& p)
{
    auto parsed = json::parse(p.variables);
    return parsed.is_array() ? parsed.as_array() : json::array{};
}

json::object summary(prompt const& p)
{
    json::object o;
    o["id"] = p.id;
    o["name"] = p.name;
    o["version"] = p.version;
    o["category"] = or_null(p.category);
    o["description"] = or_null(p.description);
    o["is_active"] = p.is_active;
    o["ab_test_group"] = or_null(p.ab_test_group);
    o["created_at"] = time_or_null(p.created_at);
    o["updated_at"] = time_or_null(p.updated_at);
    return o;
}

} // namespace

std::string to_json(prompt const& p)
{
    auto o = summary(p);
    o["template_text"] = p.template_text;
    o["variables"] = variables_of(p);
    o["created_by"] = or_null(p.created_by);
    o["source"] = "database";
    return json::serialize(o);
}

std::string to_json(prompt_page const& page)
{
    json::array prompts;
    for (auto const& p : page.prompts) {
        prompts.push_back(summary(p));
    }
    json::object o;
    o["prompts"] = std::move(prompts);
    o["next_cursor"] = or_null(page.next_cursor);
    return json::serialize(o);
}

} // namespace app
