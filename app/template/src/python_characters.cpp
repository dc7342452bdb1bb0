#include "python_characters.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

namespace app::jinja {

namespace {

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Begin of the character that ends at `end`.
std::size_t begin_before(std::string_view text, std::size_t end)
{
    auto begin = end - 1;
    while (begin > 0 && end - begin < 4 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) {
        --begin;
    }
    auto behind = begin;
    next_code_point(text, behind);
    return behind == end ? begin : end - 1;
}

template <typename Test>
std::string_view drop_front(std::string_view text, Test drops)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = at;
        if (!drops(next_code_point(text, at))) {
            return text.substr(begin);
        }
    }
    return {};
}

template <typename Test>
std::string_view drop_back(std::string_view text, Test drops)
{
    while (!text.empty()) {
        auto const begin = begin_before(text, text.size());
        auto at = begin;
        if (!drops(next_code_point(text, at))) {
            return text;
        }
        text = text.substr(0, begin);
    }
    return text;
}

using mapping = void (*)(char const*, uint32_t, icu::StringPiece, icu::ByteSink&, icu::Edits*, UErrorCode&);

std::string mapped(std::string_view text, mapping map)
{
    std::string out;
    icu::StringByteSink<std::string> sink{&out, static_cast<int32_t>(text.size())};
    auto status = U_ZERO_ERROR;
    map("", 0, icu::StringPiece{text.data(), static_cast<int32_t>(text.size())}, sink, nullptr, status);
    if (U_FAILURE(status)) {
        throw std::runtime_error{"ICU cannot map the case of a text"}; // no memory: there is no other reason
    }
    return out;
}

} // namespace

char32_t next_code_point(std::string_view text, std::size_t& at)
{
    // The table of well-formed UTF-8, Unicode 15, table 3-7.
    auto const byte = [&](std::size_t i) -> unsigned {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    auto const tail = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80; };
    auto const first = byte(0);
    if (first < 0x80) {
        ++at;
        return first;
    }
    if (first >= 0xC2 && first <= 0xDF && tail(1)) {
        auto const point = (first & 0x1FU) << 6U | (byte(1) & 0x3FU);
        at += 2;
        return point;
    }
    if (first >= 0xE0 && first <= 0xEF && tail(1) && tail(2)) {
        auto const point = (first & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
        if (point >= 0x800 && (point < 0xD800 || point > 0xDFFF)) {
            at += 3;
            return point;
        }
    }
    if (first >= 0xF0 && first <= 0xF4 && tail(1) && tail(2) && tail(3)) {
        auto const point =
            (first & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
        if (point >= 0x1'0000 && point <= 0x10'FFFF) {
            at += 4;
            return point;
        }
    }
    ++at;
    return ill_formed;
}

void append_utf8(std::string& out, char32_t code_point)
{
    auto const add = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    auto const c = code_point <= 0x10'FFFF ? code_point : char32_t{0xFFFD};
    if (c < 0x80) {
        add(c);
        return;
    }
    if (c < 0x800) {
        add(0xC0U | c >> 6U);
    }
    else {
        if (c < 0x1'0000) {
            add(0xE0U | c >> 12U);
        }
        else {
            add(0xF0U | c >> 18U);
            add(0x80U | (c >> 12U & 0x3FU));
        }
        add(0x80U | (c >> 6U & 0x3FU));
    }
    add(0x80U | (c & 0x3FU));
}

std::size_t count_code_points(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) {
        if (static_cast<unsigned char>(text[at]) < 0x80) {
            ++at;
        }
        else {
            next_code_point(text, at);
        }
    }
    return count;
}

bool is_space(char32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

bool is_printable(char32_t c)
{
    if (c == U' ') {
        return true;
    }
    auto const other = U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CS_MASK | U_GC_CO_MASK | U_GC_CN_MASK | U_GC_Z_MASK;
    return c <= 0x10'FFFF && (U_GET_GC_MASK(static_cast<UChar32>(c)) & other) == 0;
}

bool starts_name(char32_t c)
{
    return c == U'_' ||
           (c <= 0x10'FFFF && u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_XID_START) != 0);
}

bool continues_name(char32_t c)
{
    return c <= 0x10'FFFF && u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_XID_CONTINUE) != 0;
}

std::string_view strip_left(std::string_view text)
{
    return drop_front(text, is_space);
}

std::string_view strip_right(std::string_view text)
{
    return drop_back(text, is_space);
}

std::string_view strip(std::string_view text, std::string_view characters)
{
    std::u32string dropped;
    for (std::size_t at = 0; at < characters.size();) {
        dropped += next_code_point(characters, at);
    }
    std::sort(dropped.begin(), dropped.end());
    auto const drops = [&](char32_t c) { return std::binary_search(dropped.begin(), dropped.end(), c); };
    return drop_back(drop_front(text, drops), drops);
}

std::string upper(std::string_view text)
{
    if (is_ascii(text)) {
        std::string out{text};
        std::transform(out.begin(), out.end(), out.begin(),
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        return out;
    }
    return mapped(text, icu::CaseMap::utf8ToUpper);
}

std::string lower(std::string_view text)
{
    if (is_ascii(text)) {
        std::string out{text};
        std::transform(out.begin(), out.end(), out.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return out;
    }
    return mapped(text, icu::CaseMap::utf8ToLower);
}

std::size_t find_part(std::string_view text, std::string_view part, std::size_t from)
{
    if (part.empty()) {
        return from <= text.size() ? from : text.npos;
    }
    if (from >= text.size()) {
        return text.npos;
    }
    // memmem is linear (two-way); std::string_view::find looks at each byte of the part at each place.
    auto const* const found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
    return found == nullptr ? text.npos
                            : static_cast<std::size_t>(static_cast<char const*>(found) - text.data());
}

} // namespace app::jinja
