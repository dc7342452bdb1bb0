#include "identity/principal.hpp"

#include <array>

namespace app {
namespace {

constexpr std::array<std::string_view, 4> names{"none", "read", "write", "admin"};

} // namespace

std::string_view name_of(scope s) noexcept
{
    return names[static_cast<std::size_t>(s)];
}

std::optional<scope> scope_of(std::string_view name) noexcept
{
    for (std::size_t i = 1; i < names.size(); ++i) {
        if (names[i] == name) {
            return static_cast<scope>(i);
        }
    }
    return std::nullopt;
}

} // namespace app
