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

// The table of an index, and any other relation itself.
std::string table_of(std::string const& relation)
{
    return "coalesce((SELECT its.indrelid FROM pg_catalog.pg_index its WHERE its.indexrelid = " + relation +
           "), " + relation + ")";
}

// Whether it is a partition, or an index of one: they come and go.
std::string of_a_partition(std::string const& relation)
{
    return "EXISTS (SELECT FROM pg_catalog.pg_class whole WHERE whole.relispartition AND whole.oid = " +
           table_of(relation) + ")";
}

// Whether a row of the catalogs that we can see was written by this transaction, savepoints and blocks with
// an EXCEPTION included: in progress, it cannot be another's. `x` is its xmin, `me` the CTE below. An xmin is
// 32 bits, and that of a frozen row may be of an earlier round: what nobody can have given away by now (a
// script's savepoints allowed for) is one of those, and no status is asked of it.
constexpr auto me_sql = "me AS MATERIALIZED (SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text"
                        "::pg_catalog.int8 AS top, pg_catalog.pg_snapshot_xmax("
                        "pg_catalog.pg_current_snapshot())::pg_catalog.text::pg_catalog.int8 AS next)";

std::string written_by_us(std::string const& x)
{
    auto const full = std::string{"f.full_id"};
    return "(SELECT CASE WHEN " + full + " < me.next THEN pg_catalog.pg_xact_status(" + full +
           "::pg_catalog.text::pg_catalog.xid8) = 'in progress'"
           " ELSE " +
           full +
           " < greatest(me.next, me.top) + 1000000 END FROM me CROSS JOIN LATERAL (SELECT me.top + ((" + x +
           "::pg_catalog.text::pg_catalog.int8 - me.top) & 4294967295) AS full_id) f)";
}

// Brings the record of what a CTE "touched" (oid, relkind, nspname, relname, made, altered, renewed) lists up
// to date, columns included: what a script made is recorded, of the others only what is recorded already, and
// of their columns also those that `ours` says it made. Its hash is unknown from here on:
// refresh_hashes_sql() finds it at the end of the boot, once for all. From the few relations to the many rows
// of the record, by its primary key, so that the cost does not grow with the record; and few joins, since the
// server plans them for each migration.
std::string update_touched_sql(connection const& on, history_table const& table, std::string const& ours)
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
           "  WHERE k.altered AND k.relkind NOT IN ('i', 'I') AND ((a.attislocal AND (k.renewed OR " +
           ours + ")) OR EXISTS (SELECT FROM " + object + " o WHERE " + table.mine(on) +
           " AND o.schema_name = k.nspname AND o.relation_name = k.relname"
           " AND o.column_name = a.attname" +
           as_recorded +
           "))"
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

// Whether c is none of our own tables, nor an index of one.
std::string none_of_ours(connection const& on, history_table const& table)
{
    return "NOT (n.nspname = " + on.literal(table.schema()) +
           " AND EXISTS (SELECT FROM pg_catalog.pg_class whole WHERE whole.relname IN"
           " ('history', 'object', 'hold') AND whole.oid = " +
           table_of("c.oid") + "))";
}

// Whether t belongs to a table that others are derived from, and neither its script nor one before it says
// so: what a function makes for a while, and its retention drops.
std::string derived_unnamed(connection const& on, history_table const& table, std::string const& named)
{
    return "EXISTS (SELECT FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class whole"
           " ON whole.oid = h.inhrelid JOIN pg_catalog.pg_namespace s ON s.oid = whole.relnamespace"
           " WHERE h.inhrelid = " +
           table_of("t.oid") + " AND whole.relname <> ALL (" + named + ") AND NOT EXISTS (SELECT FROM " +
           table.qualified(on, "object") + " o WHERE " + table.mine(on) + " AND o.schema_name = s.nspname" +
           as_recorded + " AND o.relation_name = whole.relname" + as_recorded + " AND o.column_name = ''))";
}

// Whether the index t of a table that was there before is another's, made anew because the type of a column
// changed: it was dropped, and the script names none so.
std::string made_anew(std::string const& named)
{
    return "(t.relkind IN ('i', 'I') AND t.relname <> ALL (" + named +
           ") AND EXISTS (SELECT FROM locks l WHERE l.mode = 'AccessExclusiveLock' AND NOT EXISTS"
           " (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation)) AND EXISTS (SELECT FROM"
           " pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0"
           " WHERE i.indexrelid = t.oid AND NOT i.indisprimary AND " +
           written_by_us("a.xmin") +
           " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid ="
           " 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = i.indrelid AND d.objsubid = 0 AND " +
           written_by_us("d.xmin") + ")))";
}

