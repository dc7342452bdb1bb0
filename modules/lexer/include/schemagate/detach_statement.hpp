// ALTER TABLE … DETACH PARTITION … CONCURRENTLY, which may be left half done, and is then to be finalized.
#pragma once

#include <optional>
#include <string_view>

#include "schemagate/created_relations.hpp"

namespace schemagate::lexer {

struct detach_statement
{
    relation_name table;
    relation_name partition;
};

/// Names are folded as PostgreSQL folds them; a schema is "" where the statement gives none. nullopt for any
/// other statement. Never throws for its content.
[[nodiscard]] std::optional<detach_statement> read_detach_statement(std::string_view statement);

} // namespace schemagate::lexer
