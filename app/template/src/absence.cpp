#include "absence.hpp"

#include "template/render_error.hpp"

namespace app::jinja {

namespace {

outcome certain(value const& v, bool shows = false)
{
    return {v, is_true(v), shows};
}

outcome certain_or_not(std::optional<bool> b)
{
    return b ? certain(value{*b}) : outcome{};
}

/// One or the other.
outcome either_of(outcome const& a, outcome const& b)
{
    return {std::nullopt, a.truth == b.truth ? a.truth : std::nullopt, a.shows || b.shows};
}

bool is_empty_text(value const& v)
{
    auto const* const text = std::get_if<text_view>(&v);
    return text != nullptr && text->bytes.empty();
}

} // namespace

outcome absence::of(expression const& e)
{
    auto found = base(e);
    if (e.steps.empty() || (found.known && is_absent(*found.known))) {
        return found;
    }
    return {std::nullopt, std::nullopt, found.shows};
}

outcome absence::base(expression const& e)
{
    switch (e.form) {
    case expression_form::literal: return certain(e.literal);
    case expression_form::variable: return e.id == variable_ ? certain(absent{}, true) : outcome{};
    case expression_form::list: return list(e);
    case expression_form::filter: return e.filter->kind == filter_kind::standard ? standard(e) : filtered(e);
    case expression_form::compare: return compared(e);
    case expression_form::both: return logic(e, false);
    case expression_form::either: return logic(e, true);
    case expression_form::negation: {
        auto const truth = of(e.children[0]).truth;
        return certain_or_not(truth ? std::optional{!*truth} : std::nullopt);
    }
    case expression_form::is_defined: {
        auto const known = of(e.children[0]).known;
        return certain_or_not(known ? std::optional{!is_absent(*known)} : std::nullopt);
    }
    case expression_form::is_none: {
        auto const known = of(e.children[0]).known;
        return certain_or_not(known ? std::optional{std::holds_alternative<std::nullptr_t>(*known)}
                                    : std::nullopt);
    }
    case expression_form::loop_variable:
    case expression_form::loop_field:
    case expression_form::not_given: break;
    }
    return {};
}

outcome absence::list(expression const& e)
{
    made_list made;
    outcome whole{std::nullopt, !e.children.empty(), false};
    for (auto const& child : e.children) {
        auto const element = of(child);
        whole.shows = whole.shows || element.shows;
        if (element.known) {
            made.items.push_back(*element.known);
        }
    }
    if (made.items.size() == e.children.size()) {
        whole.known = arena_.keep(std::move(made));
    }
    return whole;
}

outcome absence::standard(expression const& e)
{
    auto const given = of(e.children[0]);
    auto const instead =
        e.children[1].form == expression_form::not_given ? certain(text_view{}) : of(e.children[1]);
    if (given.known && is_absent(*given.known)) {
        return instead;
    }
    auto const also_false =
        e.children[2].form == expression_form::not_given ? std::optional{false} : of(e.children[2]).truth;
    if (given.known && (also_false == false || given.truth == true)) {
        return given;
    }
    if (also_false == true && given.truth == false) {
        return instead;
    }
    return either_of(given, instead);
}

outcome absence::filtered(expression const& e)
{
    auto const input = of(e.children[0]);
    outcome made{std::nullopt, std::nullopt, input.shows};
    for (std::size_t i = 1; i < e.children.size(); ++i) {
        made.shows = of(e.children[i]).shows || made.shows;
    }
    if (!input.known || !(is_absent(*input.known) || is_empty_text(*input.known))) {
        return made;
    }
    switch (e.filter->kind) {
    case filter_kind::join:
    case filter_kind::lower:
    case filter_kind::trim:
    case filter_kind::upper: return certain(text_view{}, made.shows);
    case filter_kind::length: return certain(std::int64_t{0}, made.shows);
    default: return made;
    }
}

std::optional<bool> absence::pair(comparison operation, outcome const& left, outcome const& right)
{
    if (left.known && right.known) {
        try {
            return compare(operation, *left.known, *right.known, cost_);
        }
        catch (render_error const&) {
            return std::nullopt;
        }
    }
    bool const left_absent = left.known && is_absent(*left.known);
    bool const right_absent = right.known && is_absent(*right.known);
    switch (operation) {
    case comparison::equal:
    case comparison::unequal: return std::nullopt;
    case comparison::in: return right_absent ? std::optional{false} : std::nullopt;
    case comparison::not_in: return right_absent ? std::optional{true} : std::nullopt;
    default: return left_absent || right_absent ? std::optional{false} : std::nullopt;
    }
}

outcome absence::compared(expression const& e)
{
    std::optional<bool> all = true;
    auto left = of(e.children[0]);
    for (std::size_t i = 0; i < e.operators.size(); ++i) {
        auto const right = of(e.children[i + 1]);
        auto const holds = pair(e.operators[i], left, right);
        if (holds == false) {
            return certain(false);
        }
        all = holds ? all : std::nullopt;
        left = right;
    }
    return certain_or_not(all);
}

/// `and` gives the first operand that is false (decides: false) or the last, `or` the first that is true or
/// the last.
outcome absence::logic(expression const& e, bool decides)
{
    outcome whole;
    bool sure = true; // that no operand before decided
    for (std::size_t i = 0; i < e.children.size(); ++i) {
        auto const operand = of(e.children[i]);
        bool const last = i + 1 == e.children.size();
        if (!last && operand.truth == !decides) {
            continue;
        }
        if (sure && (last || operand.truth == decides)) {
            return operand;
        }
        sure = false;
        whole.shows = whole.shows || operand.shows;
        if (operand.truth == decides) {
            whole.truth = decides;
            return whole;
        }
    }
    return whole;
}

} // namespace app::jinja
