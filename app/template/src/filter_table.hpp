// The filters there are, and their parameters.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace app::jinja {

enum class filter_kind : std::uint8_t
{
    join,
    standard,
    upper,
    lower,
    trim,
    length,
    replace,
    tojson
};

struct filter_signature
{
    std::string_view name;
    filter_kind kind = filter_kind::join;
    std::array<std::string_view, 3> parameters{}; ///< as Jinja2 names them; "" where there are no more
    std::size_t needed = 0;                       ///< the first ones, which have no default

    std::size_t parameter_count() const;
};

/// Null where we have none of that name.
filter_signature const* find_filter(std::string_view name);

/// All names, for an error.
std::string filter_names();

} // namespace app::jinja
