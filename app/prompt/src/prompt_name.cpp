#include "prompt/prompt_name.hpp"

#include <algorithm>

namespace app {
namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
bool is_joiner(char c)
{
    return c == '.' || c == '_' || c == '-';
}

} // namespace

bool is_prompt_name(std::string_view name) noexcept
{
    if (name.empty() || name.size() > 255) {
        return false;
    }
    bool first = true; // of a part
    for (char const c : name) {
        bool const letter = is_digit(c) || is_lower(c) || is_upper(c);
        if (c == '/' ? first : !(letter || (!first && is_joiner(c)))) {
            return false;
        }
        first = c == '/';
    }
    return !first;
}

bool is_label(std::string_view label) noexcept
{
    auto const follows = [](char c) { return is_digit(c) || is_lower(c) || is_joiner(c); };
    return !label.empty() && label.size() <= 36 && !is_joiner(label.front()) &&
           std::all_of(label.begin(), label.end(), follows);
}

} // namespace app
