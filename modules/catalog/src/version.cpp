#include "schemagate/version.hpp"

#include <algorithm>

#include "schemagate/failure.hpp"

namespace schemagate {
namespace {

std::string_view without_leading_zeros(std::string_view digits) noexcept
{
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

} // namespace

version::version(std::string_view digits) : text_{digits}
{
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
        throw failure{errc::script_refused,
                      "\"" + text_ + "\" is no version: a version is made of digits only.",
                      "Write a number such as 0007, or a timestamp such as 20261122210300."};
    }
}

std::strong_ordering operator<=>(version const& a, version const& b) noexcept
{
    auto const left = without_leading_zeros(a.text_);
    auto const right = without_leading_zeros(b.text_);
    // Without leading zeros the longer number is the greater one, whatever its length.
    if (auto const order = left.size() <=> right.size(); order != 0) {
        return order;
    }
    return left.compare(right) <=> 0;
}

} // namespace schemagate
