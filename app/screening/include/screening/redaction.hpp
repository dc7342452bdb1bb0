// Text with what was found taken out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "screening/match.hpp"

namespace app {

/// The text with `[ENTITY]` in the place of each match. Overlapping matches become one, named after the
/// longest of them, so that nothing of any match stays. Matches may come in any order, with offsets in bytes.
std::string redact(std::string_view text, std::vector<match> found);

} // namespace app