// The relations of this transaction's locks that a change of the schema takes. Who makes, alters, drops or
// renames a column holds the strongest of them on its relation. Made is what was not there before: what a
// relation depends on is written once, when it is made or moved. What got another name is ours if one that is
// recorded is gone. A relation whose type was written is new, or has another name.
std::string touched_by_us_sql(connection const& on, history_table const& table, std::string const& named)
{
    auto const depends = std::string{"EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid ="
                                     " 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = "};
    return "locks AS MATERIALIZED (SELECT l.relation, l.mode FROM pg_catalog.pg_locks l"
           "  WHERE l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid()"
           "   AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',"
           "    'ExclusiveLock', 'AccessExclusiveLock')), " +
           std::string{me_sql} + ", " + gone_relations_sql(on, table) +
           ", touched AS MATERIALIZED (SELECT t.*, t.renewed AND t.ordinary AND (t.created OR EXISTS"
           " (SELECT FROM gone)) AND NOT " +
           depends + "t.oid AND d.deptype = 'e') AND NOT " + of_a_partition("t.oid") + " AND NOT " +
           derived_unnamed(on, table, named) + " AND NOT " + made_anew(named) +
           " AS made FROM (SELECT l.*, l.created OR (l.altered AND EXISTS (SELECT FROM pg_catalog.pg_type y"
           " WHERE y.oid = l.reltype AND " +
           written_by_us("y.xmin") + ")) AS renewed FROM (SELECT " + touched_columns() +
           "  c.reltype, l.altered, l.altered AND " + depends + "c.oid AND d.objsubid = 0 AND " +
           written_by_us("d.xmin") +
           ") AS created, c.relpersistence <> 't'"
           "   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND " +
           none_of_ours(on, table) +
           " AS ordinary"
           "  FROM (SELECT relation, pg_catalog.bool_or(mode = 'AccessExclusiveLock') AS altered FROM locks"
           "   GROUP BY relation) l"
           "  JOIN pg_catalog.pg_class c ON c.oid = l.relation"
           "  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
           "  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'i', 'I')) l) t)";
}

} // namespace

std::string forget_relations_sql(connection const& on, history_table const& table)
{
    return "WITH " + gone_relations_sql(on, table) + " " + delete_gone_sql(on, table);
}

std::string forget_partitions_sql(connection const& on, history_table const& table)
{
    return "DELETE FROM " + table.qualified(on, "object") +
           " o USING pg_catalog.pg_namespace n, pg_catalog.pg_class c WHERE n.nspname = "
           "o.schema_name::pg_catalog.name AND c.relnamespace = n.oid AND c.relname = "
           "o.relation_name::pg_catalog.name AND " +
           table.mine(on) + " AND " + of_a_partition("c.oid");
}

std::string record_objects_sql(connection const& on, history_table const& table, bool columns_may_be_gone,
                               std::string const& named)
{
    auto const touched = "WITH " + touched_by_us_sql(on, table, named);
    auto const update = update_touched_sql(on, table, written_by_us("a.xmin"));
    if (columns_may_be_gone) {
        return touched + ", forgot AS (" + forget_touched_columns_sql(on, table) + ")" + update;
    }
    // A function, trigger or view may have dropped something, which the script's text does not show: then a
    // lock is left of what is not there any more.
    return touched + ", forgot AS (" + delete_gone_sql(on, table) +
           " AND EXISTS (SELECT FROM locks l WHERE l.mode = 'AccessExclusiveLock'"
           " AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation)))" +
           update;
}

std::string record_relations_sql(connection const& on, history_table const& table,
                                 std::vector<lexer::relation_name> const& names)
{
    return "WITH touched AS (SELECT " + touched_columns() + "NOT " + of_a_partition("c.oid") +
           " AS made, true AS altered, true AS renewed FROM " + named_relations_sql(on, table, names) + ")" +
           update_touched_sql(on, table, "false");
}

std::string record_new_index_sql(connection const& on, history_table const& table, std::string const& row,
                                 std::string const& name)
{
    // Of the mark (step_attempt.hpp): the table, and the indexes that it had before the attempt.
    auto const part = [](char const* which) {
        return "pg_catalog.split_part(h.steps_digest, ':', " + std::string{which} + ")";
    };
    return "WITH touched AS (SELECT t.*, true AS made, false AS altered, true AS renewed FROM (SELECT " +
           touched_columns() + "i.indisvalid FROM " + table.qualified(on, "history") +
           " h JOIN pg_catalog.pg_index i ON i.indrelid::pg_catalog.text = " + part("4") +
           " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
           " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE h.id = " +
           row + " AND i.indexrelid::pg_catalog.text <> ALL (pg_catalog.string_to_array(" + part("5") +
           ", ',')) AND (c.relname" + as_recorded + " = " + name + " OR (" + name +
           " = '' AND c.relname ~ '_idx[0-9]*$')) ORDER BY i.indexrelid DESC LIMIT 1) t"
           " WHERE t.indisvalid AND NOT " +
           of_a_partition("t.oid") + " AND NOT " + derived_unnamed(on, table, "'{}'::pg_catalog.text[]") +
           ")" + update_touched_sql(on, table, "false");
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
