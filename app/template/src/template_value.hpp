// A value while a template is rendered: a view of the caller's JSON, of the template's literals, or of what a
// filter made (value_arena).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace app::jinja {

/// What nobody gave: ChainableUndefined.
struct absent
{};

struct text_view
{
    std::string_view bytes;
    bool markup = false; ///< made by tojson: a list that holds it prints it as Markup('…')
};

struct made_list;

/// std::uint64_t only where std::int64_t is too small.
using value = std::variant<absent, std::nullptr_t, bool, std::int64_t, std::uint64_t, double, text_view,
                           boost::json::array const*, boost::json::object const*, made_list const*>;

/// A list literal: its elements may be absent.
struct made_list
{
    std::vector<value> items;
};

value from_json(boost::json::value const& json);

/// Python's bool().
bool is_true(value const& v);

/// As an error says it: "a number", "a list", …
std::string_view kind_of(value const& v);

inline bool is_absent(value const& v)
{
    return std::holds_alternative<absent>(v);
}

/// An array of JSON and a list literal are the same to a template.
class list_view
{
public:
    static std::optional<list_view> of(value const& v);

    std::size_t size() const { return array_ != nullptr ? array_->size() : made_->items.size(); }
    value at(std::size_t i) const { return array_ != nullptr ? from_json((*array_)[i]) : made_->items[i]; }

private:
    boost::json::array const* array_ = nullptr;
    made_list const* made_ = nullptr;
};

/// Holds what filters and list literals make, until its mark is released. Addresses stay.
class value_arena
{
public:
    struct mark
    {
        std::size_t texts = 0;
        std::size_t lists = 0;
    };

    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
    made_list const* keep(made_list list) { return &lists_.emplace_back(std::move(list)); }

    mark now() const { return {texts_.size(), lists_.size()}; }
    void release(mark const& to)
    {
        texts_.resize(to.texts);
        lists_.resize(to.lists);
    }

private:
    std::deque<std::string> texts_;
    std::deque<made_list> lists_;
};

} // namespace app::jinja
