// The grammar is that of Jinja2's parser.py, less what we have not: or, and, not, comparisons, then an
// operand with its path, filters and tests, which bind tightest.
#include "expression_parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "template_literals.hpp"
#include "template_refusal.hpp"

namespace app::jinja {

namespace {

constexpr std::array<std::pair<std::string_view, comparison>, 6> comparison_signs{{
    {"==", comparison::equal},
    {"!=", comparison::unequal},
    {"<", comparison::less},
    {"<=", comparison::less_equal},
    {">", comparison::greater},
    {">=", comparison::greater_equal},
}};

std::optional<comparison> comparison_of(token const& sign)
{
    if (sign.is_name("in")) {
        return comparison::in;
    }
    if (sign.kind == token_kind::symbol) {
        for (auto const& [text, meant] : comparison_signs) {
            if (sign.text == text) {
                return meant;
            }
        }
    }
    return std::nullopt;
}

} // namespace

std::uint32_t parse_context::id_of(std::string_view name)
{
    auto const [entry, is_new] = ids.emplace(name, static_cast<std::uint32_t>(into.variables.size()));
    if (is_new) {
        into.variables.emplace_back(name);
    }
    return entry->second;
}

void expression_parser::refuse_current() const
{
    refuse_token(tokens_.current());
}

void expression_parser::expect_end() const
{
    if (tokens_.current().kind != token_kind::tag_end) {
        refuse_current();
    }
}

void expression_parser::expect_symbol(std::string_view sign)
{
    if (!tokens_.current().is_symbol(sign)) {
        refuse_current();
    }
    tokens_.advance();
}

expression expression_parser::leaf(expression_form form, token const& at) const
{
    expression made;
    made.form = form;
    made.line = context_.into.source.line_of(at.offset);
    return made;
}

expression expression_parser::parent(expression_form form, token const& at,
                                     std::vector<expression> children) const
{
    std::size_t depth = 0;
    for (auto const& child : children) {
        depth = std::max<std::size_t>(depth, child.depth);
    }
    if (depth >= deepest_nesting) {
        refuse_nesting(at.offset);
    }
    auto made = leaf(form, at);
    made.depth = static_cast<std::uint8_t>(depth + 1);
    made.children = std::move(children);
    return made;
}

expression expression_parser::parse_nested()
{
    if (depth_ == deepest_nesting) {
        refuse_nesting(tokens_.current().offset);
    }
    ++depth_;
    auto made = parse();
    --depth_;
    return made;
}

expression expression_parser::parse()
{
    auto const first = tokens_.current();
    std::vector<expression> operands;
    operands.push_back(parse_and());
    while (tokens_.current().is_name("or")) {
        tokens_.advance();
        operands.push_back(parse_and());
    }
    return operands.size() == 1 ? std::move(operands[0])
                                : parent(expression_form::either, first, std::move(operands));
}

expression expression_parser::parse_and()
{
    auto const first = tokens_.current();
    std::vector<expression> operands;
    operands.push_back(parse_not());
    while (tokens_.current().is_name("and")) {
        tokens_.advance();
        operands.push_back(parse_not());
    }
    return operands.size() == 1 ? std::move(operands[0])
                                : parent(expression_form::both, first, std::move(operands));
}

expression expression_parser::parse_not()
{
    auto const first = tokens_.current();
    std::size_t times = 0;
    for (; tokens_.current().is_name("not"); ++times) {
        tokens_.advance();
    }
    auto made = parse_compare();
    for (; times > 0; --times) {
        std::vector<expression> operand;
        operand.push_back(std::move(made));
        made = parent(expression_form::negation, first, std::move(operand));
    }
    return made;
}

expression expression_parser::parse_compare()
{
    auto const first = tokens_.current();
    std::vector<expression> operands;
    std::vector<comparison> operators;
    operands.push_back(parse_operand());
    while (true) {
        auto sign = comparison_of(tokens_.current());
        if (!sign && tokens_.current().is_name("not") && tokens_.ahead().is_name("in")) {
            tokens_.advance();
            sign = comparison::not_in;
        }
        if (!sign) {
            break;
        }
        tokens_.advance();
        operators.push_back(*sign);
        operands.push_back(parse_operand());
    }
    if (operators.empty()) {
        return std::move(operands[0]);
    }
    auto made = parent(expression_form::compare, first, std::move(operands));
    made.operators = std::move(operators);
    return made;
}

expression expression_parser::parse_operand()
{
    auto const begin = tokens_.current().offset;
    auto made = parse_primary();
    parse_steps(made, begin);
    while (true) {
        if (tokens_.current().is_symbol("|")) {
            made = parse_filter(std::move(made));
        }
        else if (tokens_.current().is_name("is")) {
            made = parse_test(std::move(made));
        }
        else if (tokens_.current().is_symbol("(")) {
            refuse_current(); // a call
        }
        else {
            return made;
        }
    }
}

expression expression_parser::parse_filter(expression input)
{
    tokens_.advance();
    auto const name = tokens_.current();
    if (name.kind != token_kind::name) {
        throw parse_failure{"syntax", name.offset, "the name of a filter stands behind |: " + filter_names()};
    }
    auto const* const signature = find_filter(name.text);
    if (signature == nullptr) {
        throw parse_failure{"unknown-filter", name.offset,
                            "there is no filter " + quoted(name.text) + "; there are " + filter_names()};
    }
    tokens_.advance();
    auto made = parent(expression_form::filter, name, {});
    made.filter = signature;
    made.children.push_back(std::move(input));
    made.children.resize(1 + signature->parameter_count(), leaf(expression_form::not_given, name));
    if (tokens_.current().is_symbol("(")) {
        parse_arguments(made);
    }
    for (std::size_t i = 1; i <= signature->needed; ++i) {
        if (made.children[i].form == expression_form::not_given) {
            throw parse_failure{"filter-arguments", name.offset,
                                "the filter " + quoted(name.text) + " needs `" +
                                    std::string{signature->parameters[i - 1]} + "`"};
        }
    }
    auto children = std::move(made.children); // once more, for the depth
    made = parent(expression_form::filter, name, std::move(children));
    made.filter = signature;
    return made;
}

void expression_parser::parse_arguments(expression& filter)
{
    tokens_.advance();
    bool named = false;
    for (std::size_t position = 1; !tokens_.current().is_symbol(")"); ++position) {
        auto const at = tokens_.current();
        auto target = position;
        if (at.kind == token_kind::name && tokens_.ahead().is_symbol("=")) {
            target = parse_keyword(filter);
            named = true;
        }
        else if (named) {
            throw parse_failure{"filter-arguments", at.offset,
                                "arguments with a name stand behind the others"};
        }
        else if (position > filter.filter->parameter_count()) {
            throw parse_failure{"filter-arguments", at.offset,
                                "the filter " + quoted(filter.filter->name) + " takes " +
                                    std::to_string(filter.filter->parameter_count()) + " arguments at most"};
        }
        filter.children[target] = parse_nested();
        if (!tokens_.current().is_symbol(",")) {
            break;
        }
        tokens_.advance();
    }
    expect_symbol(")");
}

} // namespace app::jinja
