// Objects that are there, but not as the last migration left them.
#pragma once

#include <string>
#include <vector>

#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// SQL expressions: the hash of the relation `c` (pg_class), and of its column `a` (pg_attribute). Made of
/// names, types, flags and validity, never of deparsed text, so that it survives a server upgrade: kind,
/// constraints and triggers of a table, keys of an index, type and flags of a column.
[[nodiscard]] std::string relation_hash_sql();
[[nodiscard]] std::string column_hash_sql();

/// The recorded objects that differ, one a line, in order of name. Those recorded without a hash are left
/// out.
[[nodiscard]] std::vector<std::string> drifted_objects(connection& on, history_table const& table);

} // namespace schemagate::postgres
