// The rule was tried on PostgreSQL 13, 15, 16, 17 and 18: adding, renaming and ordering values is allowed at
// once; whatever reads the value's text as the enum is not, a function's body in SQL included.
#include "schemagate/new_enum_value.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "statement_head.hpp"
#include "string_literal.hpp"

namespace schemagate::lexer {
namespace {

bool holds_word(std::string_view text, std::string_view word)
{
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        auto const end = at + word.size();
        auto const begins = at == 0 || !continues_word(text[at - 1]) || !continues_word(word.front());
        auto const ends = end == text.size() || !continues_word(text[end]) || !continues_word(word.back());
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

bool is_use(std::string const& text, bool body, std::string const& value)
{
    return text == value || text.find("'" + value + "'") != std::string::npos ||
           ((body || text.starts_with('{')) && holds_word(text, value));
}

class enum_value_finder
{
public:
    explicit enum_value_finder(std::string_view script) : script_{script} {}

    bool uses(statement const& s)
    {
        constexpr std::size_t enough = 16;
        auto const tokens = first_tokens(script_, s, enough);
        auto head = statement_head{tokens};
        if (head.take("comment") || head.take_all({"create", "type"})) {
            return false;
        }
        if (head.take_all({"alter", "type"})) {
            head.take_name();
            learn(head, s.backslash_escapes);
            return false;
        }
        auto const used = !values_.empty() && (text_uses(s) || data_uses(s));
        if (head.take("do")) {
            learn_from_body(s);
        }
        return used;
    }

private:
    // ADD VALUE [IF NOT EXISTS] 'x'
    void learn(statement_head head, bool backslash_escapes)
    {
        if (!head.take_all({"add", "value"})) {
            return;
        }
        head.take_all({"if", "not", "exists"});
        auto value = head.at_string() ? literal_text(head.front(), backslash_escapes) : std::string{};
        if (!value.empty()) {
            values_.push_back(std::move(value));
        }
    }

    // DO blocks add values where a type is looked up first.
    void learn_from_body(statement const& s)
    {
        token_reader outer{script_.substr(s.offset, s.length), s.backslash_escapes};
        for (auto t = outer.next(); t.kind != token_kind::end; t = outer.next()) {
            if (t.kind != token_kind::string) {
                continue;
            }
            auto const body = literal_text(t, s.backslash_escapes);
            token_reader inner{body};
            for (auto word = inner.next(); word.kind != token_kind::end; word = inner.next()) {
                if (is_word(word, "add")) {
                    learn_ahead(word, inner);
                }
            }
        }
    }

    void learn_ahead(token const& add, token_reader reader)
    {
        std::vector<token> tokens{add};
        for (int i = 0; i < 5; ++i) {
            tokens.push_back(reader.next());
        }
        learn(statement_head{tokens}, false);
    }

    [[nodiscard]] bool text_uses(statement const& s) const
    {
        token_reader reader{script_.substr(s.offset, s.length), s.backslash_escapes};
        for (auto t = reader.next(); t.kind != token_kind::end; t = reader.next()) {
            if (t.kind != token_kind::string) {
                continue;
            }
            auto const text = literal_text(t, s.backslash_escapes);
            auto const body = t.text.starts_with('$');
            if (std::any_of(values_.begin(), values_.end(),
                            [&](auto const& each) { return is_use(text, body, each); })) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool data_uses(statement const& s) const
    {
        auto const data = script_.substr(s.data_offset, s.data_length);
        return std::any_of(values_.begin(), values_.end(),
                           [data](auto const& each) { return holds_word(data, each); });
    }

    std::string_view script_;
    std::vector<std::string> values_;
};

} // namespace

bool uses_new_enum_value(std::string_view script, scan_result const& scanned)
{
    enum_value_finder finder{script};
    return std::any_of(scanned.statements.begin(), scanned.statements.end(),
                       [&finder](statement const& each) { return finder.uses(each); });
}

} // namespace schemagate::lexer
