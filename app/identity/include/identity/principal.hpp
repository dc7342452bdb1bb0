// Who asks, and what they may do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace app {

/// Each includes the ones before it.
enum class scope
{
    none, ///< nothing that needs a key
    read,
    write,
    admin
};

[[nodiscard]] std::string_view name_of(scope s) noexcept;
/// "read", "write" or "admin".
[[nodiscard]] std::optional<scope> scope_of(std::string_view name) noexcept;

struct principal
{
    std::string id;   ///< of the key; empty without one
    std::string name; ///< of the key; "anonymous" without one
    scope may = scope::none;
};

} // namespace app
