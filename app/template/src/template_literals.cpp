#include "template_literals.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "python_characters.hpp"
#include "template_source.hpp"

namespace app::jinja {

namespace {

bool is_digit(char c, unsigned base)
{
    unsigned const digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                           : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10
                           : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A') + 10
                                                  : 99;
    return digit < base;
}

char at_or_nul(std::string_view text, std::size_t at)
{
    return at < text.size() ? text[at] : '\0';
}

/// Behind digits that single underscores may part; `at` where there is no digit.
std::size_t skip_digits(std::string_view text, std::size_t at, unsigned base)
{
    if (!is_digit(at_or_nul(text, at), base)) {
        return at;
    }
    while (true) {
        if (is_digit(at_or_nul(text, at), base)) {
            ++at;
        }
        else if (at_or_nul(text, at) == '_' && is_digit(at_or_nul(text, at + 1), base)) {
            at += 2;
        }
        else {
            return at;
        }
    }
}

unsigned base_of(char letter)
{
    switch (letter) {
    case 'b':
    case 'B': return 2;
    case 'o':
    case 'O': return 8;
    case 'x':
    case 'X': return 16;
    default: return 0;
    }
}

std::size_t integer_length(std::string_view text)
{
    if (text[0] != '0') {
        return skip_digits(text, 0, 10);
    }
    if (auto const base = base_of(at_or_nul(text, 1)); base != 0) {
        auto const begin = at_or_nul(text, 2) == '_' ? std::size_t{3} : std::size_t{2};
        if (auto const end = skip_digits(text, begin, base); end > begin) {
            return end;
        }
    }
    return skip_digits(text, 0, 1); // zeros
}

[[noreturn]] void refuse(std::size_t offset, std::string message)
{
    throw parse_failure{"invalid-literal", offset, std::move(message)};
}

} // namespace

number_extent scan_number(std::string_view text, bool behind_dot)
{
    if (!behind_dot) {
        auto const whole = skip_digits(text, 0, 10);
        auto const fraction = at_or_nul(text, whole) == '.' ? skip_digits(text, whole + 1, 10) : whole;
        auto const has_fraction = fraction > whole + 1;
        auto const mantissa = has_fraction ? fraction : whole;
        if (auto const e = at_or_nul(text, mantissa); e == 'e' || e == 'E') {
            auto const sign = at_or_nul(text, mantissa + 1);
            auto const begin = mantissa + (sign == '+' || sign == '-' ? 2 : 1);
            if (auto const end = skip_digits(text, begin, 10); end > begin) {
                return {end, true};
            }
        }
        if (has_fraction) {
            return {fraction, true};
        }
    }
    return {integer_length(text), false};
}

std::optional<value> number_value(std::string_view digits, bool real, bool negative)
{
    std::string plain{digits};
    plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
    if (real) {
        double parsed = 0;
        auto const read = std::from_chars(plain.data(), plain.data() + plain.size(), parsed);
        if (read.ec == std::errc::result_out_of_range) { // too large, or so small that Python reads it as 0.0
            parsed = std::strtod(plain.c_str(), nullptr);
        }
        return std::isfinite(parsed) ? std::optional<value>{negative ? -parsed : parsed} : std::nullopt;
    }
    auto const base = plain.size() > 2 && plain[0] == '0' ? base_of(plain[1]) : 0;
    auto const* const begin = plain.data() + (base == 0 ? 0 : 2);
    std::uint64_t natural = 0;
    auto const read =
        std::from_chars(begin, plain.data() + plain.size(), natural, base == 0 ? 10 : static_cast<int>(base));
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (read.ec != std::errc{} || (negative && natural > largest + 1)) {
        return std::nullopt;
    }
    if (negative) {
        return static_cast<std::int64_t>(0 - natural);
    }
    return natural <= largest ? value{static_cast<std::int64_t>(natural)} : value{natural};
}

std::string unescaped(std::string_view quoted, std::size_t offset)
{
    constexpr std::string_view letters = "\\'\"abfnrtv";
    constexpr std::string_view meant = "\\'\"\a\b\f\n\r\t\v";
    std::string out;
    for (std::size_t at = 0; at < quoted.size();) {
        if (quoted[at] != '\\') {
            out += quoted[at++];
            continue;
        }
        auto const begin = at++; // a literal never ends with a backslash: it would have taken the quote
        auto const letter = quoted[at];
        auto const here = offset + begin;
        auto const code = [&](std::size_t from, std::size_t most, unsigned base) {
            std::size_t length = 0;
            while (length < most && is_digit(at_or_nul(quoted, from + length), base)) {
                ++length;
            }
            std::uint32_t point = 0;
            std::from_chars(quoted.data() + from, quoted.data() + from + length, point,
                            static_cast<int>(base));
            at = from + length;
            if (base == 16 && length < most) {
                refuse(here, "an escape \\x has 2 hexadecimal digits, \\u 4 and \\U 8");
            }
            if (point == 0 || point > 0x10'FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
                refuse(here, "this escape is no character that a text can hold; write the character itself");
            }
            append_utf8(out, point);
        };
        if (auto const known = letters.find(letter); known != std::string_view::npos) {
            out += meant[known];
            ++at;
        }
        else if (letter == '\n') {
            ++at; // the line goes on
        }
        else if (is_digit(letter, 8)) {
            code(at, 3, 8);
        }
        else if (letter == 'x' || letter == 'u' || letter == 'U') {
            code(at + 1, letter == 'x' ? 2 : letter == 'u' ? 4 : 8, 16);
        }
        else if (letter == 'N' || static_cast<unsigned char>(letter) >= 0x80) {
            refuse(here, "there is no such escape; write \\\\ for a backslash, or the character itself");
        }
        else {
            out += '\\'; // Python keeps the backslash of an escape that it does not know
        }
    }
    return out;
}

} // namespace app::jinja
