#include "unicode_escape.hpp"

#include <charconv>
#include <cstdint>
#include <optional>

namespace schemagate::lexer {
namespace {

std::optional<std::uint32_t> number(std::string_view digits, std::size_t count)
{
    std::uint32_t value = 0;
    if (digits.size() < count) {
        return std::nullopt;
    }
    auto const* const end = digits.data() + count;
    auto const read = std::from_chars(digits.data(), end, value, 16);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

struct unit
{
    std::uint32_t value = 0;
    std::size_t length = 0; ///< with its escape character
};

// At an escape character.
std::optional<unit> read_unit(std::string_view text)
{
    auto const plus = text.substr(1).starts_with('+');
    auto const value = plus ? number(text.substr(2), 6) : number(text.substr(1), 4);
    return value ? std::optional{unit{*value, plus ? 8U : 5U}} : std::nullopt;
}

bool is_surrogate(std::uint32_t value, std::uint32_t first) noexcept
{
    return value >= first && value < first + 0x400U;
}

void append_utf8(std::string& out, std::uint32_t c)
{
    auto const byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
    if (c < 0x80) {
        return byte(c);
    }
    if (c < 0x800) {
        byte(0xC0U | c >> 6U);
    }
    else {
        if (c < 0x10000) {
            byte(0xE0U | c >> 12U);
        }
        else {
            byte(0xF0U | c >> 18U);
            byte(0x80U | (c >> 12U & 0x3FU));
        }
        byte(0x80U | (c >> 6U & 0x3FU));
    }
    byte(0x80U | (c & 0x3FU));
}

} // namespace

std::string without_unicode_escapes(std::string_view text, char escape)
{
    std::string out;
    while (!text.empty()) {
        auto found = text.front() == escape ? read_unit(text) : std::nullopt;
        if (found && is_surrogate(found->value, 0xD800)) {
            auto const rest = text.substr(found->length);
            auto const low = rest.starts_with(escape) ? read_unit(rest) : std::nullopt;
            found = low && is_surrogate(low->value, 0xDC00)
                        ? std::optional{unit{0x10000U + ((found->value - 0xD800U) << 10U) +
                                                 (low->value - 0xDC00U),
                                             found->length + low->length}}
                        : std::nullopt;
        }
        if (found && found->value > 0 && found->value <= 0x10FFFF && !is_surrogate(found->value, 0xDC00)) {
            append_utf8(out, found->value);
            text.remove_prefix(found->length);
            continue;
        }
        auto const twice = text.front() == escape && text.substr(1).starts_with(escape);
        out += text.front();
        text.remove_prefix(twice ? 2 : 1);
    }
    return out;
}

} // namespace schemagate::lexer
