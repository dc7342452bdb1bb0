#include "analytics/analytics_period.hpp"

#include <algorithm>
#include <array>

#include "http/problem.hpp"

namespace app {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;
constexpr std::int64_t points_max = 1'000;

struct unit
{
    char const* name;
    std::int64_t length; ///< of a month: its shortest
};
constexpr std::array units{unit{"minute", 60 * second}, unit{"hour", 3'600 * second}, unit{"day", day},
                           unit{"week", 7 * day}, unit{"month", 28 * day}};

char const* fitting(std::int64_t length)
{
    return length <= 7 * day ? "hour" : length <= 100 * day ? "day" : "month";
}

} // namespace

std::string rfc3339_of(unix_microseconds at)
{
    auto text = to_sql_time(at); // "2026-11-29 19:04:05.123456+00"
    if (text.size() > 19 && text[10] == ' ') {
        text[10] = 'T';
        text.replace(text.rfind('+'), std::string::npos, "Z");
    }
    return text;
}

boost::json::object period::shown() const
{
    return {{"since", rfc3339_of(since)}, {"until", rfc3339_of(until)}, {"interval", interval}};
}

period period_of(std::optional<unix_microseconds> since, std::optional<unix_microseconds> until,
                 std::optional<std::string> const& interval, unix_microseconds now)
{
    period out;
    out.until = until.value_or(now);
    out.since = since.value_or(out.until - day);
    if (out.since >= out.until) {
        throw problem{400, "period-invalid", "since must be before until."};
    }
    auto const length = out.until - out.since;
    out.interval = fitting(length);
    if (interval) {
        auto const found =
            std::find_if(units.begin(), units.end(), [&](auto const& u) { return u.name == *interval; });
        if (found == units.end()) {
            throw problem{400,
                          "invalid-parameter",
                          "interval must be minute, hour, day, week or month.",
                          {{"parameter", "interval"}}};
        }
        out.interval = found->name;
    }
    auto const is = std::find_if(units.begin(), units.end(),
                                 [&](auto const& u) { return u.name == std::string_view{out.interval}; });
    if (length / is->length >= points_max) {
        throw problem{400, "too-many-points",
                      "These are more than 1000 points: choose a longer interval, or a shorter period."};
    }
    return out;
}

} // namespace app
