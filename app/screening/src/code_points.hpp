// One character of UTF-8 at a time.
#pragma once

#include <cstddef>
#include <string_view>

#include <unicode/umachine.h>
#include <unicode/utf8.h>

namespace app {

/// The character that begins at this offset, which moves behind it; U+FFFD for what is not UTF-8.
inline UChar32 next_character(std::string_view text, std::size_t& offset)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
    UChar32 character = 0;
    U8_NEXT_OR_FFFD(text.data(), offset, text.size(), character);
    return character;
#pragma GCC diagnostic pop
}

/// The character that ends before this offset, which is not 0; U+FFFD for what is not UTF-8.
inline UChar32 character_before(std::string_view text, std::size_t offset)
{
    auto begin = offset - 1;
    while (begin > 0 && offset - begin < U8_MAX_LENGTH &&
           U8_IS_TRAIL(static_cast<unsigned char>(text[begin]))) {
        --begin;
    }
    auto end = begin;
    auto const character = next_character(text, end);
    return end == offset ? character : 0xFFFD;
}

/// True if the byte at this offset goes on with a character that begins before it.
inline bool is_inside_character(std::string_view text, std::size_t offset)
{
    return offset < text.size() && U8_IS_TRAIL(static_cast<unsigned char>(text[offset]));
}

} // namespace app
