// Executions in the text format of COPY.
#pragma once

#include <span>
#include <string>

#include "execution/execution.hpp"

namespace app {

/// The columns, in the order of copy_text().
[[nodiscard]] std::string copy_columns();

/// A line for each (PostgreSQL documentation, "COPY", "Text Format").
[[nodiscard]] std::string copy_text(std::span<execution const* const> batch);

/// "0.000225"
[[nodiscard]] std::string dollars(std::int64_t micros);

/// Input and output together, as the column token_count has them; nullopt without either.
[[nodiscard]] std::optional<std::int64_t> tokens_of(execution_result const& r);

/// As a 32-bit column takes it.
[[nodiscard]] std::int64_t clamped(std::int64_t number);

} // namespace app
