#include "route/call.hpp"

#include "route/parameter.hpp"

namespace app {

std::optional<std::string> call::text(std::string_view name) const
{
    for (auto const& [key, value] : query) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<std::int64_t> call::number(std::string_view name) const
{
    auto const value = text(name);
    return value ? whole_number(*value) : std::nullopt;
}

std::optional<std::int64_t> call::time(std::string_view name) const
{
    auto const value = text(name);
    return value ? time_of(*value) : std::nullopt;
}

bool call::flag(std::string_view name) const
{
    return text(name) == "true";
}

} // namespace app
