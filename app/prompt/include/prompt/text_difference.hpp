// What changed between two texts.
#pragma once

#include <string>
#include <string_view>

namespace app {

/// The unified format (POSIX diff -u) with three lines of context and two header lines; "" if the texts are
/// equal.
[[nodiscard]] std::string unified_difference(std::string_view from_name, std::string_view from,
                                             std::string_view to_name, std::string_view to);

} // namespace app
