// A cursor over the tokens a statement begins with: what a grammar rule looks like in code.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "token_reader.hpp"

namespace schemagate::lexer {

/// Compares as PostgreSQL compares keywords: only ASCII letters are folded. `lower` is in lower case.
[[nodiscard]] bool is_word(token const& t, std::string_view lower) noexcept;

[[nodiscard]] inline bool is_symbol(token const& t, char symbol) noexcept
{
    return t.kind == token_kind::symbol && t.text.size() == 1 && t.text.front() == symbol;
}

/// The first tokens of a statement, `count_max` at most.
[[nodiscard]] std::vector<token> first_tokens(std::string_view script, statement const& of,
                                              std::size_t count_max);

class statement_head
{
public:
    explicit statement_head(std::span<token const> tokens) noexcept : tokens_{tokens} {}

    [[nodiscard]] bool at_end() const noexcept { return tokens_.empty(); }
    /// The next token; one of kind end where there is none.
    [[nodiscard]] token front() const noexcept { return tokens_.empty() ? token{} : tokens_.front(); }
    [[nodiscard]] bool at_word(std::string_view lower) const noexcept;
    [[nodiscard]] bool at_string() const noexcept;
    [[nodiscard]] bool at_group() const noexcept;

    /// Steps over the word if it is next.
    bool take(std::string_view lower) noexcept;
    /// Steps over one or the other.
    bool take_any(std::initializer_list<std::string_view> words) noexcept;
    /// Steps over these words if they are next, one after the other; over none of them otherwise.
    bool take_all(std::initializer_list<std::string_view> words) noexcept;
    /// Steps over the symbol if it is next.
    bool take_symbol(char symbol) noexcept;
    /// Steps over a string if it is next.
    bool take_string() noexcept;
    /// Steps over any token.
    void skip() noexcept;
    /// a, or a.b, or database.a.b, as the catalog holds them; empty where there is none.
    relation_name take_relation();
    /// A name, also with schema and database: a.b."c".
    std::string_view take_name() noexcept;
    /// What stands in parentheses, if an opening one is next; otherwise an empty head.
    statement_head take_group() noexcept;
    /// The first (…) from here on.
    statement_head find_group() noexcept;
    bool skip_to(std::string_view lower) noexcept;
    /// Behind the next comma that stands in no parentheses; false at the end.
    bool skip_behind_comma() noexcept;

    /// A boolean among the options of a group, as PostgreSQL reads it: "x" and "x = on" are true, "x false"
    /// is not. nullopt if it is not among them.
    [[nodiscard]] std::optional<bool> option(std::string_view lower) const noexcept;
    /// Whether an option has this word or quoted word as its value.
    [[nodiscard]] bool option_is(std::string_view lower, std::string_view wanted) const noexcept;

private:
    [[nodiscard]] std::optional<std::string_view> option_value(std::string_view lower) const noexcept;
    char take_escape(token const& name) noexcept;
    void step() noexcept { tokens_ = tokens_.subspan(1); }

    std::span<token const> tokens_;
};

} // namespace schemagate::lexer
