// Which tables, views and indexes a script says it makes: what to look for where a database may hold them
// already.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace schemagate::lexer {

/// A relation's name as a CREATE statement gives it, folded as PostgreSQL folds identifiers.
struct relation_name
{
    std::string schema; ///< "" where the statement names none
    std::string name;

    friend bool operator==(relation_name const&, relation_name const&) = default;
};

/// The relations of the script's CREATE TABLE, CREATE [MATERIALIZED] VIEW, CREATE FOREIGN TABLE and CREATE
/// INDEX statements, in order. Left out: temporary ones, those inside DO blocks and functions, and indexes
/// without a name. An index has its table's schema. Never throws for its content.
[[nodiscard]] std::vector<relation_name> created_relations(std::string_view script);

/// One relation that a script makes, and whether that fails where the relation is there already: it does
/// unless the statement says IF NOT EXISTS or OR REPLACE.
struct creation
{
    relation_name relation;
    bool must_be_new = true;
};

/// The relations that the script is sure to make as its first acts: those before any statement that might
/// change the role, the search_path or what is there (SET, DO, SELECT, DROP, ALTER, CREATE EXTENSION,
/// temporary tables, …). For whoever wants to know beforehand, and without guessing, how its beginning will
/// end. Never throws for its content.
[[nodiscard]] std::vector<creation> first_creations(std::string_view script);

} // namespace schemagate::lexer
