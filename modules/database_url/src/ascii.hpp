// Byte tests that do not depend on the process's locale, as libpq's grammar does not either.
#pragma once

#include <algorithm>
#include <bitset>
#include <string>
#include <string_view>

namespace schemagate::url {

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}
constexpr bool is_letter(char c)
{
    return is_upper(c) || is_lower(c);
}
constexpr bool is_alnum(char c)
{
    return is_letter(c) || is_digit(c);
}
constexpr bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
constexpr bool is_control(char c)
{
    return (c >= '\0' && c < ' ') || c == '\x7F';
}
constexpr char lower(char c)
{
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    auto const l = lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

inline std::string lowered(std::string_view text)
{
    auto result = std::string{text};
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}
inline bool contains(std::string_view text, char c)
{
    return text.find(c) != text.npos;
}

/// As find_first_of() would tell, which calls memchr() for each byte of the text.
inline bool contains_any(std::string_view text, std::string_view bytes)
{
    auto among = std::bitset<256>{};
    for (auto const c : bytes)
        among.set(static_cast<unsigned char>(c));
    return std::any_of(text.begin(), text.end(),
                       [&](char c) { return among[static_cast<unsigned char>(c)]; });
}

template <class Test>
bool all(std::string_view text, Test test)
{
    return std::all_of(text.begin(), text.end(), test);
}

/// Letters, digits and the given extra bytes; not empty.
inline bool made_of_words(std::string_view text, std::string_view extra = "_")
{
    auto const is_extra = [&](char c) { return std::find(extra.begin(), extra.end(), c) != extra.end(); };
    return !text.empty() && all(text, [&](char c) { return is_alnum(c) || is_extra(c); });
}

} // namespace schemagate::url
