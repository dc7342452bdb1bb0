// A request that has found its route: its parts taken apart and checked, and who asks.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.hpp"
#include "identity/principal.hpp"
#include "json/decode.hpp"

namespace app {

struct call
{
    request asked;
    std::vector<std::string> path; ///< the values of the pattern's {…}, in order
    std::vector<std::pair<std::string, std::string>> query;
    boost::json::value body; ///< null where the route takes none
    principal who;

    [[nodiscard]] std::optional<std::string> text(std::string_view name) const;
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view name) const;
    /// Microseconds since 1970.
    [[nodiscard]] std::optional<std::int64_t> time(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const;

    template <class T>
    [[nodiscard]] T body_as() const
    {
        return decode<T>(body);
    }
};

} // namespace app
