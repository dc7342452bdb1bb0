// Rows of the log.
#pragma once

#include <string>

#include "database/query_result.hpp"
#include "execution/execution.hpp"

namespace app {

/// A list for SELECT. Without content: nothing of what can be megabytes.
[[nodiscard]] std::string execution_columns(bool with_content);

/// Of a row of that list. Throws database_error.
[[nodiscard]] execution execution_in(query_row const& row);

} // namespace app
