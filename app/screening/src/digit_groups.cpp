#include "digit_groups.hpp"

#include <algorithm>

#include "surroundings.hpp"

namespace app {

digit_groups::digit_groups(std::string_view text) : text_{text}
{
    for (auto at = std::size_t{0}; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        auto const begin = at;
        while (at < text.size() && is_digit(text[at])) {
            ++at;
        }
        groups_.push_back({begin, at});
    }
}

std::string_view digit_groups::text_of(std::size_t index) const
{
    return text_.substr(groups_[index].begin, length(index));
}

std::size_t digit_groups::first_from(std::size_t offset) const
{
    auto const found = std::partition_point(groups_.begin(), groups_.end(),
                                            [&](text_range const& one) { return one.begin < offset; });
    return static_cast<std::size_t>(found - groups_.begin());
}

separator digit_groups::before(std::size_t index) const
{
    if (index == 0) {
        return separator::none;
    }
    auto between = text_.substr(groups_[index - 1].end, groups_[index].begin - groups_[index - 1].end);
    if (between.empty() || between.size() > 3) {
        return separator::none;
    }
    if (between == " ") {
        return separator::space;
    }
    auto const inner = between.substr(between.front() == ' ' ? 1 : 0);
    auto const sign = inner.front();
    auto const rest = inner.substr(1);
    if (sign == ')') {
        return rest.empty() || rest == " " || rest == "-" || rest == " -" || rest == "/" || rest == "."
                   ? separator::parenthesis
                   : separator::none;
    }
    if (sign == '(' && rest.empty()) {
        return separator::parenthesis;
    }
    if (sign == '-' && rest == "(") {
        return separator::parenthesis;
    }
    if (sign == '.') {
        return between.size() == 1 ? separator::point : separator::none;
    }
    if (!rest.empty() && rest != " ") {
        return separator::none;
    }
    return sign == '-' ? separator::hyphen : sign == '/' ? separator::slash : separator::none;
}

bool digit_groups::in_parentheses(std::size_t index) const
{
    auto const& group = groups_[index];
    return group.begin > 0 && group.end < text_.size() && text_[group.begin - 1] == '(' &&
           text_[group.end] == ')';
}

bool digit_groups::have_lengths(std::size_t first, std::span<unsigned char const> lengths) const
{
    if (first + lengths.size() > groups_.size()) {
        return false;
    }
    for (auto at = std::size_t{0}; at < lengths.size(); ++at) {
        if (length(first + at) != lengths[at] || (at > 0 && before(first + at) == separator::none)) {
            return false;
        }
    }
    return true;
}

std::string digit_groups::digits(std::size_t first, std::size_t count) const
{
    auto result = std::string{};
    for (auto at = first; at < first + count; ++at) {
        result.append(text_of(at));
    }
    return result;
}

text_range digit_groups::range(std::size_t first, std::size_t count) const
{
    return {groups_[first].begin, groups_[first + count - 1].end};
}

bool digit_groups::have_spaces(std::size_t first, std::size_t count) const
{
    auto const whole = range(first, count);
    return text_.substr(whole.begin, whole.end - whole.begin).find(' ') != std::string_view::npos;
}

} // namespace app
