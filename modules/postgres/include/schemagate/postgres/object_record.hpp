// Whether the record of objects was emptied.
#pragma once

#include <string>
#include <vector>

#include "schemagate/created_relations.hpp"
#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// Those of `names` that are there and that a migration would have recorded, as "schema.name", in order of
/// name; none where anything at all is recorded for this catalog and target schema. A name without a schema
/// is one of the target schema. Left out like in the record: partitions.
[[nodiscard]] std::vector<std::string> unrecorded_relations(connection& on, history_table const& table,
                                                            std::vector<lexer::relation_name> const& names);

} // namespace schemagate::postgres
