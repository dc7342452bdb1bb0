// What prompts, labels and roles may be called.
#pragma once

#include <string_view>

namespace app {

/// Parts of [A-Za-z0-9][A-Za-z0-9._-]* joined by "/", 255 characters at most.
[[nodiscard]] bool is_prompt_name(std::string_view name) noexcept;

/// [a-z0-9][a-z0-9._-]{0,35}
[[nodiscard]] bool is_label(std::string_view label) noexcept;

/// The label that a fetch gets that names none: the active version outside A/B groups.
inline constexpr std::string_view production = "production";
/// Always the newest version; cannot be moved.
inline constexpr std::string_view latest = "latest";

} // namespace app
