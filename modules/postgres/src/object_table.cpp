#include "schemagate/postgres/object_table.hpp"

#include <sstream>

#include "schemagate/postgres/object_drift.hpp"

namespace schemagate::postgres {
namespace {

// Whether a recorded object `o` is there, of its kind and, if an index, valid. That of a partitioned table is
// not until each partition has its own (PostgreSQL documentation, "5.11.2.2 Partition Maintenance").
constexpr auto present = R"(EXISTS (
    SELECT FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
    WHERE n.nspname = o.schema_name AND c.relname = o.relation_name
      AND (i.indexrelid IS NULL OR c.relkind = 'I' OR (i.indisvalid AND i.indisready))
      AND (o.column_name = '' OR EXISTS (
          SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attname = o.column_name AND NOT a.attisdropped))))";

// A name of the catalogs as the record holds it, and of the record as the catalogs hold it: with another type
// or collation on one side no index could be used.
constexpr auto as_recorded = "::pg_catalog.text COLLATE pg_catalog.\"default\"";
constexpr auto as_name = "::pg_catalog.name";

std::string touched_columns()
{
    return std::string{"c.oid, c.relkind, n.nspname"} + as_recorded + " AS nspname, c.relname" + as_recorded +
           " AS relname, ";
}

// Whether it is an index of a partition, which goes with it.
std::string of_a_partition(std::string const& index)
{
    return "EXISTS (SELECT FROM pg_catalog.pg_index its JOIN pg_catalog.pg_class whole ON whole.oid = "
           "its.indrelid"
           " WHERE its.indexrelid = " +
           index + " AND whole.relispartition)";
}

// Brings the record of what a CTE "touched" (oid, relkind, nspname, relname, made, altered) lists up to date,
// columns included: what a script made is recorded, of the others only what is recorded already. Its hash is
// unknown from here on: refresh_hashes_sql() finds it at the end of the boot, once for all. From the few
// relations to the many rows of the record, by its primary key, so that the cost does not grow with the
// record; and few joins, since the server plans them for each migration.
std::string update_touched_sql(connection const& on, history_table const& table)
{
    auto const mine = on.literal(table.catalog()) + ", " + on.literal(table.target_schema());
    auto const object = table.qualified(on, "object");
    return ", kept AS MATERIALIZED (SELECT * FROM touched t WHERE t.made OR EXISTS (SELECT FROM " + object +
           " o WHERE " + table.mine(on) +
           " AND o.schema_name = t.nspname AND o.relation_name = t.relname AND o.column_name = ''))"
           " INSERT INTO " +
           object +
           " AS u (catalog, target_schema, kind, schema_name, relation_name, column_name, hash)"
           " SELECT " +
           mine +
           ", CASE WHEN k.relkind IN ('i', 'I') THEN 'index'"
           "  WHEN k.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, k.nspname, k.relname, '', ''"
           " FROM kept k UNION ALL SELECT " +
           mine +
           ", 'column', k.nspname, k.relname, a.attname, '' FROM kept k"
           "  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.oid AND a.attnum > 0 AND NOT a.attisdropped"
           "  WHERE k.altered AND k.relkind NOT IN ('i', 'I')"
           " ON CONFLICT (catalog, target_schema, schema_name, relation_name, column_name)"
           " DO UPDATE SET hash = '' WHERE u.hash <> ''";
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

// The CTEs "schemas" and "gone": recorded relations that are not there. Of all that are recorded, since not
// every way of going leaves a lock; but not of all columns, which are many more.
std::string gone_relations_sql(connection const& on, history_table const& table)
{
    return std::string{"schemas AS MATERIALIZED (SELECT n.oid, n.nspname"} + as_recorded +
           " AS nspname FROM pg_catalog.pg_namespace n), gone AS MATERIALIZED ("
           "  SELECT o.schema_name, o.relation_name FROM " +
           table.qualified(on, "object") + " o LEFT JOIN schemas s ON s.nspname = o.schema_name WHERE " +
           table.mine(on) +
           "  AND o.column_name = '' AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c"
           "   WHERE c.relnamespace = s.oid AND c.relname = o.relation_name" +
           as_name +
           "   AND NOT c.relispartition"
           "   AND (c.relkind = 'I' OR c.oid NOT IN (SELECT i.indexrelid FROM pg_catalog.pg_index i"
           "    WHERE NOT (i.indisvalid AND i.indisready)))))";
}

std::string delete_gone_sql(connection const& on, history_table const& table)
{
    return "DELETE FROM " + table.qualified(on, "object") + " o USING gone g WHERE " + table.mine(on) +
           " AND o.schema_name = g.schema_name AND o.relation_name = g.relation_name";
}

// The columns that are gone from relations that are there: of those "FROM " + `relations`, which yields the
// names and oid of t.
std::string forget_columns_of_sql(connection const& on, history_table const& table,
                                  std::string const& relations)
{
    return "DELETE FROM " + table.qualified(on, "object") + " o USING " + relations + " WHERE " +
           table.mine(on) +
           " AND o.column_name <> '' AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a"
           " WHERE a.attrelid = t.oid AND a.attname = o.column_name" +
           as_name + " AND NOT a.attisdropped)";
}

// The same for those that a CTE "touched" lists. Looked for by the primary key: the plan is made when the
// record is small, and stays when it has grown.
std::string forget_touched_columns_sql(connection const& on, history_table const& table)
{
    auto const object = table.qualified(on, "object");
    return "DELETE FROM " + object +
           " WHERE ctid = ANY (ARRAY(SELECT o.ctid FROM touched t CROSS JOIN LATERAL ("
           "SELECT x.ctid, x.column_name FROM " +
           object + " x WHERE " + table.mine(on) +
           " AND x.schema_name = t.nspname AND x.relation_name = t.relname AND x.column_name <> '' OFFSET 0) "
           "o"
           " WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid"
           " AND a.attname = o.column_name" +
           as_name + " AND NOT a.attisdropped)))";
}

// The relations of this transaction's locks that a change of the schema takes. Who makes, alters, drops or
// renames a column holds the strongest of them on its relation.
std::string touched_by_us_sql(connection const& on, history_table const& table)
{
    return "locks AS MATERIALIZED (SELECT l.relation, l.mode FROM pg_catalog.pg_locks l"
           "  WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid()"
           "   AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',"
           "    'ExclusiveLock', 'AccessExclusiveLock')), touched AS MATERIALIZED (SELECT t.*, t.altered AND "
           "t.ordinary AND NOT EXISTS ("
           "   SELECT FROM pg_catalog.pg_depend d WHERE d.classid = "
           "'pg_catalog.pg_class'::pg_catalog.regclass"
           "    AND d.objid = t.oid AND d.deptype = 'e') AND NOT " +
           of_a_partition("t.oid") + " AS made FROM (SELECT " + touched_columns() +
           "  pg_catalog.bool_or(l.mode = 'AccessExclusiveLock') AS altered,"
           "  NOT c.relispartition AND c.relpersistence <> 't'"
           "   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', " +
           on.literal(table.schema()) +
           ") AS ordinary"
           "  FROM locks l"
           "  JOIN pg_catalog.pg_class c ON c.oid = l.relation"
           "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
           "  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I')"
           "  GROUP BY c.oid, c.relkind, c.relispartition, c.relpersistence, c.relname, n.nspname) t)";
}

} // namespace

