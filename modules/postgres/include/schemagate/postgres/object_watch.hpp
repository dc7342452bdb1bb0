// What an idle boot compares instead of looking up each recorded object by its name, which costs a fresh
// backend most of its start: the OIDs of all of them, and one text that says what was there under them.
#pragma once

#include <string>

#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// SQL that writes both into the newest applied row of the history (`watched`), and takes them out of the
/// others.
[[nodiscard]] std::string watch_objects_sql(connection const& on, history_table const& table);

/// An expression: true where what is there under the OIDs of `watched` (an expression of type text) is what
/// was there when it was written: relations and columns by their names, and no index that is not valid. Else,
/// and for NULL, look them up: an OID changes with REINDEX CONCURRENTLY and in a restored dump, and others
/// may have added columns.
[[nodiscard]] std::string unchanged_objects_sql(std::string const& watched);

} // namespace schemagate::postgres
