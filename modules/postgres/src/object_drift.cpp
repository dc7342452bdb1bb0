#include "schemagate/postgres/object_drift.hpp"

namespace schemagate::postgres {
namespace {

// A recorded object `o` with its relation `c` and, for a column, its attribute `a`.
constexpr auto recorded_and_there = R"(
    JOIN pg_catalog.pg_namespace n ON n.nspname = o.schema_name::pg_catalog.name
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = o.relation_name::pg_catalog.name
    LEFT JOIN pg_catalog.pg_attribute a ON o.column_name <> '' AND a.attrelid = c.oid
         AND a.attname = o.column_name::pg_catalog.name AND NOT a.attisdropped
    WHERE (o.column_name = '' OR a.attnum IS NOT NULL))";

// A foreign key to a partitioned table has a constraint for each of its partitions beside it: they come and
// go, and PostgreSQL 18 gives them other names.
constexpr auto of_no_partition = " AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint parent"
                                 " WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid)";

// Not md5(), which servers in FIPS mode refuse.
std::string hash_of(std::string const& text)
{
    return "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(" + text + ", 'UTF8')), 'hex')";
}

// A hash of the releases that wrote md5() is like none, until a leader refreshes it.
constexpr auto is_hash = "pg_catalog.length(o.hash) = 64";

std::string object_hash_sql()
{
    return "CASE WHEN o.column_name = '' THEN " + relation_hash_sql() + " ELSE " + column_hash_sql() + " END";
}

} // namespace

std::string relation_hash_sql()
{
    // Without NOT NULL constraints (contype n): only PostgreSQL 18 lists them there, and the column has the
    // flag. What a relation cannot have is not looked for: that of an index is NULL, as it would be.
    return hash_of(std::string{R"(pg_catalog.concat_ws('|', c.relkind, c.relpersistence, c.relrowsecurity,
        c.relforcerowsecurity,
        CASE WHEN c.relkind NOT IN ('i', 'I') THEN (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', k.conname, k.contype, k.convalidated,
                k.condeferrable, k.condeferred, k.confupdtype, k.confdeltype,
                (SELECT r.relname FROM pg_catalog.pg_class r WHERE r.oid = k.confrelid)), ',' ORDER BY k.conname)
           FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n')"} +
                   of_no_partition + R"() END,
        CASE WHEN c.relhastriggers THEN (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', t.tgname, t.tgenabled, t.tgtype, p.proname), ','
                ORDER BY t.tgname)
           FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
          WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) END,
        CASE WHEN c.relkind IN ('i', 'I') THEN (SELECT pg_catalog.concat_ws(' ', i.indisunique, i.indisprimary, i.indnkeyatts, i.indoption::pg_catalog.text,
                i.indpred IS NOT NULL, m.amname,
                (SELECT pg_catalog.string_agg(x.attname, ',' ORDER BY x.attnum)
                   FROM pg_catalog.pg_attribute x WHERE x.attrelid = c.oid))
           FROM pg_catalog.pg_index i JOIN pg_catalog.pg_am m ON m.oid = c.relam WHERE i.indexrelid = c.oid) END))");
}

std::string column_hash_sql()
{
    return hash_of(R"(pg_catalog.concat_ws('|', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
        a.atthasdef, a.attidentity, a.attgenerated,
        (SELECT l.collname FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation)))");
}

std::vector<object_key> drifted_keys(connection& on, history_table const& table)
{
    std::vector<object_key> keys;
    if (!table.is_complete(on)) { // made by a release that recorded no hashes: nothing is known to differ
        return keys;
    }
    auto const answer = on.execute(
        "SELECT o.kind, o.schema_name, o.relation_name, o.column_name FROM " + table.qualified(on, "object") +
        " o" + recorded_and_there + " AND " + table.mine(on) + " AND " + is_hash + " AND o.hash <> " +
        object_hash_sql() + " ORDER BY o.schema_name, o.relation_name, o.column_name");
    for (auto const& row : answer.at(0).rows) {
        keys.push_back(
            {row.at(0).value_or(""), row.at(1).value_or(""), row.at(2).value_or(""), row.at(3).value_or("")});
    }
    return keys;
}

std::string refresh_hashes_sql(connection const& on, history_table const& table,
                               std::optional<std::vector<object_key>> const& all_but)
{
    std::string which = std::string{" AND (NOT "} + is_hash;
    if (all_but) {
        std::string list;
        for (auto const& each : *all_but) {
            list += (list.empty() ? "(" : ", (") + on.literal(each.schema) + ", " +
                    on.literal(each.relation) + ", " + on.literal(each.column) + ")";
        }
        which += list.empty() ? " OR true"
                              : " OR (o.schema_name, o.relation_name, o.column_name) NOT IN (" + list + ")";
    }
    return "UPDATE " + table.qualified(on, "object") +
           " u SET hash = s.hash FROM (SELECT o.schema_name, o.relation_name, o.column_name, " +
           object_hash_sql() + " AS hash FROM " + table.qualified(on, "object") + " o" + recorded_and_there +
           " AND " + table.mine(on) + which + ")) s WHERE " + table.mine(on) +
           " AND u.schema_name = s.schema_name AND u.relation_name = s.relation_name"
           " AND u.column_name = s.column_name AND u.hash <> s.hash";
}

std::string follow_schemas_sql(connection const& on, history_table const& table,
                               std::vector<lexer::schema_renaming> const& renamed)
{
    std::string sql;
    for (auto const& [from, to] : renamed) {
        sql += "UPDATE " + table.qualified(on, "object") + " SET schema_name = " + on.literal(to) +
               " WHERE " + table.mine(on) + " AND schema_name = " + on.literal(from) + "; ";
    }
    return sql;
}

std::vector<std::string> drifted_objects(connection& on, history_table const& table)
{
    std::vector<std::string> names;
    for (auto const& each : drifted_keys(on, table)) {
        names.push_back(each.words());
    }
    return names;
}

} // namespace schemagate::postgres
