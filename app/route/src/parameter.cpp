#include "route/parameter.hpp"

#include <charconv>

#include "http/utf8.hpp"

namespace app {
namespace {

// Two or four digits at `at`; -1 if they are none.
int digits(std::string_view text, std::size_t at, std::size_t count)
{
    if (at + count > text.size()) {
        return -1;
    }
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in(int year, int month)
{
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// Days since 1970-01-01 in the proleptic Gregorian calendar.
std::int64_t days_since_epoch(int year, int month, int day)
{
    std::int64_t days = 0;
    for (int y = 1970; y < year; ++y) {
        days += is_leap(y) ? 366 : 365;
    }
    for (int m = 1; m < month; ++m) {
        days += days_in(year, m);
    }
    return days + day - 1;
}

} // namespace

std::optional<std::int64_t> whole_number(std::string_view text) noexcept
{
    std::int64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || text.front() == '-' || error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

std::optional<std::int64_t> time_of(std::string_view text) noexcept
{
    int const year = digits(text, 0, 4);
    int const month = digits(text, 5, 2);
    int const day = digits(text, 8, 2);
    if (text.size() < 10 || text[4] != '-' || text[7] != '-' || year < 1970 || month < 1 || month > 12 ||
        day < 1 || day > days_in(year, month)) {
        return std::nullopt;
    }
    constexpr std::int64_t second = 1'000'000;
    std::int64_t const midnight = days_since_epoch(year, month, day) * 86'400 * second;
    if (text.size() == 10) {
        return midnight;
    }
    int const hour = digits(text, 11, 2);
    int const minute = digits(text, 14, 2);
    int const seconds = digits(text, 17, 2);
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':' ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || seconds < 0 || seconds > 60) {
        return std::nullopt;
    }
    std::size_t at = 19;
    std::int64_t fraction = 0;
    if (text[at] == '.') {
        std::int64_t worth = second / 10;
        std::size_t const first = ++at;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            fraction += (text[at] - '0') * worth;
            worth /= 10;
        }
        if (at == first) {
            return std::nullopt;
        }
    }
    std::int64_t offset = 0;
    auto const zone = text.substr(at);
    if (zone != "Z" && zone != "z") {
        int const hours = digits(zone, 1, 2);
        int const minutes = digits(zone, 4, 2);
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || hours < 0 ||
            hours > 23 || minutes < 0 || minutes > 59) {
            return std::nullopt;
        }
        offset = (hours * 60 + minutes) * 60 * (zone[0] == '-' ? -1 : 1);
    }
    return midnight + (((hour * 60 + minute) * 60) + seconds - offset) * second + fraction;
}

std::optional<std::string> fault_of(parameter const& p, std::string_view value)
{
    switch (p.type) {
    case parameter::kind::text: {
        auto const length = static_cast<std::int64_t>(length_in_characters(value));
        if (length < p.least || length > p.most) {
            return "must have " + std::to_string(p.least) + " to " + std::to_string(p.most) + " characters";
        }
        return std::nullopt;
    }
    case parameter::kind::whole: {
        auto const number = whole_number(value);
        if (!number || *number < p.least || *number > p.most) {
            return "must be a whole number from " + std::to_string(p.least) + " to " + std::to_string(p.most);
        }
        return std::nullopt;
    }
    case parameter::kind::boolean:
        return value == "true" || value == "false" ? std::nullopt
                                                   : std::optional<std::string>{"must be true or false"};
    case parameter::kind::time:
        return time_of(value)
                   ? std::nullopt
                   : std::optional<std::string>{"must be a date (2026-01-31) or a time with its offset "
                                                "(2026-01-31T12:00:00Z) from 1970 on"};
    }
    return std::nullopt;
}

boost::json::object schema_of(parameter const& p)
{
    switch (p.type) {
    case parameter::kind::text: return {{"type", "string"}, {"minLength", p.least}, {"maxLength", p.most}};
    case parameter::kind::whole: return {{"type", "integer"}, {"minimum", p.least}, {"maximum", p.most}};
    case parameter::kind::boolean: return {{"type", "boolean"}};
    case parameter::kind::time: return {{"type", "string"}, {"format", "date-time"}};
    }
    return {};
}

} // namespace app
