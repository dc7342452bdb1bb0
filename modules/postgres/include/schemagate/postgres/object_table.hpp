// schemagate.object: the tables, views, indexes and columns that our migrations made, so that a boot with
// nothing to do still sees one that is gone.
#pragma once

#include <string>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// SQL that brings the record up to date inside the transaction of a migration, after its script.
///
/// What the script made or altered is what this transaction holds an ACCESS EXCLUSIVE lock on (pg_locks):
/// true for subtransactions too, blind to what others do meanwhile, and without parsing SQL. Left out:
/// partitions (they come and go), temporary tables, objects of extensions, and our own schema.
///
/// `may_have_dropped`: relations may be gone (lexer::may_drop()). That is asked of all that are recorded,
/// so its cost grows with them.
[[nodiscard]] std::string record_objects_sql(connection const& on, history_table const& table,
                                             bool may_have_dropped = true);

/// SQL that records these tables, views and indexes, and their columns, as far as they are there: for a
/// migration that was not run, since its objects were there before. A name without a schema is one of the
/// target schema.
[[nodiscard]] std::string record_relations_sql(connection const& on, history_table const& table,
                                               std::vector<lexer::relation_name> const& names);

/// The same after a script that ran outside a transaction, whose locks are gone: what is gone is taken out of
/// the record (columns only if they may be), and these relations, made or altered, are brought up to date.
[[nodiscard]] std::string record_named_objects_sql(connection const& on, history_table const& table,
                                                   std::vector<lexer::relation_name> const& names,
                                                   bool columns_may_be_gone);

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
