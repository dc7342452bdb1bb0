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
        groups_.push_back(
            {{begin, at}, groups_.empty() ? separator::none : between(groups_.back().range.end, begin)});
    }
}

std::string_view digit_groups::text_of(std::size_t index) const
{
    return text_.substr(groups_[index].range.begin, length(index));
}

std::size_t digit_groups::first_from(std::size_t offset) const
{
    auto const found = std::partition_point(groups_.begin(), groups_.end(),
                                            [&](group const& one) { return one.range.begin < offset; });
    return static_cast<std::size_t>(found - groups_.begin());
}

separator digit_groups::between(std::size_t end, std::size_t begin) const
{
    auto const all = text_.substr(end, begin - end);
    if (all.size() > 3) {
        return separator::none;
    }
    if (all == " ") {
        return separator::space;
    }
    auto const inner = all.substr(all.front() == ' ' ? 1 : 0);
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
        return all.size() == 1 ? separator::point : separator::none;
    }
    if (!rest.empty() && rest != " ") {
        return separator::none;
    }
    return sign == '-' ? separator::hyphen : sign == '/' ? separator::slash : separator::none;
}

bool digit_groups::follows_slash(std::size_t index) const
{
    return groups_[index].range.begin > 0 && text_[groups_[index].range.begin - 1] == '/';
}

bool digit_groups::in_parentheses(std::size_t index) const
{
    auto const [begin, end] = groups_[index].range;
    return begin > 0 && end < text_.size() && text_[begin - 1] == '(' && text_[end] == ')';
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
    return {groups_[first].range.begin, groups_[first + count - 1].range.end};
}

bool digit_groups::have_spaces(std::size_t first, std::size_t count) const
{
    auto const whole = range(first, count);
    return text_.substr(whole.begin, whole.end - whole.begin).find(' ') != std::string_view::npos;
}

} // namespace app
