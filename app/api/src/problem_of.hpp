// What clients hear of the database's errors.
#pragma once

#include <exception>
#include <optional>

#include "http/problem.hpp"

namespace app {

/// nullopt for what is a fault of ours.
[[nodiscard]] std::optional<problem> problem_of(std::exception const& e);

} // namespace app
