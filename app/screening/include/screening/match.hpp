// Where something was found in a text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace app {

/// A piece of a text, as offsets: [begin, end).
struct text_range
{
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(text_range const&, text_range const&) = default;
};

/// What was found where. Offsets are bytes of the original text, on borders of characters.
struct match
{
    std::string entity; ///< SSN, CREDIT_CARD, …: letters, digits and underscores, in capitals
    std::size_t begin = 0;
    std::size_t end = 0;

    friend bool operator==(match const&, match const&) = default;
};

/// The same matches with offsets in characters (code points) of the text; a byte that is not UTF-8 counts as
/// one. For clients, whose strings are not bytes. Time is linear in the text, and n log n in the matches.
std::vector<match> in_characters(std::string_view text, std::vector<match> found);

/// Sorted by position and entity, with overlapping matches of one entity merged into one.
std::vector<match> merged_by_entity(std::vector<match> found);

} // namespace app
