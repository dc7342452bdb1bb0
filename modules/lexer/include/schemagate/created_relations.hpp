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
/// INDEX statements, in order. Left out: temporary ones, those inside DO blocks and functions, names written
/// as U&"…", and indexes without a name. An index has its table's schema. Never throws for its content.
[[nodiscard]] std::vector<relation_name> created_relations(std::string_view script);

} // namespace schemagate::lexer
