// The tables that a statement's foreign keys point to.
#pragma once

#include <string_view>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {

/// Behind REFERENCES in CREATE TABLE, CREATE SCHEMA and ALTER TABLE, in order; none for other statements.
/// `backslash_escapes`: how the statement's strings are read (lexer.hpp).
[[nodiscard]] std::vector<relation_name> referenced_relations(statement_head head, std::string_view text,
                                                              bool backslash_escapes);

} // namespace schemagate::lexer
