// What a statement does to indexes, so that an index that a crash left not valid can be found and made again.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "schemagate/created_relations.hpp"

namespace schemagate::lexer {

enum class index_action
{
    create,
    drop,
    reindex_index,
    reindex_table,    ///< every index of `table`
    reindex_schema,   ///< every index of the schema `names.front().schema`
    reindex_database, ///< DATABASE and SYSTEM: of the database one is connected to
};

struct index_statement
{
    index_action action = index_action::create;
    bool concurrently = false;
    bool if_exists = false;     ///< DROP INDEX IF EXISTS
    bool if_not_exists = false; ///< CREATE INDEX IF NOT EXISTS
    bool unique = false;        ///< CREATE UNIQUE INDEX
    /// The indexes: one for create (its schema is the table's, its name "" where the statement gives none, so
    /// that the server chooses it) and for reindex_index, any number for drop, none for reindex_table and
    /// reindex_database; for reindex_schema one with a schema and no name.
    std::vector<relation_name> names{};
    relation_name table{}; ///< create and reindex_table
    /// create: where what follows the table's name begins, as a byte of the statement: USING, (…), WHERE, …
    std::size_t definition = 0;
};

/// Reads CREATE [UNIQUE] INDEX, DROP INDEX and REINDEX. Names are folded as PostgreSQL folds them; a schema
/// is
/// "" where the statement gives none. nullopt for any other statement, and for one that lacks a name that
/// its grammar asks for. Never throws for its content.
[[nodiscard]] std::optional<index_statement> read_index_statement(std::string_view statement);

} // namespace schemagate::lexer
