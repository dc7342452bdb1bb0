#include "string_syntax.hpp"

#include <algorithm>
#include <string>

#include "identifier.hpp"
#include "string_literal.hpp"

namespace schemagate::lexer {
namespace {

constexpr std::string_view setting = "standard_conforming_strings";

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

// As the server reads a boolean setting: a word may be cut short as long as it is not ambiguous.
std::optional<bool> boolean(std::string const& value)
{
    auto const begins = [&value](std::string_view word, std::size_t length_min) {
        return value.size() >= length_min && word.starts_with(value);
    };
    if (begins("true", 1) || begins("yes", 1) || value == "on" || value == "1") {
        return true;
    }
    if (begins("false", 1) || begins("no", 1) || begins("off", 2) || value == "0") {
        return false;
    }
    return std::nullopt;
}

std::string value_of(token const& t)
{
    return lower(t.kind == token_kind::string              ? literal_text(t)
                 : t.kind == token_kind::quoted_identifier ? identifier(t)
                                                           : std::string{t.text});
}

} // namespace

void string_syntax::set(std::optional<bool> conforming, bool local)
{
    if (conforming) {
        current_ = !*conforming;
        session_ = local ? session_ : current_;
    }
}

void string_syntax::follow(statement_kind kind, std::span<token const> tokens)
{
    if (kind == statement_kind::begin) {
        at_begin_ = session_;
        return;
    }
    if (kind == statement_kind::commit || kind == statement_kind::rollback ||
        kind == statement_kind::other_transaction) {
        auto head = statement_head{tokens};
        auto const back = kind == statement_kind::rollback ||
                          (kind == statement_kind::other_transaction && head.take_any({"rollback", "abort"}));
        session_ = current_ = back ? at_begin_ : session_;
        at_begin_ = session_;
        return;
    }
    auto head = statement_head{tokens};
    if (head.take("reset")) {
        if (head.at_word("all") || lower(head.take_relation().name) == setting) {
            set(true, false);
        }
        return;
    }
    if (head.take("set")) {
        auto const local = head.take("local");
        static_cast<void>(local || head.take("session"));
        if (lower(head.take_relation().name) == setting && (head.take("to") || head.take_symbol('='))) {
            set(head.at_word("default") ? true : boolean(value_of(head.front())), local);
        }
        return;
    }
    if (head.take("select")) {
        if (head.take("pg_catalog")) {
            head.take_symbol('.');
        }
        if (!head.take("set_config") || !head.take_symbol('(')) {
            return;
        }
        auto const name = value_of(head.front());
        head.skip();
        if (name != setting || !head.take_symbol(',')) {
            return;
        }
        auto const value = boolean(value_of(head.front()));
        head.skip();
        head.take_symbol(',');
        set(value, boolean(value_of(head.front())).value_or(false));
    }
}

} // namespace schemagate::lexer
