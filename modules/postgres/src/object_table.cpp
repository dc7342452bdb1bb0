#include "schemagate/postgres/object_table.hpp"

#include <sstream>

#include "schemagate/postgres/object_drift.hpp"

namespace schemagate::postgres {
namespace {

// Whether a recorded object `o` is there, of its kind and, if an index, valid.
constexpr auto present = R"(EXISTS (
    SELECT FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    WHERE n.nspname = o.schema_name AND c.relname = o.relation_name
      AND (i.indexrelid IS NULL OR (i.indisvalid AND i.indisready))
      AND (o.column_name = '' OR EXISTS (
          SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attname = o.column_name AND NOT a.attisdropped))))";

// Puts what a CTE "made" (oid, nspname, relname, relkind) lists into the record, with its columns.
std::string insert_made_sql(connection const& on, history_table const& table)
{
    auto const mine = on.literal(table.catalog()) + ", " + on.literal(table.target_schema());
    return " INSERT INTO " + table.qualified(on, "object") +
           " (catalog, target_schema, kind, schema_name, relation_name, column_name, hash)"
           " SELECT " +
           mine +
           ", CASE WHEN m.relkind IN ('i', 'I') THEN 'index'"
           "  WHEN m.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, m.nspname, m.relname, '', " +
           relation_hash_sql() +
           " FROM made m JOIN pg_catalog.pg_class c ON c.oid = m.oid"
           " UNION ALL SELECT " +
           mine + ", 'column', m.nspname, m.relname, a.attname, " + column_hash_sql() +
           "  FROM made m JOIN pg_catalog.pg_attribute a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT "
           "a.attisdropped"
           "  WHERE m.relkind NOT IN ('i', 'I')"
           " ON CONFLICT DO NOTHING";
}

// The relations c, in schemas n, that have one of these names.
std::string named_relations_sql(connection const& on, history_table const& table,
                                std::vector<lexer::relation_name> const& names)
{
    std::string list;
    for (auto const& each : names) {
        list += (list.empty() ? "(" : ", (") +
                on.literal(each.schema.empty() ? table.target_schema() : each.schema) + ", " +
                on.literal(each.name) + ")";
    }
    return "pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
           " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I')" +
           (list.empty() ? std::string{" AND false"}
                         : " AND (n.nspname::pg_catalog.text, c.relname::pg_catalog.text) IN (" + list + ")");
}

// A recorded object that is gone here was dropped or renamed by this script: what was missing before was
// refused before the script ran.
std::string forget_missing_sql(connection const& on, history_table const& table)
{
    return "DELETE FROM " + table.qualified(on, "object") + " o WHERE " + table.mine(on) + " AND NOT " +
           present;
}

} // namespace

std::string record_objects_sql(connection const& on, history_table const& table)
{
    return forget_missing_sql(on, table) +
           "; WITH made AS ("
           "  SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_catalog.pg_locks l"
           "  JOIN pg_catalog.pg_class c ON c.oid = l.relation"
           "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
           "  WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid()"
           "   AND l.mode = 'AccessExclusiveLock' AND NOT c.relispartition"
           "   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I') AND c.relpersistence <> 't'"
           "   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', " +
           on.literal(table.schema()) +
           ")"
           "   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = "
           "'pg_catalog.pg_class'::pg_catalog.regclass"
           "    AND d.objid = c.oid AND d.deptype = 'e'))" +
           insert_made_sql(on, table) + "; " + refresh_hashes_sql(on, table, locked_by_us());
}

std::string record_relations_sql(connection const& on, history_table const& table,
                                 std::vector<lexer::relation_name> const& names)
{
    return "WITH made AS (SELECT c.oid, n.nspname, c.relname, c.relkind FROM " +
           named_relations_sql(on, table, names) + ")" + insert_made_sql(on, table);
}

std::string record_named_objects_sql(connection const& on, history_table const& table,
                                     std::vector<lexer::relation_name> const& names)
{
    return forget_missing_sql(on, table) + "; " + record_relations_sql(on, table, names) + "; " +
           refresh_hashes_sql(on, table,
                              "c.oid IN (SELECT c.oid FROM " + named_relations_sql(on, table, names) + ")");
}

std::vector<std::string> existing_relations(connection& on, history_table const& table,
                                            std::vector<lexer::relation_name> const& names)
{
    std::vector<std::string> found;
    auto const answer = on.execute("SELECT n.nspname || '.' || c.relname FROM " +
                                   named_relations_sql(on, table, names) + " ORDER BY 1");
    for (auto const& row : answer.at(0).rows) {
        found.push_back(row.at(0).value_or(""));
    }
    return found;
}

std::string missing_objects_sql(connection const& on, history_table const& table)
{
    return "coalesce((SELECT pg_catalog.string_agg(o.kind || ' ' || o.schema_name || '.' || o.relation_name "
           "||"
           " CASE WHEN o.column_name = '' THEN '' ELSE '.' || o.column_name END, pg_catalog.chr(10)"
           " ORDER BY o.schema_name, o.relation_name, o.column_name)"
           " FROM " +
           table.qualified(on, "object") + " o WHERE " + table.mine(on) + " AND NOT " + present + "), '')";
}

std::vector<std::string> missing_objects(connection& on, history_table const& table)
{
    return object_lines(
        on.execute("SELECT " + missing_objects_sql(on, table)).at(0).rows.at(0).at(0).value_or(""));
}

std::vector<std::string> object_lines(std::string const& text)
{
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    return lines;
}

} // namespace schemagate::postgres
