#include "string_literal.hpp"

#include <algorithm>

namespace schemagate::lexer {
namespace {

char unescaped(char c) noexcept
{
    switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
    }
}

bool begins_number(char c) noexcept
{
    return (c >= '0' && c <= '9') || c == 'x' || c == 'u' || c == 'U';
}

} // namespace

std::string literal_text(token const& string, bool backslash_escapes)
{
    auto const text = string.text;
    auto const begin = text.find_first_of("'$");
    if (begin == std::string_view::npos) {
        return std::string{text};
    }
    if (text[begin] == '$') {
        auto const tag = text.substr(begin, text.find('$', begin + 1) + 1 - begin);
        auto inner = text.substr(begin + tag.size());
        if (inner.ends_with(tag)) {
            inner.remove_suffix(tag.size());
        }
        return std::string{inner};
    }
    auto const prefix = text.substr(0, begin);
    auto const escapes = prefix == "e" || prefix == "E" || (prefix.empty() && backslash_escapes);
    std::string out;
    bool inside = true;
    for (auto i = begin + 1; i < text.size(); ++i) {
        auto const c = text[i];
        if (!inside) { // between two parts stand only blanks and comments
            if (c == '-') {
                i = std::min(text.find_first_of("\r\n", i), text.size());
            }
            inside = c == '\'';
        }
        else if (c == '\'') {
            inside = i + 1 < text.size() && text[i + 1] == '\'';
            out += inside ? "'" : "";
            i += inside ? 1U : 0U;
        }
        else if (escapes && c == '\\' && i + 1 < text.size() && !begins_number(text[i + 1])) {
            out += unescaped(text[++i]);
        }
        else {
            out += c;
        }
    }
    return out;
}

} // namespace schemagate::lexer
