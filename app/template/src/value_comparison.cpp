#include "value_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <utility>

#include "python_characters.hpp"

namespace app::jinja {

namespace json = boost::json;

namespace {

// Of two elements, in work; and of a key that is looked up.
constexpr std::size_t element_work = 8;
constexpr std::size_t key_work = 16;

using number = std::variant<std::int64_t, std::uint64_t, double>;

/// A bool is a number to Python.
std::optional<number> number_of(value const& v)
{
    if (auto const* const b = std::get_if<bool>(&v)) {
        return std::int64_t{*b ? 1 : 0};
    }
    if (auto const* const i = std::get_if<std::int64_t>(&v)) {
        return *i;
    }
    if (auto const* const u = std::get_if<std::uint64_t>(&v)) {
        return *u;
    }
    if (auto const* const d = std::get_if<double>(&v)) {
        return *d;
    }
    return std::nullopt;
}

/// Exact: no integer is rounded to a double.
template <typename Integer>
std::partial_ordering order_with_double(Integer integer, double real)
{
    if (std::isnan(real)) {
        return std::partial_ordering::unordered;
    }
    auto const above = std::ldexp(1.0, std::numeric_limits<Integer>::digits);
    if (real >= above) {
        return std::partial_ordering::less;
    }
    if (real < (std::is_signed_v<Integer> ? -above : 0.0)) {
        return std::partial_ordering::greater;
    }
    auto const whole = static_cast<Integer>(real);
    if (integer != whole) {
        return integer <=> whole;
    }
    return 0.0 <=> real - static_cast<double>(whole);
}

struct number_order
{
    std::partial_ordering operator()(double a, double b) const { return a <=> b; }
    template <typename Integer>
    std::partial_ordering operator()(Integer a, double b) const
    {
        return order_with_double(a, b);
    }
    template <typename Integer>
    std::partial_ordering operator()(double a, Integer b) const
    {
        return 0 <=> order_with_double(b, a);
    }
    template <typename Integer, typename Other>
    std::partial_ordering operator()(Integer a, Other b) const
    {
        return std::cmp_less(a, b)    ? std::partial_ordering::less
               : std::cmp_equal(a, b) ? std::partial_ordering::equivalent
                                      : std::partial_ordering::greater;
    }
};

bool equal(value const& a, value const& b, meter& cost, std::size_t depth = 0);

bool equal_objects(json::object const& a, json::object const& b, meter& cost, std::size_t depth)
{
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](json::key_value_pair const& pair) {
               cost.work(key_work + pair.key().size());
               auto const* const other = b.if_contains(pair.key());
               return other != nullptr && equal(from_json(pair.value()), from_json(*other), cost, depth + 1);
           });
}

bool equal(value const& a, value const& b, meter& cost, std::size_t depth)
{
    cost.depth(depth);
    cost.work(element_work);
    if (auto const x = number_of(a)) {
        auto const y = number_of(b);
        return y && std::visit(number_order{}, *x, *y) == 0;
    }
    if (auto const* const x = std::get_if<text_view>(&a)) {
        auto const* const y = std::get_if<text_view>(&b);
        if (y == nullptr || x->bytes.size() != y->bytes.size()) {
            return false;
        }
        cost.work(x->bytes.size());
        return x->bytes == y->bytes;
    }
    if (auto const x = list_view::of(a)) {
        auto const y = list_view::of(b);
        if (!y || x->size() != y->size()) {
            return false;
        }
        for (std::size_t i = 0; i < x->size(); ++i) {
            if (!equal(x->at(i), y->at(i), cost, depth + 1)) {
                return false;
            }
        }
        return true;
    }
    if (auto const* const x = std::get_if<json::object const*>(&a)) {
        auto const* const y = std::get_if<json::object const*>(&b);
        return y != nullptr && equal_objects(**x, **y, cost, depth);
    }
    return a.index() == b.index(); // absent and absent, null and null
}

/// Nothing where Python has no order.
std::optional<std::partial_ordering> order(value const& a, value const& b, meter& cost, std::size_t depth = 0)
{
    cost.depth(depth);
    cost.work(element_work);
    if (is_absent(a) || is_absent(b)) {
        return std::partial_ordering::unordered;
    }
    if (auto const x = number_of(a), y = number_of(b); x && y) {
        return std::visit(number_order{}, *x, *y);
    }
    auto const* const s = std::get_if<text_view>(&a);
    auto const* const t = std::get_if<text_view>(&b);
    if (s != nullptr && t != nullptr) {
        cost.work(std::min(s->bytes.size(), t->bytes.size()));
        return s->bytes <=> t->bytes; // UTF-8 sorts as its code points do
    }
    auto const x = list_view::of(a);
    auto const y = list_view::of(b);
    if (!x || !y) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < std::min(x->size(), y->size()); ++i) {
        if (!equal(x->at(i), y->at(i), cost, depth + 1)) {
            return order(x->at(i), y->at(i), cost, depth + 1);
        }
    }
    return x->size() <=> y->size();
}

std::optional<bool> contains(value const& whole, value const& part, meter& cost)
{
    if (is_absent(whole)) {
        return false;
    }
    if (auto const* const text = std::get_if<text_view>(&whole)) {
        if (auto const* const piece = std::get_if<text_view>(&part)) {
            cost.work(text->bytes.size() + piece->bytes.size());
            return find_part(text->bytes, piece->bytes, 0) != std::string_view::npos;
        }
        return is_absent(part) ? std::optional{false} : std::nullopt;
    }
    if (auto const list = list_view::of(whole)) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (equal(list->at(i), part, cost)) {
                return true;
            }
        }
        return false;
    }
    auto const* const object = std::get_if<json::object const*>(&whole);
    if (object == nullptr || list_view::of(part) || std::holds_alternative<json::object const*>(part)) {
        return std::nullopt; // a list and an object cannot be a key: unhashable
    }
    auto const* const key = std::get_if<text_view>(&part);
    if (key == nullptr) {
        return false;
    }
    cost.work(key->bytes.size());
    return (*object)->contains(key->bytes);
}

} // namespace

std::optional<bool> compare(comparison operation, value const& left, value const& right, meter& cost)
{
    switch (operation) {
    case comparison::equal: return equal(left, right, cost);
    case comparison::unequal: return !equal(left, right, cost);
    case comparison::in: return contains(right, left, cost);
    case comparison::not_in: {
        auto const found = contains(right, left, cost);
        return found ? std::optional{!*found} : std::nullopt;
    }
    default: break;
    }
    auto const found = order(left, right, cost);
    if (!found) {
        return std::nullopt;
    }
    switch (operation) {
    case comparison::less: return *found < 0;
    case comparison::less_equal: return *found <= 0;
    case comparison::greater: return *found > 0;
    default: return *found >= 0;
    }
}

} // namespace app::jinja
