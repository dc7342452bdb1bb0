#include "schemagate/statement_title.hpp"

#include "token_reader.hpp"

namespace schemagate::lexer {

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
        title += shown;
        end = t.offset + t.text.size();
    }
    return title;
}

} // namespace schemagate::lexer
