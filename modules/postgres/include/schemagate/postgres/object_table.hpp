// schemagate.object: the tables, views, indexes and columns that our migrations made, so that a boot with
// nothing to do still sees one that is gone.
#pragma once

#include <string>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "schemagate/postgres/history_table.hpp"
#include "schemagate/postgres/prepared_statements.hpp"

namespace schemagate::postgres {

/// SQL that brings the record up to date inside the transaction of a migration, after its script and before
/// forget_relations_sql().
///
/// What the script made or altered is what this transaction holds an ACCESS EXCLUSIVE lock on (pg_locks):
/// true for subtransactions too, blind to what others do meanwhile, and without parsing SQL. Recorded is what
/// it made, which the catalogs' rows tell (xmin): relations, and columns of relations that are recorded; and
/// what has another name now. Left out: partitions and, unless the script names them, tables derived from
/// others (they come and go), temporary tables, objects of extensions, and our own tables.
///
/// `columns_may_be_gone`: from relations that are still there (lexer::may_drop()). `named`: an array of text,
/// the relations that the script's CREATE statements name.
[[nodiscard]] std::string record_objects_sql(connection const& on, history_table const& table,
                                             bool columns_may_be_gone, std::string const& named);

/// SQL that takes out of the record what has become a partition since, also by others: partitions come and
/// go.
[[nodiscard]] std::string forget_partitions_sql(connection const& on, history_table const& table);

/// SQL that takes out of the record what is gone with its relation, or is an index that is not valid:
/// dropped, renamed or moved by this script (lexer::may_drop()), with its schema too. What was missing before
/// was refused before the script ran. Its cost grows with the record.
[[nodiscard]] std::string forget_relations_sql(connection const& on, history_table const& table);

/// SQL that records these tables, views and indexes, and their columns, as far as they are there: for a
/// migration that was not run, since its objects were there before. A name without a schema is one of the
/// target schema.
[[nodiscard]] std::string record_relations_sql(connection const& on, history_table const& table,
                                               std::vector<lexer::relation_name> const& names);

/// SQL that records the index that a statement outside a transaction has just built: the one with this name
/// ("": that the server named) that was not there when this row of the history was marked (step_attempt.hpp).
[[nodiscard]] std::string record_new_index_sql(connection const& on, history_table const& table,
                                               std::string const& row, std::string const& name);

/// SQL that takes out of the record the columns that are gone from relations that are there, for a script
/// whose locks are gone. Its cost grows with the record.
[[nodiscard]] std::string forget_columns_sql(connection const& on, history_table const& table);

/// Those of `names` that are there, as "schema.name".
[[nodiscard]] std::vector<std::string> existing_relations(connection& on, history_table const& table,
                                                          std::vector<lexer::relation_name> const& names);

/// A scalar subquery: the recorded objects that are missing or not valid, one a line, as text, in order of
/// name; empty if none.
[[nodiscard]] std::string missing_objects_sql(connection const& on, history_table const& table);

/// The same, asked in the transaction that is open on `on`.
[[nodiscard]] std::vector<std::string> missing_objects(connection& on, history_table const& table);

/// One a line, as missing_objects_sql() gives them.
[[nodiscard]] std::vector<std::string> object_lines(std::string const& text);

} // namespace schemagate::postgres
