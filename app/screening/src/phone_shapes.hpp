// How telephone numbers are grouped where they have no country code.
#pragma once

#include <cstddef>

#include "digit_groups.hpp"

namespace app {

/// How many groups of digits from here on are a number grouped as in some country; 0 if they are none.
std::size_t phone_shape_at(digit_groups const& groups, std::size_t first);

/// The same for rarer groupings, which alone may be anything: for use after a word such as "phone".
std::size_t announced_phone_shape_at(digit_groups const& groups, std::size_t first);

} // namespace app
