#include "schemagate/statement_title.hpp"

#include <algorithm>
#include <iterator>

#include "token_reader.hpp"

namespace schemagate::lexer {
namespace {

// A quoted name may hold anything, a terminal's escapes included.
char on_one_line(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
}

} // namespace

std::string statement_title(std::string_view script, statement const& of)
{
    constexpr std::size_t enough = 60;
    std::string title;
    token_reader reader{script.substr(of.offset, of.length), of.backslash_escapes};
    std::size_t end = 0;
    for (auto t = reader.next(); t.kind != token_kind::end; t = reader.next()) {
        auto const shown = t.kind == token_kind::string ? std::string_view{"'…'"} : t.text;
        auto const blank = !title.empty() && t.offset > end;
        if (title.size() + shown.size() + (blank ? 1U : 0U) > enough) {
            return title + (title.empty() ? "…" : " …");
        }
        title += blank ? " " : "";
        std::transform(shown.begin(), shown.end(), std::back_inserter(title), on_one_line);
        end = t.offset + t.text.size();
    }
    return title;
}

} // namespace schemagate::lexer
