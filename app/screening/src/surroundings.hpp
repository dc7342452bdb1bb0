// What stands beside a candidate decides whether it is a token of its own or a piece of a longer one.
#pragma once

#include <cstddef>
#include <string_view>

#include "screening/folded_text.hpp"

namespace app {

inline bool is_digit(char byte) noexcept
{
    return byte >= '0' && byte <= '9';
}

/// True at the beginning and end of a text, and where no letter or digit comes before (after) the offset and
/// its underscores: _emphasis_ is a border, the middle of an identifier_of_words is not. Letters of scripts
/// that are written without spaces (Han, Kana, Hangul, Thai …) count as borders.
bool begins_word(std::string_view text, std::size_t offset);
bool ends_word(std::string_view text, std::size_t offset);

/// True if [begin, end) of the folded text is a whole token: no letter or digit touches it, no digit is
/// joined to it by a hyphen or a point, and no word before it by a hyphen, unless the word says what follows
/// (SSN-, tel-). A number that is itself written with spaces is also joined to a digit by one plain space.
bool stands_alone(folded_text const& folded, text_range candidate, bool is_spaced = false);

/// True if an amount of money or a percentage is written with this number: a currency before or after it.
bool is_amount(std::string_view text, text_range number);

/// True if a word that announces a telephone number (in the languages that our users write) comes just
/// before.
bool follows_phone_word(std::string_view text, std::size_t offset);

/// True if a word that announces some other number (order, invoice, ISBN …) comes just before.
bool follows_id_word(std::string_view text, std::size_t offset);

} // namespace app
