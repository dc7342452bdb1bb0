#include "schemagate/postgres/object_watch.hpp"

#include "schemagate/postgres/object_table.hpp"

namespace schemagate::postgres {
namespace {

// A sum, so that no order costs anything. hashname() is what hash indexes of names are made of: it stays the
// same. Few functions and catalogs, since a fresh backend looks up each; by subscripts, of which the planner
// expects a thousand and then reads pg_class once.
std::string state_of(std::string const& oids)
{
    return "(SELECT pg_catalog.count(*) || ' ' || coalesce(pg_catalog.sum(pg_catalog.hashname(c.relname) +"
           " c.relnamespace::pg_catalog.int8), 0) FROM pg_catalog.generate_subscripts(" +
           oids + ", 1) s JOIN pg_catalog.pg_class c ON c.oid = " + oids +
           "[s]) || CASE WHEN (SELECT pg_catalog.bool_and(i.indisvalid AND i.indisready) FROM"
           " pg_catalog.pg_index i WHERE i.indexrelid = ANY (" +
           oids +
           ")) THEN ' valid ' ELSE ' ' END || (SELECT pg_catalog.count(*) || ' ' || "
           "coalesce(pg_catalog.sum(pg_catalog.hashname(a.attname)), 0) FROM pg_catalog.pg_attribute a WHERE"
           " a.attrelid = ANY (" +
           oids + ") AND a.attnum > 0 AND NOT a.attisdropped)";
}

} // namespace

std::string watch_objects_sql(connection const& on, history_table const& table)
{
    auto const history = table.qualified(on, "history");
    auto const mine = table.mine(on);
    return forget_partitions_sql(on, table) +
           "; WITH all_of_them AS MATERIALIZED (SELECT coalesce(pg_catalog.array_agg(c.oid ORDER BY c.oid), "
           "'{}')"
           " AS oids FROM " +
           table.qualified(on, "object") +
           " o JOIN pg_catalog.pg_namespace n ON n.nspname = o.schema_name::pg_catalog.name"
           " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid"
           " AND c.relname = o.relation_name::pg_catalog.name WHERE o.column_name = '' AND " +
           mine + "), newest AS (SELECT pg_catalog.max(id) AS id FROM " + history +
           " WHERE state = 'applied' AND " + mine + ") UPDATE " + history +
           " h SET watched = CASE WHEN h.id = w.id THEN w.oids::pg_catalog.text || ' ' || " +
           state_of("w.oids") +
           " END FROM (SELECT newest.id, all_of_them.oids FROM newest, all_of_them) w WHERE " + mine +
           " AND (h.id = w.id OR h.watched IS NOT NULL)";
}

std::string unchanged_objects_sql(std::string const& watched)
{
    return "(SELECT " + state_of("w.oids") +
           " = w.state FROM (SELECT pg_catalog.split_part(t.w, ' ', 1)::pg_catalog.oid[] AS oids,"
           " pg_catalog.substr(t.w, pg_catalog.strpos(t.w, ' ') + 1) AS state FROM (SELECT " +
           watched + " AS w) t OFFSET 0) w)";
}

} // namespace schemagate::postgres
