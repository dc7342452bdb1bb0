#include "statement_head.hpp"

#include <algorithm>
#include <string>

#include "identifier.hpp"

namespace schemagate::lexer {
namespace {

char folded(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view text, std::string_view lower) noexcept
{
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return folded(a) == b; });
}

std::string_view without_quotes(std::string_view text) noexcept
{
    return text.size() >= 2 && (text.front() == '\'' || text.front() == '"') ? text.substr(1, text.size() - 2)
                                                                             : text;
}

} // namespace

bool is_word(token const& t, std::string_view lower) noexcept
{
    return t.kind == token_kind::word && same(t.text, lower);
}

std::vector<token> first_tokens(std::string_view script, statement const& of, std::size_t count_max)
{
    std::vector<token> tokens;
    token_reader reader{script.substr(of.offset, of.length), of.backslash_escapes};
    for (auto t = reader.next(); t.kind != token_kind::end && tokens.size() < count_max; t = reader.next()) {
        tokens.push_back(t);
    }
    return tokens;
}

bool statement_head::at_word(std::string_view lower) const noexcept
{
    return !tokens_.empty() && is_word(tokens_.front(), lower);
}

bool statement_head::at_string() const noexcept
{
    return !tokens_.empty() && tokens_.front().kind == token_kind::string;
}

bool statement_head::at_group() const noexcept
{
    return !tokens_.empty() && is_symbol(tokens_.front(), '(');
}

bool statement_head::take(std::string_view lower) noexcept
{
    auto const found = at_word(lower);
    if (found) {
        step();
    }
    return found;
}

bool statement_head::take_any(std::initializer_list<std::string_view> words) noexcept
{
    return std::any_of(words.begin(), words.end(), [this](std::string_view each) { return take(each); });
}

bool statement_head::take_all(std::initializer_list<std::string_view> words) noexcept
{
    auto rest = *this;
    auto const found =
        std::all_of(words.begin(), words.end(), [&rest](std::string_view each) { return rest.take(each); });
    if (found) {
        *this = rest;
    }
    return found;
}

bool statement_head::take_symbol(char symbol) noexcept
{
    auto const found = !tokens_.empty() && is_symbol(tokens_.front(), symbol);
    if (found) {
        step();
    }
    return found;
}

bool statement_head::take_string() noexcept
{
    auto const found = at_string();
    if (found) {
        step();
    }
    return found;
}

void statement_head::skip() noexcept
{
    if (!tokens_.empty()) {
        step();
    }
}

// Behind U&"…" may stand UESCAPE '!'.
char statement_head::take_escape(token const& name) noexcept
{
    char escape = '\\';
    if (!name.text.starts_with('"') && name.kind == token_kind::quoted_identifier && take("uescape")) {
        auto const quoted = without_quotes(front().text);
        escape = at_string() && quoted.size() == 1 ? quoted.front() : escape;
        take_string();
    }
    return escape;
}

relation_name statement_head::take_relation()
{
    relation_name found;
    while (!tokens_.empty() && is_name(tokens_.front())) {
        auto const name = tokens_.front();
        step();
        found = {std::move(found.name), identifier(name, take_escape(name))};
        if (!take_symbol('.')) {
            break;
        }
    }
    return found;
}

std::string_view statement_head::take_name() noexcept
{
    std::string_view last;
    while (!tokens_.empty() && is_name(tokens_.front())) {
        last = tokens_.front().text;
        step();
        if (tokens_.empty() || !is_symbol(tokens_.front(), '.')) {
            break;
        }
        step();
    }
    return last;
}

statement_head statement_head::take_group() noexcept
{
    if (!at_group()) {
        return statement_head{{}};
    }
    std::size_t depth = 0;
    std::size_t i = 0;
    for (; i < tokens_.size(); ++i) {
        if (is_symbol(tokens_[i], '(')) {
            ++depth;
        }
        else if (is_symbol(tokens_[i], ')') && --depth == 0) {
            break;
        }
    }
    auto const inside = statement_head{tokens_.subspan(1, i - 1)};
    tokens_ = tokens_.subspan(std::min(i + 1, tokens_.size()));
    return inside;
}

statement_head statement_head::find_group() noexcept
{
    while (!tokens_.empty() && !at_group()) {
        step();
    }
    return take_group();
}

bool statement_head::skip_to(std::string_view lower) noexcept
{
    while (!tokens_.empty() && !at_word(lower)) {
        step();
    }
    return !tokens_.empty();
}

bool statement_head::skip_behind_comma() noexcept
{
    while (!tokens_.empty()) {
        if (at_group()) {
            take_group();
        }
        else if (take_symbol(',')) {
            return true;
        }
        else {
            step();
        }
    }
    return false;
}

// Options are separated by commas; a value follows its name with or without an equals sign.
std::optional<std::string_view> statement_head::option_value(std::string_view lower) const noexcept
{
    bool at_option = true;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        if (at_option && is_name(tokens_[i]) && same(without_quotes(tokens_[i].text), lower)) {
            auto next = i + 1;
            next += next < tokens_.size() && is_symbol(tokens_[next], '=') ? 1U : 0U;
            return next < tokens_.size() && !is_symbol(tokens_[next], ',')
                       ? without_quotes(tokens_[next].text)
                       : std::string_view{};
        }
        at_option = is_symbol(tokens_[i], ',');
    }
    return std::nullopt;
}

std::optional<bool> statement_head::option(std::string_view lower) const noexcept
{
    auto const value = option_value(lower);
    if (!value) {
        return std::nullopt;
    }
    return !(same(*value, "false") || same(*value, "off") || *value == "0");
}

bool statement_head::option_is(std::string_view lower, std::string_view wanted) const noexcept
{
    auto const value = option_value(lower);
    return value && same(*value, wanted);
}

} // namespace schemagate::lexer
