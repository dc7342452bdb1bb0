// schemagate.object: the tables, views, indexes and columns that our migrations made, so that a boot with
// nothing to do still sees one that is gone.
#pragma once

#include <string>
#include <vector>

#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// SQL that brings the record up to date inside the transaction of a migration, after its script.
///
/// What the script made or altered is what this transaction holds an ACCESS EXCLUSIVE lock on (pg_locks):
/// true for subtransactions too, blind to what others do meanwhile, and without parsing SQL. Left out:
/// partitions (they come and go), temporary tables, objects of extensions, and our own schema.
[[nodiscard]] std::string record_objects_sql(connection const& on, history_table const& table);

/// A scalar subquery: the recorded objects that are missing or not valid, one a line, as text, in order of
/// name; empty if none.
[[nodiscard]] std::string missing_objects_sql(connection const& on, history_table const& table);

/// The same, asked in the transaction that is open on `on`.
[[nodiscard]] std::vector<std::string> missing_objects(connection& on, history_table const& table);

/// One a line, as missing_objects_sql() gives them.
[[nodiscard]] std::vector<std::string> object_lines(std::string const& text);

} // namespace schemagate::postgres
