// The whole schema as one text, for people who review what migrations change.
#pragma once

#include <string>

#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

/// What belongs to Schemagate itself and is left out: the history's schema, or its tables where that is the
/// target schema as well.
struct snapshot_scope
{
    std::string history_schema;
    std::string target_schema;
};

/// The canonical text of the database's schema: one block per object, in order of kind and name (by bytes),
/// UTF-8, LF. A line that goes on is continued with "    |".
///
/// Holds schemas, extensions, foreign servers, collations, types, sequences, tables (columns, constraints,
/// indexes, triggers, rules, policies, statistics), views, functions with their bodies, event triggers,
/// comments, and grants other than the owner's that differ from PostgreSQL's default. Leaves out owners,
/// OIDs, data, what belongs to an extension, system schemas, user mappings and the options of servers (they
/// can hold secrets), operators, casts and text search.
///
/// Equal for equal schemas on one major version, whatever the search_path, the locale, or the settings of
/// role and database; expressions are the server's own text, which another major version may write
/// otherwise. Reads only, in a transaction of its own. Throws sql_error.
[[nodiscard]] std::string schema_snapshot(connection& on, snapshot_scope const& scope);

} // namespace schemagate::postgres