std::string forget_relations_sql(connection const& on, history_table const& table)
{
    return "WITH " + gone_relations_sql(on, table) + " " + delete_gone_sql(on, table);
}

std::string record_objects_sql(connection const& on, history_table const& table, bool columns_may_be_gone)
{
    auto const touched = "WITH " + touched_by_us_sql(on, table);
    if (columns_may_be_gone) {
        return touched + ", forgot AS (" + forget_touched_columns_sql(on, table) + ")" +
               update_touched_sql(on, table);
    }
    // A function, trigger or view may have dropped something, which the script's text does not show: then a
    // lock is left of what is not there any more.
    return touched + ", " + gone_relations_sql(on, table) + ", forgot AS (" + delete_gone_sql(on, table) +
           " AND EXISTS (SELECT FROM locks l WHERE l.mode = 'AccessExclusiveLock'"
           " AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation)))" +
           update_touched_sql(on, table);
}

std::string record_relations_sql(connection const& on, history_table const& table,
                                 std::vector<lexer::relation_name> const& names)
{
    auto const arrays = relation_arguments(on, table, names);
    return record_relations_sql(on, table, arrays.at(0).value, arrays.at(1).value);
}

std::vector<statement_argument> relation_arguments(connection const& on, history_table const& table,
                                                   std::vector<lexer::relation_name> const& names)
{
    std::string schemas;
    std::string relations;
    for (auto const& each : names) {
        auto const* const comma = schemas.empty() ? "" : ", ";
        schemas += comma + on.literal(each.schema.empty() ? table.target_schema() : each.schema);
        relations += comma + on.literal(each.name);
    }
    constexpr auto end = "]::pg_catalog.text[]"; // an empty array has no type of its own
    return {{"text[]", "ARRAY[" + schemas + end}, {"text[]", "ARRAY[" + relations + end}};
}

std::string record_relations_sql(connection const& on, history_table const& table, std::string const& schemas,
                                 std::string const& relations)
{
    return "WITH touched AS (SELECT DISTINCT " + touched_columns() + "NOT (c.relispartition OR " +
           of_a_partition("c.oid") + ") AS made, true AS altered FROM ROWS FROM (pg_catalog.unnest(" +
           schemas + "), pg_catalog.unnest(" + relations +
           ")) AS named (schema_name, relation_name)"
           " JOIN pg_catalog.pg_namespace n ON n.nspname = named.schema_name" +
           as_name +
           " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.relation_name" +
           as_name + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I'))" +
           update_touched_sql(on, table);
}

std::string forget_columns_sql(connection const& on, history_table const& table)
{
    return forget_columns_of_sql(on, table,
                                 "pg_catalog.pg_class t JOIN pg_catalog.pg_namespace n"
                                 " ON n.oid = t.relnamespace") +
           " AND n.nspname = o.schema_name" + as_name + " AND t.relname = o.relation_name" + as_name;
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
