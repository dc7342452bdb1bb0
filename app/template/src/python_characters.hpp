// Characters as Python sees them. Texts are UTF-8; bytes that are not count as U+FFFD, one each.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace app::jinja {

inline constexpr char32_t ill_formed = 0xFFFF'FFFF;

/// The code point at `at`, or ill_formed; moves `at` behind it. `at` must lie inside the text.
char32_t next_code_point(std::string_view text, std::size_t& at);

void append_utf8(std::string& out, char32_t code_point);

std::size_t count_code_points(std::string_view text);

/// str.isspace(), and \s of a regular expression.
bool is_space(char32_t code_point);
/// str.isprintable(): what repr() does not escape.
bool is_printable(char32_t code_point);
/// str.isidentifier().
bool starts_name(char32_t code_point);
bool continues_name(char32_t code_point);

std::string_view strip_left(std::string_view text);
std::string_view strip_right(std::string_view text);
/// str.strip(chars).
std::string_view strip(std::string_view text, std::string_view characters);

/// str.upper() and str.lower(), with special casing and the final sigma.
std::string upper(std::string_view text);
std::string lower(std::string_view text);

/// Where `part` begins at or after `from`, or npos. Time is linear, whatever the texts are.
std::size_t find_part(std::string_view text, std::string_view part, std::size_t from);

} // namespace app::jinja
