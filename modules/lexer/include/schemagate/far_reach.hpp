// Whether a script changes more than the relations that it locks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schemagate::lexer {

/// Whether what is known of relations may be changed by the script although it takes no lock on them: a type,
/// function, collation, schema or table that they refer to is renamed or altered, a relation is dropped with
/// what depends on it, or a function, DO block or CALL does what its text does not show. False only for
/// scripts of CREATE (but OR REPLACE VIEW), COMMENT, GRANT, REVOKE, INSERT, UPDATE, DELETE, COPY, SET, RESET,
/// BEGIN, COMMIT, ANALYZE, and of ALTER TABLE without RENAME, DROP, SET SCHEMA, ATTACH, DETACH and INHERIT.
/// What a trigger or a default of an INSERT does is not looked for. Never throws for its content; linear in
/// its length.
[[nodiscard]] bool reaches_far(std::string_view script);

/// Whether a script outside a transaction is nothing but CREATE INDEX, REINDEX and DROP INDEX CONCURRENTLY,
/// which change these indexes and nothing that the record holds of anything else. False for an empty one.
[[nodiscard]] bool changes_indexes_alone(std::string_view script);

/// ALTER SCHEMA … RENAME TO …: names as the catalog holds them.
struct schema_renaming
{
    std::string from;
    std::string to;
};

/// Those at the script's top level, in their order.
[[nodiscard]] std::vector<schema_renaming> renamed_schemas(std::string_view script);

} // namespace schemagate::lexer
