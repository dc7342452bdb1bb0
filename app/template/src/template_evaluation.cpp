#include "template_evaluation.hpp"

#include <array>
#include <optional>

#include "python_characters.hpp"
#include "template/render_error.hpp"
#include "template_filters.hpp"
#include "template_refusal.hpp"

namespace app::jinja {

namespace json = boost::json;

namespace {

value character_at(std::string_view text, std::int64_t index, meter& cost)
{
    cost.work(text.size());
    auto const count = static_cast<std::int64_t>(count_code_points(text));
    auto const wanted = index < 0 ? index + count : index;
    if (wanted < 0 || wanted >= count) {
        return absent{};
    }
    std::size_t at = 0;
    for (std::int64_t i = 0; i < wanted; ++i) {
        next_code_point(text, at);
    }
    auto const begin = at;
    next_code_point(text, at);
    return text_view{text.substr(begin, at - begin)};
}

value element_at(list_view const& list, std::int64_t index)
{
    auto const size = static_cast<std::int64_t>(list.size());
    auto const wanted = index < 0 ? index + size : index;
    return wanted < 0 || wanted >= size ? value{absent{}} : list.at(static_cast<std::size_t>(wanted));
}

value take_step(value const& v, path_step const& step, meter& cost)
{
    if (auto const* const key = std::get_if<std::string_view>(&step)) {
        auto const* const object = std::get_if<json::object const*>(&v);
        auto const* const member = object == nullptr ? nullptr : (*object)->if_contains(*key);
        return member == nullptr ? value{absent{}} : from_json(*member);
    }
    auto const index = std::get<std::int64_t>(step);
    if (auto const* const text = std::get_if<text_view>(&v)) {
        return character_at(text->bytes, index, cost);
    }
    auto const list = list_view::of(v);
    return list ? element_at(*list, index) : value{absent{}};
}

value field(loop_state const& loop, loop_field wanted)
{
    switch (wanted) {
    case loop_field::index: return static_cast<std::int64_t>(loop.index + 1);
    case loop_field::index0: return static_cast<std::int64_t>(loop.index);
    case loop_field::first: return loop.index == 0;
    case loop_field::last: return loop.index + 1 == loop.length;
    case loop_field::length: break;
    }
    return static_cast<std::int64_t>(loop.length);
}

} // namespace

std::string named(expression const& e)
{
    if (!e.written.empty()) {
        return quoted(e.written);
    }
    return e.form == expression_form::filter
               ? named(e.children[0]) + " after `" + std::string{e.filter->name} + "`"
               : "a value";
}

void fail_at(expression const& where, std::string const& message)
{
    throw render_error{render_error::variable_type, "line " + std::to_string(where.line) + ": " + message};
}

value evaluation::evaluate(expression const& e)
{
    cost.work(part_work);
    auto found = value_of(e);
    for (auto const& step : e.steps) {
        cost.work(part_work);
        found = take_step(found, step, cost);
    }
    return found;
}

value evaluation::value_of(expression const& e)
{
    switch (e.form) {
    case expression_form::literal: return e.literal;
    case expression_form::variable: {
        auto const* const given = values.if_contains(program.variables[e.id]);
        return given == nullptr ? value{absent{}} : from_json(*given);
    }
    case expression_form::loop_variable: return loops[e.id].current;
    case expression_form::loop_field: return field(loops[e.id], e.field);
    case expression_form::list: return list(e);
    case expression_form::filter: return filter(e);
    case expression_form::compare: return chain(e);
    case expression_form::both: return logic(e, false);
    case expression_form::either: return logic(e, true);
    case expression_form::negation: return !is_true(evaluate(e.children[0]));
    case expression_form::is_defined: return !is_absent(evaluate(e.children[0]));
    case expression_form::is_none: return std::holds_alternative<std::nullptr_t>(evaluate(e.children[0]));
    case expression_form::not_given: break;
    }
    return absent{};
}

value evaluation::list(expression const& e)
{
    made_list made;
    made.items.reserve(e.children.size());
    for (auto const& element : e.children) {
        made.items.push_back(evaluate(element));
    }
    return arena.keep(std::move(made));
}

value evaluation::filter(expression const& e)
{
    std::array<std::optional<value>, 4> operands;
    for (std::size_t i = 0; i < e.children.size(); ++i) {
        if (e.children[i].form != expression_form::not_given) {
            operands[i] = evaluate(e.children[i]);
        }
    }
    try {
        return apply_filter(e.filter->kind, operands, arena, cost);
    }
    catch (wrong_kind const& wrong) {
        auto const argument = wrong.operand == 0 ? "" : "an argument of ";
        fail_at(e, named(e.children[wrong.operand]) + " is " +
                       std::string{kind_of(*operands[wrong.operand])} + "; " + argument + "the filter `" +
                       std::string{e.filter->name} + "` " + std::string{wrong.expected});
    }
}

/// a < b < c: each operand is evaluated once, and none behind a false comparison.
value evaluation::chain(expression const& e)
{
    auto left = evaluate(e.children[0]);
    for (std::size_t i = 0; i < e.operators.size(); ++i) {
        auto const right = evaluate(e.children[i + 1]);
        auto const holds = compare(e.operators[i], left, right, cost);
        if (!holds) {
            bool const in = e.operators[i] == comparison::in || e.operators[i] == comparison::not_in;
            fail_at(e, named(e.children[i]) + " is " + std::string{kind_of(left)} + " and " +
                           named(e.children[i + 1]) + " is " + std::string{kind_of(right)} +
                           (in ? "; `in` takes a text in a text, a value in a list, or a key in an object"
                               : "; only numbers, texts or lists have an order among themselves"));
        }
        if (!*holds) {
            return false;
        }
        left = right;
    }
    return true;
}

/// The first operand that decides, or the last: Python's `and` and `or` give it as it is.
value evaluation::logic(expression const& e, bool decides)
{
    for (std::size_t i = 0; i + 1 < e.children.size(); ++i) {
        auto const operand = evaluate(e.children[i]);
        if (is_true(operand) == decides) {
            return operand;
        }
    }
    return evaluate(e.children.back());
}

} // namespace app::jinja
