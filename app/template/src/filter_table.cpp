#include "filter_table.hpp"

#include <algorithm>

namespace app::jinja {

namespace {

constexpr std::array<filter_signature, 8> filters{{
    {"default", filter_kind::standard, {"default_value", "boolean"}, 0},
    {"join", filter_kind::join, {"d"}, 0},
    {"length", filter_kind::length, {}, 0},
    {"lower", filter_kind::lower, {}, 0},
    {"replace", filter_kind::replace, {"old", "new", "count"}, 2},
    {"tojson", filter_kind::tojson, {"indent"}, 0},
    {"trim", filter_kind::trim, {"chars"}, 0},
    {"upper", filter_kind::upper, {}, 0},
}};

} // namespace

std::size_t filter_signature::parameter_count() const
{
    return static_cast<std::size_t>(std::find(parameters.begin(), parameters.end(), "") - parameters.begin());
}

filter_signature const* find_filter(std::string_view name)
{
    auto const* const found =
        std::find_if(filters.begin(), filters.end(), [&](auto const& each) { return each.name == name; });
    return found == filters.end() ? nullptr : found;
}

std::string filter_names()
{
    std::string all;
    for (auto const& each : filters) {
        all += all.empty() ? "" : ", ";
        all += each.name;
    }
    return all;
}

} // namespace app::jinja
