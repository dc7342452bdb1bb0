#include "schemagate/client_encoding.hpp"

#include "identifier.hpp"
#include "statement_head.hpp"
#include "string_literal.hpp"

namespace schemagate::lexer {
namespace {

// As the server compares them: letters and digits alone count. Of SQL_ASCII it takes the bytes as they are.
bool leaves_utf8(std::string_view encoding)
{
    std::string name;
    for (auto const c : encoding) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            name += c;
        }
        else if (c >= 'A' && c <= 'Z') {
            name += static_cast<char>(c - 'A' + 'a');
        }
    }
    return name == "utf8" || name == "unicode" || name == "default" || name == "sqlascii";
}

} // namespace

std::optional<encoding_setting> other_client_encoding(std::string_view script, scan_result const& scanned)
{
    for (auto const& each : scanned.statements) {
        auto const tokens = first_tokens(script, each, 6);
        auto head = statement_head{tokens};
        if (!head.take("set")) {
            continue;
        }
        head.take_any({"session", "local"});
        auto const names = head.take("names");
        if (!names && !(head.take("client_encoding") && (head.take_symbol('=') || head.take("to")))) {
            continue;
        }
        auto const value = head.front();
        auto encoding = value.kind == token_kind::string              ? literal_text(value)
                        : value.kind == token_kind::quoted_identifier ? identifier(value)
                                                                      : std::string{value.text};
        if (value.kind != token_kind::end && !leaves_utf8(encoding)) {
            return encoding_setting{std::move(encoding), each.line, each.offset};
        }
    }
    return std::nullopt;
}

} // namespace schemagate::lexer
