// A parsed template. Built by statement_parser, read by renderer and required_variables.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "filter_table.hpp"
#include "template_source.hpp"
#include "template_value.hpp"
#include "value_comparison.hpp"

namespace app::jinja {

/// `.key`, `["key"]` or `[index]`.
using path_step = std::variant<std::string_view, std::int64_t>;

enum class loop_field : std::uint8_t
{
    index,
    index0,
    first,
    last,
    length
};

enum class expression_form : std::uint8_t
{
    literal,
    variable,      ///< `id` of compiled::variables
    loop_variable, ///< `id` counts the loops around it, from the outermost
    loop_field,    ///< `field` of loop `id`
    list,          ///< of its children
    filter,        ///< its first child filtered by `filter`; one more child for each parameter
    not_given,     ///< a parameter of a filter
    compare,       ///< a < b < c: one operator fewer than children
    both,          ///< and
    either,        ///< or
    negation,
    is_defined,
    is_none,
};

struct expression
{
    expression_form form = expression_form::literal;
    std::uint8_t depth = 0; ///< of the tree below: bounded, so that nothing recurses without end
    loop_field field = loop_field::index;
    std::uint32_t line = 1;
    std::uint32_t id = 0;
    filter_signature const* filter = nullptr;
    value literal;
    std::string_view written; ///< of a variable: as the template has it, for errors
    std::vector<expression> children;
    std::vector<comparison> operators;
    std::vector<path_step> steps; ///< applied to whatever the above gives
};

struct statement;
using statements = std::vector<statement>;

struct text_statement
{
    std::string_view text;
};

struct print_statement
{
    expression printed;
};

struct branch
{
    std::optional<expression> condition; ///< none: else
    statements body;
};

struct if_statement
{
    std::vector<branch> branches;
};

struct for_statement
{
    expression iterable;
    statements body;
    statements otherwise; ///< where there was no pass
};

struct statement
{
    std::variant<text_statement, print_statement, if_statement, for_statement> what;
    std::uint32_t line = 1;
};

/// The views inside point into its own members: it is never copied nor moved.
struct compiled
{
    explicit compiled(template_source&& text) : source{std::move(text)} {}
    compiled(compiled const&) = delete;
    compiled& operator=(compiled const&) = delete;
    ~compiled() = default;

    template_source source;
    std::deque<std::string> strings; ///< literals with escapes
    std::vector<std::string> variables;
    std::vector<std::string> required;
    statements body;
};

} // namespace app::jinja
