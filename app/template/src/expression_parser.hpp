// Tokens of a tag → an expression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "syntax_tree.hpp"
#include "tag_tokens.hpp"

namespace app::jinja {

inline constexpr std::size_t deepest_nesting = 32;

/// What names mean where the parser is.
struct parse_context
{
    compiled& into;
    std::vector<std::string_view> loops{}; ///< variables of the loops around, outermost first
    std::map<std::string_view, std::uint32_t> ids{};

    /// Of a top-level variable.
    std::uint32_t id_of(std::string_view name);
};

/// Each function throws parse_failure.
class expression_parser
{
public:
    expression_parser(tag_tokens& tokens, parse_context& context) : tokens_{tokens}, context_{context} {}

    /// As far as it goes: what follows is current.
    expression parse();

    /// Nothing but the end of the tag may be current.
    void expect_end() const;

private:
    expression parse_and();
    expression parse_not();
    expression parse_compare();
    expression parse_operand();
    expression parse_primary();
    expression parse_name();
    expression parse_string();
    expression parse_number(bool negative);
    expression parse_parentheses();
    expression parse_list();
    void parse_loop_field(expression& field);
    void parse_steps(expression& of, std::size_t begin);
    path_step parse_step();
    /// From there to the current token.
    std::string_view written_since(std::size_t begin) const;
    expression parse_filter(expression input);
    void parse_arguments(expression& filter);
    std::size_t parse_keyword(expression const& filter);
    expression parse_test(expression subject);

    /// Parentheses, lists and arguments.
    expression parse_nested();
    expression parent(expression_form form, token const& at, std::vector<expression> children) const;
    expression leaf(expression_form form, token const& at) const;
    void expect_symbol(std::string_view sign);
    [[noreturn]] void refuse_current() const;

    tag_tokens& tokens_;
    parse_context& context_;
    std::size_t depth_ = 0;
};

} // namespace app::jinja
