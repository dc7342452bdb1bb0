#include "template_value.hpp"

#include <limits>

namespace app::jinja {

namespace json = boost::json;

value from_json(json::value const& json)
{
    switch (json.kind()) {
    case json::kind::null: return nullptr;
    case json::kind::bool_: return json.get_bool();
    case json::kind::int64: return json.get_int64();
    case json::kind::uint64: {
        auto const natural = json.get_uint64();
        if (natural <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
            return static_cast<std::int64_t>(natural);
        }
        return natural;
    }
    case json::kind::double_: return json.get_double();
    case json::kind::string: return text_view{json.get_string()};
    case json::kind::array: return &json.get_array();
    case json::kind::object: return &json.get_object();
    }
    return nullptr;
}

bool is_true(value const& v)
{
    struct test
    {
        bool operator()(absent) const { return false; }
        bool operator()(std::nullptr_t) const { return false; }
        bool operator()(bool b) const { return b; }
        bool operator()(std::int64_t i) const { return i != 0; }
        bool operator()(std::uint64_t i) const { return i != 0; }
        bool operator()(double d) const { return d != 0; }
        bool operator()(text_view const& t) const { return !t.bytes.empty(); }
        bool operator()(json::array const* a) const { return !a->empty(); }
        bool operator()(json::object const* o) const { return !o->empty(); }
        bool operator()(made_list const* l) const { return !l->items.empty(); }
    };
    return std::visit(test{}, v);
}

std::string_view kind_of(value const& v)
{
    struct word
    {
        std::string_view operator()(absent) const { return "absent"; }
        std::string_view operator()(std::nullptr_t) const { return "null"; }
        std::string_view operator()(bool) const { return "a boolean"; }
        std::string_view operator()(std::int64_t) const { return "a number"; }
        std::string_view operator()(std::uint64_t) const { return "a number"; }
        std::string_view operator()(double) const { return "a number"; }
        std::string_view operator()(text_view const&) const { return "text"; }
        std::string_view operator()(json::array const*) const { return "a list"; }
        std::string_view operator()(json::object const*) const { return "an object"; }
        std::string_view operator()(made_list const*) const { return "a list"; }
    };
    return std::visit(word{}, v);
}

std::optional<list_view> list_view::of(value const& v)
{
    list_view view;
    if (auto const* const array = std::get_if<json::array const*>(&v)) {
        view.array_ = *array;
        return view;
    }
    if (auto const* const made = std::get_if<made_list const*>(&v)) {
        view.made_ = *made;
        return view;
    }
    return std::nullopt;
}

} // namespace app::jinja
