// What PATCH /v1/executions/{id} reports, and how reports of one execution go together.
#pragma once

#include <optional>

#include "execution/execution.hpp"

namespace app {

struct outcome
{
    std::optional<execution_status> status; ///< success, failure or partial
    execution_result result;
    /// Worked out from the price of the model, where the caller has given no cost. Taken where there is none
    /// yet, and never a contradiction.
    std::optional<std::int64_t> computed_cost_micros;
};

enum class merging
{
    changed,
    same,     ///< all of it was known
    conflict, ///< nothing was changed
};

/// Adds an outcome to what is known. While nothing but the render is known (`rendered`), the outcome's values
/// replace those that the render had: a model, a latency. Later reports add what was not said before: a score
/// may come after the response. One that says something else than before is a conflict, and so is every
/// outcome of what was blocked: no model has seen it.
[[nodiscard]] merging merge(execution_status& status, execution_result& known, outcome const& reported);

} // namespace app
