// The leaves of the grammar: names, literals, paths, tests, and names of arguments.
#include <algorithm>
#include <array>
#include <utility>

#include "expression_parser.hpp"
#include "python_characters.hpp"
#include "template_literals.hpp"
#include "template_refusal.hpp"

namespace app::jinja {

namespace {

constexpr std::array<std::pair<std::string_view, loop_field>, 5> loop_fields{{
    {"index", loop_field::index},
    {"index0", loop_field::index0},
    {"first", loop_field::first},
    {"last", loop_field::last},
    {"length", loop_field::length},
}};

/// true, True, none, …
std::optional<value> constant(std::string_view name)
{
    if (name == "true" || name == "True") {
        return value{true};
    }
    if (name == "false" || name == "False") {
        return value{false};
    }
    if (name == "none" || name == "None") {
        return value{nullptr};
    }
    return std::nullopt;
}

} // namespace

expression expression_parser::parse_primary()
{
    auto const at = tokens_.current();
    switch (at.kind) {
    case token_kind::name: return parse_name();
    case token_kind::string: return parse_string();
    case token_kind::integer:
    case token_kind::real: return parse_number(false);
    case token_kind::symbol:
        if (at.text == "(") {
            return parse_parentheses();
        }
        if (at.text == "[") {
            return parse_list();
        }
        if (auto const& next = tokens_.ahead();
            at.text == "-" && (next.kind == token_kind::integer || next.kind == token_kind::real)) {
            tokens_.advance();
            return parse_number(true);
        }
        break;
    case token_kind::tag_end: break;
    }
    refuse_current();
}

expression expression_parser::parse_name()
{
    auto const name = tokens_.current();
    if (is_operator_word(name.text)) {
        throw parse_failure{"syntax", name.offset, "a value is missing before " + quoted(name.text)};
    }
    tokens_.advance();
    if (auto const known = constant(name.text)) {
        auto made = leaf(expression_form::literal, name);
        made.literal = *known;
        return made;
    }
    auto const& loops = context_.loops;
    auto made = leaf(expression_form::variable, name);
    made.written = name.text;
    auto const inner = std::find(loops.rbegin(), loops.rend(), name.text);
    if (inner != loops.rend()) {
        made.form = expression_form::loop_variable;
        made.id = static_cast<std::uint32_t>(loops.rend() - inner - 1);
    }
    else if (name.text == "loop" && !loops.empty()) {
        made.form = expression_form::loop_field;
        made.id = static_cast<std::uint32_t>(loops.size() - 1);
        parse_loop_field(made);
        made.written = written_since(name.offset);
    }
    else {
        made.id = context_.id_of(name.text);
    }
    return made;
}

void expression_parser::parse_loop_field(expression& field)
{
    auto const at = tokens_.current();
    if (at.is_symbol(".") || at.is_symbol("[")) {
        auto const step = parse_step();
        auto const* const key = std::get_if<std::string_view>(&step);
        for (auto const& [name, meant] : loop_fields) {
            if (key != nullptr && *key == name) {
                field.field = meant;
                return;
            }
        }
    }
    throw parse_failure{"unsupported", at.offset,
                        "of `loop` there are loop.index, loop.index0, loop.first, loop.last and loop.length"};
}

std::string_view expression_parser::written_since(std::size_t begin) const
{
    return strip_right(context_.into.source.text().substr(begin, tokens_.current().offset - begin));
}

expression expression_parser::parse_string()
{
    auto made = leaf(expression_form::literal, tokens_.current());
    std::string joined;
    std::size_t count = 0;
    std::string_view only;
    for (; tokens_.current().kind == token_kind::string; ++count) { // "a" "b" is "ab"
        auto const part = tokens_.advance();
        only = part.text.substr(1, part.text.size() - 2);
        joined += unescaped(only, part.offset + 1);
    }
    if (count == 1 && joined == only) {
        made.literal = text_view{only};
    }
    else {
        made.literal = text_view{context_.into.strings.emplace_back(std::move(joined))};
    }
    return made;
}

expression expression_parser::parse_number(bool negative)
{
    auto const number = tokens_.advance();
    auto const parsed = number_value(number.text, number.kind == token_kind::real, negative);
    if (!parsed) {
        throw parse_failure{"invalid-literal", number.offset,
                            "the number " + quoted(number.text) +
                                " does not fit into 64 bits; write it as a text"};
    }
    auto made = leaf(expression_form::literal, number);
    made.literal = *parsed;
    return made;
}

expression expression_parser::parse_parentheses()
{
    tokens_.advance();
    if (tokens_.current().is_symbol(")")) {
        throw parse_failure{"unsupported", tokens_.current().offset,
                            "there are no tuples; write a list, [], or a value between the parentheses"};
    }
    auto made = parse_nested();
    expect_symbol(")");
    return made;
}

expression expression_parser::parse_list()
{
    auto const open = tokens_.advance();
    std::vector<expression> elements;
    while (!tokens_.current().is_symbol("]")) {
        elements.push_back(parse_nested());
        if (!tokens_.current().is_symbol(",")) {
            break;
        }
        tokens_.advance();
    }
    expect_symbol("]");
    return parent(expression_form::list, open, std::move(elements));
}

void expression_parser::parse_steps(expression& of, std::size_t begin)
{
    while (tokens_.current().is_symbol(".") || tokens_.current().is_symbol("[")) {
        of.steps.push_back(parse_step());
        if (!of.written.empty()) {
            of.written = written_since(begin);
        }
    }
}

path_step expression_parser::parse_step()
{
    auto const open = tokens_.advance();
    auto const at = tokens_.current();
    auto const index = [&](bool negative) {
        auto const number = tokens_.advance();
        auto const parsed = number_value(number.text, false, negative);
        auto const* const i = parsed ? std::get_if<std::int64_t>(&*parsed) : nullptr;
        if (i == nullptr) {
            throw parse_failure{"invalid-literal", number.offset, "no list has so many elements"};
        }
        return path_step{*i};
    };
    if (open.text == ".") {
        if (at.kind == token_kind::integer) {
            return index(false);
        }
        if (at.kind != token_kind::name) {
            throw parse_failure{"syntax", at.offset, "a key or a number stands behind the dot"};
        }
        tokens_.advance();
        return path_step{at.text};
    }
    path_step made;
    if (at.kind == token_kind::string) {
        made = std::get<text_view>(parse_string().literal).bytes;
    }
    else if (at.kind == token_kind::integer) {
        made = index(false);
    }
    else if (at.is_symbol("-") && tokens_.ahead().kind == token_kind::integer) {
        tokens_.advance();
        made = index(true);
    }
    else {
        throw parse_failure{"unsupported", at.offset,
                            "only a text or a whole number stands in brackets: a[\"key\"], a[0], a[-1]"};
    }
    expect_symbol("]");
    return made;
}

expression expression_parser::parse_test(expression subject)
{
    tokens_.advance();
    bool const negated = tokens_.current().is_name("not");
    if (negated) {
        tokens_.advance();
    }
    auto const name = tokens_.current();
    if (!name.is_name("defined") && !name.is_name("none")) {
        throw parse_failure{
            "unsupported", name.offset,
            "there are the tests `is defined`, `is not defined`, `is none` and `is not none`; "
            "write == to compare"};
    }
    tokens_.advance();
    auto const& next = tokens_.current();
    if (next.kind == token_kind::name && next.text != "else" && next.text != "or" && next.text != "and" &&
        next.text != "if") {
        throw parse_failure{"syntax", next.offset,
                            quoted(next.text) + " cannot follow a test; put the test into parentheses"};
    }
    std::vector<expression> operand;
    operand.push_back(std::move(subject));
    auto made = parent(name.text == "none" ? expression_form::is_none : expression_form::is_defined, name,
                       std::move(operand));
    if (negated) {
        operand.clear();
        operand.push_back(std::move(made));
        made = parent(expression_form::negation, name, std::move(operand));
    }
    return made;
}

std::size_t expression_parser::parse_keyword(expression const& filter)
{
    auto const name = tokens_.advance();
    tokens_.advance();
    auto const& parameters = filter.filter->parameters;
    auto const count = filter.filter->parameter_count();
    auto const found = static_cast<std::size_t>(
        std::find(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(count), name.text) -
        parameters.begin());
    if (found == count || filter.children[found + 1].form != expression_form::not_given) {
        throw parse_failure{"filter-arguments", name.offset,
                            "the filter " + quoted(filter.filter->name) + " has no argument " +
                                quoted(name.text) + ", or it is given twice"};
    }
    return found + 1;
}

} // namespace app::jinja
