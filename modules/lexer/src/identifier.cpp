#include "identifier.hpp"

#include "unicode_escape.hpp"

namespace schemagate::lexer {
namespace {

constexpr std::size_t name_length_max = 63;

std::string cut(std::string name)
{
    if (name.size() > name_length_max) {
        auto end = name_length_max;
        while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        name.resize(end);
    }
    return name;
}

} // namespace

bool is_name(token const& t) noexcept
{
    return t.kind == token_kind::word || t.kind == token_kind::quoted_identifier;
}

std::string identifier(token const& name, char escape)
{
    std::string out;
    if (name.kind == token_kind::word) {
        for (char const c : name.text) {
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        return cut(std::move(out));
    }
    auto const quote = name.text.find('"');
    auto inner = name.text.substr(quote + 1);
    if (inner.ends_with('"')) {
        inner.remove_suffix(1);
    }
    for (std::size_t i = 0; i < inner.size(); ++i) {
        out += inner[i];
        i += inner[i] == '"' ? 1 : 0;
    }
    return cut(quote == 0 ? std::move(out) : without_unicode_escapes(out, escape));
}

} // namespace schemagate::lexer
