#include "shown.hpp"

#include <array>

#include "ascii.hpp"

namespace schemagate::url {

namespace {

struct code_range
{
    char32_t first;
    char32_t last;
};

// What moves the cursor, turns the text around or cannot be seen: C1 controls, NBSP, soft hyphen, zero-width
// characters, directional marks, the byte order mark.
constexpr auto hidden = std::array<code_range, 6>{
    {{0x80, 0xA0}, {0xAD, 0xAD}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}}};

// Length of the visible character at the front of `text`, or 0.
std::size_t visible(std::string_view text)
{
    auto const first = static_cast<unsigned char>(text.front());
    if (first < 0x80)
        return first >= 0x20 && first != 0x7F ? 1 : 0;
    auto const length = first >= 0xF0 ? 4U : first >= 0xE0 ? 3U : 2U;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return 0;
    auto code = static_cast<char32_t>(first & (0xFFU >> (length + 1)));
    for (auto i = std::size_t{1}; i < length; ++i) {
        auto const next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80)
            return 0;
        code = (code << 6U) | (next & 0x3FU);
    }
    auto const overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF)
        return 0;
    for (auto const& range : hidden)
        if (code >= range.first && code <= range.last)
            return 0;
    return length;
}

// Longer than any host, role or database name: no name, then.
constexpr auto name_max = std::size_t{255};

std::string unless_telling(std::string_view value, std::string_view telling)
{
    if (value.size() > name_max || value.find_first_of(telling) != value.npos)
        return std::string{mask};
    return printable(value);
}

bool holds_secret_word(std::string_view text, bool of_keyword)
{
    auto const folded = lowered(text);
    for (auto const word : {"pass", "pwd", "secret", "token"})
        if (contains(folded, word))
            return true;
    return of_keyword && contains(folded, "key");
}

} // namespace

std::string printable(std::string_view text)
{
    constexpr auto digits = std::string_view{"0123456789abcdef"};
    auto result = std::string{};
    while (!text.empty()) {
        auto const length = visible(text);
        if (length == 0) {
            auto const byte = static_cast<unsigned char>(text.front());
            result += "\\x";
            result += digits[byte >> 4U];
            result += digits[byte & 15U];
            text.remove_prefix(1);
            continue;
        }
        result += text.substr(0, length);
        text.remove_prefix(length);
    }
    return result;
}

std::string shown_host(std::string_view host)
{
    if (host.starts_with('/') || host.starts_with('@')) { // a socket's folder: colons and blanks are usual
        auto const telling = host.find_first_of("@=;?&", 1) != host.npos;
        return telling ? std::string{mask} : unless_telling(host, "");
    }
    auto const address =
        !host.empty() && contains(host, ':') &&
        all(host.substr(0, host.find('%')), [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
    return unless_telling(host, address ? "@" : "@:=;?&#/ \"'$");
}

std::string shown_port(std::string_view port)
{
    return port.size() <= 5 && all(port, is_digit) ? std::string{port} : std::string{mask};
}

std::string shown_user(std::string_view user)
{
    return unless_telling(user, ":=;?&/ ");
}

std::string shown_database(std::string_view dbname)
{
    return unless_telling(dbname, "@:=;?&");
}

std::string shown_value(std::string_view keyword, std::string_view value)
{
    if (secret_keyword(keyword) || holds_secret_word(value, false))
        return std::string{mask};
    if (keyword == "host" || keyword == "hostaddr") {
        auto result = std::string{};
        for (auto rest = value;
             ;) { // a list: each on its own, since one telling piece must not hide the others
            auto const piece = rest.substr(0, rest.find(','));
            result += shown_host(piece);
            if (piece.size() == rest.size())
                return result;
            result += ',';
            rest.remove_prefix(piece.size() + 1);
        }
    }
    if (keyword == "port")
        return all(value, [](char c) { return is_digit(c) || c == ','; }) ? std::string{value}
                                                                          : std::string{mask};
    if (keyword == "user")
        return shown_user(value);
    if (keyword == "dbname")
        return shown_database(value);
    return contains(value, '@') ? std::string{mask} : printable(value);
}

bool secret_keyword(std::string_view keyword)
{
    return holds_secret_word(keyword, true);
}

bool harmless_keyword(std::string_view keyword)
{
    return !keyword.empty() && keyword.size() <= 30 && !secret_keyword(keyword) &&
           all(keyword, [](char c) { return is_letter(c) || c == '_'; });
}

} // namespace schemagate::url
