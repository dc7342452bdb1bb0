// What a twin counted: its result rows of the columns check_name, expected, found, detail.
#pragma once

#include <vector>

#include "schemagate/migrator.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate {

/// One item for each row, in their order; results with other columns are passed over. Passed: found =
/// expected. Not run: found is null. A row that cannot be read as such is an item that failed, and says so.
[[nodiscard]] std::vector<verification_item>
counted_items(std::vector<postgres::statement_result> const& results);

} // namespace schemagate
