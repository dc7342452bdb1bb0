#include "keyword_layout.hpp"

#include <algorithm>

#include "ascii.hpp"

namespace schemagate::url {

namespace {

std::string_view take(std::string_view& rest, std::size_t size)
{
    auto const piece = rest.substr(0, size);
    rest.remove_prefix(piece.size());
    return piece;
}

std::string_view take_blanks(std::string_view& rest)
{
    auto const end = std::find_if_not(rest.begin(), rest.end(), is_blank);
    return take(rest, static_cast<std::size_t>(end - rest.begin()));
}

std::string_view take_value(std::string_view& rest)
{
    auto const quoted = rest.starts_with('\'');
    auto at = std::size_t{quoted ? 1U : 0U};
    for (; at < rest.size(); ++at) {
        if (rest[at] == '\\')
            ++at;
        else if (quoted && rest[at] == '\'')
            return take(rest, at + 1);
        else if (!quoted && is_blank(rest[at]))
            break;
    }
    return take(rest, at);
}

} // namespace

keyword_layout scan_keywords(std::string_view text)
{
    auto result = keyword_layout{};
    for (auto rest = text;;) {
        auto const blanks = take_blanks(rest);
        if (rest.empty()) {
            result.tail = blanks;
            return result;
        }
        auto piece = keyword_piece{blanks, {}, {}, {}};
        auto const end =
            std::find_if(rest.begin(), rest.end(), [](char c) { return c == '=' || is_blank(c); });
        piece.keyword = take(rest, static_cast<std::size_t>(end - rest.begin()));
        auto const from = rest;
        take_blanks(rest);
        take(rest, rest.starts_with('=') ? 1 : 0);
        take_blanks(rest);
        piece.equals = from.substr(0, from.size() - rest.size());
        piece.value = take_value(rest);
        result.pieces.push_back(piece);
    }
}

std::string unquoted(std::string_view value)
{
    auto const quoted = value.size() > 1 && value.starts_with('\'');
    if (quoted)
        value = value.substr(1, value.size() - (value.ends_with('\'') ? 2 : 1));
    auto result = std::string{};
    result.reserve(value.size());
    for (auto at = std::size_t{0}; at < value.size(); ++at) {
        if (value[at] == '\\' && ++at == value.size())
            break; // a lone backslash at the end means nothing to libpq
        result += value[at];
    }
    return result;
}

} // namespace schemagate::url
