#include "schemagate/safe_text.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <vector>

namespace schemagate {
namespace {

struct code_range
{
    char32_t first;
    char32_t last;
};

// Controls of both kinds, NBSP, soft hyphen, zero-width characters, directional marks, the byte order mark.
constexpr std::array<code_range, 7> hidden{{{0x00, 0x1F},
                                            {0x7F, 0xA0},
                                            {0xAD, 0xAD},
                                            {0x200B, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0xFEFF, 0xFEFF}}};

struct decoded
{
    char32_t code;
    std::size_t length;
};

std::optional<decoded> decode(std::string_view text) noexcept
{
    if (text.empty()) {
        return std::nullopt;
    }
    auto const lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) {
        return decoded{lead, 1};
    }
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
        return std::nullopt;
    }
    auto code = static_cast<char32_t>(lead & (0xFFU >> (length + 1)));
    for (std::size_t i = 1; i < length; ++i) {
        auto const next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80) {
            return std::nullopt;
        }
        code = code << 6U | (next & 0x3FU);
    }
    bool const overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) {
        return std::nullopt;
    }
    return decoded{code, length};
}

} // namespace

std::size_t utf8_length(std::string_view text) noexcept
{
    auto const found = decode(text);
    return found ? found->length : 0;
}

std::size_t visible_length(std::string_view text) noexcept
{
    auto const found = decode(text);
    bool const seen = found && std::none_of(hidden.begin(), hidden.end(), [&](auto const& range) {
                          return found->code >= range.first && found->code <= range.last;
                      });
    return seen ? found->length : 0;
}

std::string printable(std::string_view text)
{
    bool const plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (plain) {
        return std::string{text}; // most of what is shown
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        auto const length = visible_length(text);
        if (length == 0) {
            auto const byte = static_cast<unsigned char>(text.front());
            result += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
        }
        else {
            result += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (auto const letter : a) {
        auto diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            auto const changed = diagonal + (letter == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({row[j + 1] + 1, row[j] + 1, changed});
        }
    }
    return row.back();
}

std::string_view nearest_word(std::string_view text, std::vector<std::string_view> const& words)
{
    constexpr std::size_t text_max = 40; // longer than any word of ours, and the distance costs its square
    if (text.empty() || text.size() > text_max) {
        return {};
    }
    std::string folded{text};
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });

    std::string_view near;
    std::size_t best = 3;
    std::string_view begun;
    std::vector<std::string_view> goes_on;
    for (auto const word : words) {
        auto const distance = edit_distance(folded, word);
        if (distance < best && 2 * distance <= word.size()) {
            best = distance;
            near = word;
        }
        if (folded.starts_with(word) && word.size() > 2 && word.size() > begun.size()) {
            begun = word;
        }
        if (word.starts_with(folded) && folded.size() > 2) {
            goes_on.push_back(word);
        }
    }
    if (!near.empty()) {
        return near;
    }
    return !begun.empty() ? begun : goes_on.size() == 1 ? goes_on.front() : std::string_view{};
}

} // namespace schemagate
