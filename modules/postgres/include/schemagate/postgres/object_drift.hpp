// Objects that are there, but not as the last migration left them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schemagate/far_reach.hpp"
#include "schemagate/postgres/history_table.hpp"

namespace schemagate::postgres {

/// SQL expressions: the hash of the relation `c` (pg_class), and of its column `a` (pg_attribute). Made of
/// names, types, flags and validity, never of deparsed text, so that it survives a server upgrade: kind,
/// constraints and triggers of a table, keys of an index, type and flags of a column.
[[nodiscard]] std::string relation_hash_sql();
[[nodiscard]] std::string column_hash_sql();

/// Names a row of schemagate.object.
struct object_key
{
    std::string kind; ///< "table", "view", "index", "column"
    std::string schema;
    std::string relation;
    std::string column; ///< "" for the relation itself

    /// "column public.t.name"
    [[nodiscard]] std::string words() const
    {
        return kind + " " + schema + "." + relation + (column.empty() ? "" : "." + column);
    }
};

/// Those that differ from their record now: before a script runs, so that it is not taken for its doing.
[[nodiscard]] std::vector<object_key> drifted_keys(connection& on, history_table const& table);

/// SQL that takes over what recorded objects are like: those whose hash is not known (a migration touched
/// them); with `all_but`, after a script that reaches further than its locks (a renamed type is another one
/// in the hash of every column that has it, and no lock of their tables tells), all others too, but for
/// these, which stay reported. That costs what the whole record costs.
[[nodiscard]] std::string refresh_hashes_sql(connection const& on, history_table const& table,
                                             std::optional<std::vector<object_key>> const& all_but);

/// SQL that moves the record along with schemas that a script has renamed; "" for none.
[[nodiscard]] std::string follow_schemas_sql(connection const& on, history_table const& table,
                                             std::vector<lexer::schema_renaming> const& renamed);

/// The recorded objects that differ, one a line, in order of name. Those recorded without a hash are left
/// out.
[[nodiscard]] std::vector<std::string> drifted_objects(connection& on, history_table const& table);

} // namespace schemagate::postgres
