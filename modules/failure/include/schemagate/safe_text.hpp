// Text of others (hosts, server messages, file names) brought into a form that can be shown: one line, no
// escape sequences for a terminal, valid UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace schemagate {

/// Bytes of the well-formed UTF-8 sequence that `text` begins with (RFC 3629); 0 if it begins with none.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

/// utf8_length(), but 0 also for what moves the cursor, ends a line, turns the text around or cannot be seen.
[[nodiscard]] std::size_t visible_length(std::string_view text) noexcept;

/// `text` with every byte that is not part of something visible written as \x0a.
[[nodiscard]] std::string printable(std::string_view text);

/// Levenshtein's distance; a name further away than 2 is no typing mistake.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// Which of the (lower-case) words was probably meant: the same but for capital letters; one no more than two
/// typing mistakes away, if that leaves half of it; one that the text goes on from ("verify-full" from
/// "verify"); or the only one that goes on from the text. "" if none. A view into `words`.
[[nodiscard]] std::string_view nearest_word(std::string_view text,
                                            std::vector<std::string_view> const& words);

} // namespace schemagate
