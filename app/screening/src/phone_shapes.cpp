#include "phone_shapes.hpp"

#include <algorithm>
#include <array>

namespace app {

namespace {

// What may be between the groups of one shape.
constexpr unsigned spaces = 1U << static_cast<unsigned>(separator::space);
constexpr unsigned hyphens = 1U << static_cast<unsigned>(separator::hyphen);
constexpr unsigned points = 1U << static_cast<unsigned>(separator::point);
constexpr unsigned slashes = 1U << static_cast<unsigned>(separator::slash); // after the first group only
constexpr unsigned any = spaces | hyphens | points | slashes;
constexpr unsigned alike = 1U << 8; // the same throughout: 01 23 45 67 89
constexpr unsigned signs = 1U << 9; // not spaces alone

struct shape
{
    std::string_view from; ///< the lowest that each of the first digits may be
    std::string_view to;   ///< the highest, as many
    std::array<unsigned char, 5> lengths;
    unsigned between;
};

// Without parentheses.
constexpr shape plain[] = {
    // North America. With spaces alone, area and exchange have to be some that are given out, or 555, which
    // stands in for
    // any area in examples.
    {"0", "9", {3, 3, 4}, any | signs},
    {"2002", "9999", {3, 3, 4}, spaces},
    {"555", "555", {3, 3, 4}, spaces},
    // Trunk prefix 0: France; the Netherlands, Japan, Korea, Australia, Belgium, Sweden, Hungary …
    {"01", "09", {2, 2, 2, 2, 2}, spaces | hyphens | points | alike},
    {"01", "09", {2, 2, 3, 4}, any},
    {"01", "09", {2, 8}, spaces | hyphens | slashes},
    {"01", "09", {2, 7}, spaces | hyphens | slashes},
    {"01", "09", {2, 4, 4}, spaces | hyphens},
    {"01", "09", {2, 3, 4}, spaces | hyphens | slashes},
    {"01", "09", {2, 3, 2, 2}, any},
    {"01", "09", {2, 3, 3, 2}, any},
    {"01", "09", {2, 4, 3}, spaces | hyphens},
    {"010", "099", {3, 3, 4}, spaces},
    // Areas of three digits: Germany, the United Kingdom, Switzerland, Israel, Korea, China …
    {"010", "099", {3, 6}, spaces | slashes | hyphens},
    {"010", "099", {3, 7}, spaces | slashes | hyphens},
    {"010", "099", {3, 8}, spaces | slashes | hyphens},
    {"010", "099", {3, 3, 3}, spaces},
    {"010", "099", {3, 4, 4}, any},
    {"010", "099", {3, 4, 3}, any},
    {"010", "099", {3, 3, 2, 2}, any},
    {"010", "099", {3, 2, 2, 2}, any},
    {"010", "099", {3, 2, 2, 3}, any},
    {"010", "099", {3, 2, 3, 2}, any},
    {"010", "099", {3, 2, 3, 3}, any},
    {"010", "099", {3, 2, 4, 4}, any},
    // Four: the United Kingdom, Germany, Austria, Turkey, Belgium, Romania, Nigeria, Australia …
    {"0100", "0999", {4, 6}, spaces | slashes | hyphens},
    {"0100", "0999", {4, 7}, any},
    {"0100", "0999", {4, 8}, any},
    {"0100", "0999", {4, 3, 3}, any},
    {"0100", "0999", {4, 3, 4}, any},
    {"0100", "0999", {4, 3, 2, 2}, any},
    {"0100", "0999", {4, 2, 2, 2}, any},
    {"0100", "0999", {4, 2, 2, 3}, any},
    {"0100", "0999", {4, 2, 3, 2}, any},
    {"0100", "0999", {4, 2, 3}, any},
    {"02", "02", {4, 4, 3}, spaces},
    {"0810", "0899", {4, 4, 4}, hyphens}, // Indonesia; with spaces they may be times of day
    {"0810", "0899", {4, 4, 3}, hyphens},
    // Five and six: the United Kingdom, Germany, India, Bangladesh.
    {"01000", "09999", {5, 5}, slashes | hyphens}, // with a space they may be postal codes
    {"01000", "09999", {5, 6}, any},
    {"01000", "09999", {5, 7}, spaces | slashes | hyphens},
    {"01000", "09999", {5, 3, 3}, any},
    {"06", "09", {6, 5}, spaces | hyphens},
    // Without a trunk prefix: Spain, Poland, Czechia, Russia, Ukraine, China, Brazil, India, Italy,
    // Australia.
    {"11", "99", {2, 3, 2, 2}, any},
    {"5", "9", {3, 2, 2, 2}, spaces | hyphens | points},
    {"2", "9", {3, 3, 2, 2}, spaces | hyphens},
    {"119", "999", {2, 5, 4}, spaces | hyphens},
    {"13", "19", {3, 4, 4}, spaces | hyphens},
    {"6", "9", {5, 5}, hyphens},
    {"32", "39", {3, 7}, any},
    {"98", "98", {3, 7}, hyphens},
    {"80", "80", {1, 3, 3, 2, 2}, spaces | hyphens},
    {"32", "39", {3, 6}, spaces | hyphens | slashes},
    {"1300", "1300", {4, 3, 3}, spaces | hyphens},
    {"1800", "1800", {4, 3, 3}, spaces | hyphens},
    {"1800", "1800", {4, 3, 4}, spaces | hyphens},
    {"1860", "1860", {4, 3, 4}, spaces | hyphens},
};

// The first group is in parentheses.
constexpr shape parenthesized[] = {
    {"0", "9", {3, 3, 4}, any},          {"1", "9", {3, 7}, any},
    {"010", "099", {3, 7}, any},         {"1", "9", {3, 3, 2, 2}, any},
    {"010", "099", {3, 3, 2, 2}, any},   {"11", "99", {2, 4, 4}, any},
    {"11", "99", {2, 5, 4}, any},        {"11", "99", {2, 8}, any},
    {"11", "99", {2, 9}, any},           {"2", "9", {1, 4, 4}, any},
    {"0", "0", {1, 2, 4, 4}, any},       {"0", "0", {1, 3, 3, 4}, any},
    {"0", "0", {1, 3, 7}, any},          {"0", "0", {1, 4, 6}, any},
    {"01", "09", {2, 3, 4}, any},        {"01", "09", {2, 3, 3}, any},
    {"01", "09", {2, 4, 4}, any},        {"01", "09", {2, 3, 2, 2}, any},
    {"01", "09", {2, 7}, any},           {"01", "09", {2, 8}, any},
    {"010", "099", {3, 6}, any},         {"010", "099", {3, 8}, any},
    {"010", "099", {3, 3, 3}, any},      {"010", "099", {3, 4, 4}, any},
    {"0100", "0999", {4, 6}, any},       {"0100", "0999", {4, 7}, any},
    {"0100", "0999", {4, 3, 3}, any},    {"0100", "0999", {4, 3, 4}, any},
    {"0100", "0999", {4, 3, 2, 2}, any}, {"0100", "0999", {4, 2, 2, 2}, any},
    {"01000", "09999", {5, 5}, any},     {"01000", "09999", {5, 6}, any},
    {"01000", "09999", {5, 7}, any},     {"01000", "09999", {5, 3, 3}, any},
};

// After a word such as "phone" only: alone, these may be anything.
constexpr shape announced_only[] = {
    {"1", "9", {3, 3, 4}, any},
    {"2", "9", {3, 4}, any},
    {"1", "9", {3, 2, 2}, spaces | hyphens},
    {"1", "9", {2, 3, 4}, spaces | hyphens},
    {"1", "9", {1, 3, 4}, spaces | hyphens},
    {"1", "9", {1, 2, 2, 2, 2}, spaces},
    {"1", "9", {4, 4}, spaces | hyphens},
    {"1", "9", {2, 2, 2, 2}, spaces | points | alike},
    {"1", "9", {3, 3, 3}, spaces | hyphens | points | alike},
    {"1", "9", {3, 2, 3}, spaces},
    {"1", "9", {2, 3, 3}, spaces},
    {"0", "9", {2, 4, 4}, spaces | hyphens},
    {"0", "9", {5, 5}, spaces | hyphens},
    {"0", "9", {5, 6}, spaces | hyphens},
    {"9", "9", {1, 4, 4}, spaces | hyphens},
    {"0", "9", {4, 4, 4}, spaces | hyphens},
    {"0", "9", {4, 6}, spaces | hyphens},
    {"0", "9", {3, 5}, spaces | hyphens | slashes},
    {"0", "9", {3, 6}, spaces | hyphens | slashes},
    {"0", "9", {3, 7}, spaces | hyphens | slashes},
    {"0", "9", {4, 5}, spaces | slashes | hyphens},
    {"0", "9", {2, 6}, spaces | slashes},
};

std::span<unsigned char const> lengths_of(shape const& one)
{
    auto const* const end = std::find(one.lengths.begin(), one.lengths.end(), 0);
    return {one.lengths.begin(), end};
}

bool separators_fit(digit_groups const& groups, std::size_t first, std::size_t count, unsigned allowed)
{
    auto has_sign = false;
    for (auto at = first + 1; at < first + count; ++at) {
        auto const between = groups.before(at);
        has_sign = has_sign || between != separator::space;
        auto const closes =
            between == separator::parenthesis && at == first + 1 && groups.in_parentheses(first);
        if (between == separator::slash && (at != first + 1 || groups.follows_slash(first))) {
            return false; // a path
        }
        if (between == separator::hyphen && at > first + 1 && groups.before(at - 1) == separator::point) {
            return false; // clause 252.227-7013
        }
        if (!closes && (allowed & (1U << static_cast<unsigned>(between))) == 0) {
            return false;
        }
        if ((allowed & alike) != 0 && between != groups.before(first + 1)) {
            return false;
        }
    }
    return has_sign || (allowed & signs) == 0;
}

bool are_years(std::string_view one, std::string_view other)
{
    auto const is_year = [](std::string_view group) {
        return group.starts_with("19") || group.starts_with("20");
    };
    return is_year(one) && is_year(other);
}

bool fits(shape const& one, digit_groups const& groups, std::size_t first)
{
    auto const lengths = lengths_of(one);
    if (!groups.have_lengths(first, lengths)) {
        return false;
    }
    auto const digits = groups.digits(first, lengths.size());
    for (auto at = std::size_t{0}; at < one.from.size(); ++at) {
        if (digits[at] < one.from[at] || digits[at] > one.to[at]) {
            return false;
        }
    }
    if (!separators_fit(groups, first, lengths.size(), one.between)) {
        return false;
    }
    if (digits.starts_with("000")) {
        return false; // a placeholder
    }
    return !(lengths.size() == 2 && lengths[0] == 4 && lengths[1] == 4 &&
             are_years(groups.text_of(first), groups.text_of(first + 1)));
}

std::size_t longest_fit(std::span<shape const> shapes, digit_groups const& groups, std::size_t first)
{
    auto longest = std::size_t{0};
    for (auto const& one : shapes) {
        if (one.lengths[0] == groups.length(first) && lengths_of(one).size() > longest &&
            fits(one, groups, first)) {
            longest = lengths_of(one).size();
        }
    }
    return longest;
}

} // namespace

std::size_t phone_shape_at(digit_groups const& groups, std::size_t first)
{
    return groups.in_parentheses(first) ? longest_fit(parenthesized, groups, first)
                                        : longest_fit(plain, groups, first);
}

std::size_t announced_phone_shape_at(digit_groups const& groups, std::size_t first)
{
    return longest_fit(announced_only, groups, first);
}

} // namespace app
