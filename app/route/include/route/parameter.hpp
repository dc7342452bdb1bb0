// The parameters of a query, described so that the router can check them and the OpenAPI document can list
// them.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace app {

struct parameter
{
    enum class kind
    {
        text,    ///< `least` to `most` characters
        whole,   ///< a whole number from `least` to `most`
        boolean, ///< true or false
        time     ///< RFC 3339, or a date
    };

    char const* name;
    kind type = kind::text;
    std::int64_t least = 1;
    std::int64_t most = 255;
    char const* description = "";
};

/// What is wrong with the value, as the end of a sentence that begins with the name; nullopt if nothing is.
[[nodiscard]] std::optional<std::string> fault_of(parameter const& p, std::string_view value);

/// Its JSON Schema.
[[nodiscard]] boost::json::object schema_of(parameter const& p);

/// A whole number without sign, space or anything else.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text) noexcept;

/// RFC 3339 date-time (offset required) or YYYY-MM-DD, which is midnight UTC; microseconds since 1970.
[[nodiscard]] std::optional<std::int64_t> time_of(std::string_view text) noexcept;

} // namespace app
