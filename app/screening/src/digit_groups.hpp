// The runs of ASCII digits of a text, and what separates one from the next: what numbers are written with.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "screening/match.hpp"

namespace app {

/// What is between two groups of digits. Spaces beside a hyphen or slash belong to it.
enum class separator : unsigned char
{
    none, ///< anything else: the groups have nothing to do with each other
    space,
    hyphen,
    point,
    slash,
    parenthesis, ///< one is opened or closed
};

class digit_groups
{
public:
    explicit digit_groups(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return groups_.size(); }
    [[nodiscard]] text_range const& operator[](std::size_t index) const { return groups_[index].range; }
    [[nodiscard]] std::size_t length(std::size_t index) const
    {
        return groups_[index].range.end - groups_[index].range.begin;
    }
    [[nodiscard]] char digit(std::size_t index, std::size_t place) const
    {
        return text_[groups_[index].range.begin + place];
    }
    [[nodiscard]] std::string_view text_of(std::size_t index) const;

    /// The first group that begins here or later; size() if there is none.
    [[nodiscard]] std::size_t first_from(std::size_t offset) const;

    /// Between this group and the one before it; none for the first.
    [[nodiscard]] separator before(std::size_t index) const { return groups_[index].before; }

    /// True if a slash comes just before the group.
    [[nodiscard]] bool follows_slash(std::size_t index) const;

    /// True if the group is in parentheses: (415).
    [[nodiscard]] bool in_parentheses(std::size_t index) const;

    /// True if the groups from here on have these lengths, with a separator before each but the first.
    [[nodiscard]] bool have_lengths(std::size_t first, std::span<unsigned char const> lengths) const;

    /// The digits of some groups, without what separates them.
    [[nodiscard]] std::string digits(std::size_t first, std::size_t count) const;

    /// From the first group's first digit to the last one's last.
    [[nodiscard]] text_range range(std::size_t first, std::size_t count) const;

    /// True if a space comes between some of the groups.
    [[nodiscard]] bool have_spaces(std::size_t first, std::size_t count) const;

private:
    struct group
    {
        text_range range;
        separator before;
    };

    [[nodiscard]] separator between(std::size_t end, std::size_t begin) const;

    std::string_view text_;
    std::vector<group> groups_;
};

} // namespace app
