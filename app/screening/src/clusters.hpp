// Matches of all entities, as the pieces of a text that redaction takes out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "screening/match.hpp"

namespace app {

/// Disjoint and sorted; where matches overlap, one with the entity of the longest (the first of equals).
std::vector<match> clusters(std::vector<match> found);

/// "[SSN]"
std::string placeholder(std::string_view entity);

} // namespace app
