#include "snapshot_queries.hpp"

namespace schemagate::postgres {
namespace {

using std::to_string;

// `object` has the columns kind, name, oid, and is called o in `line`.
std::string lines(std::string const& objects, int part, std::string const& order, std::string const& line)
{
    return "SELECT o.kind, o.name, " + to_string(part) + ", " + order + ", " + line + " FROM (" + objects +
           ") o WHERE " + line + " IS NOT NULL";
}

std::string comments(std::string const& objects, std::string const& of)
{
    return "SELECT o.kind, o.name, " + to_string(rank::comment) +
           ", '', 'comment on it is ' || quote_literal(d.description) FROM (" + objects +
           ") o JOIN pg_description d ON d.objoid = o.oid AND d.classoid = '" + of +
           "'::regclass AND d.objsubid = 0";
}

// A name of the schema n.
std::string objects(int kind, std::string const& columns, std::string const& from, std::string const& where)
{
    return "SELECT " + to_string(kind) + " AS kind, " + columns + " FROM " + from + " WHERE " + where;
}

void add_schemas(std::vector<std::string>& into, snapshot_filter const& filter)
{
    auto const all = objects(rank::schema,
                             "quote_ident(n.nspname) AS name, n.oid, '' AS of, n.nspacl AS acl,"
                             " n.nspowner AS owner",
                             "pg_namespace n",
                             filter.schemas + " AND " + snapshot_filter::no_member("pg_namespace", "n.oid"));
    into.push_back(lines(all, rank::head, "''", "'schema ' || o.name"));
    // PostgreSQL's own comment on public is no migration's.
    into.push_back(comments(all, "pg_namespace") +
                   " AND NOT (o.name = 'public' AND d.description = 'standard public schema')");
    into.push_back(grants_query(all, 'n'));
}

// Without versions, which are the server's affair, and without plpgsql, which is always there.
void add_extensions(std::vector<std::string>& into)
{
    auto const all =
        objects(rank::extension, "quote_ident(e.extname) AS name, quote_ident(n.nspname) AS schema",
                "pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace", "e.extname <> 'plpgsql'");
    into.push_back(lines(all, rank::head, "''", "format('extension %s in schema %s', o.name, o.schema)"));
}

void add_servers(std::vector<std::string>& into)
{
    auto const all = objects(
        rank::server,
        "quote_ident(s.srvname) AS name, s.oid, quote_ident(w.fdwname) AS wrapper, '' AS of, s.srvacl AS acl,"
        " s.srvowner AS owner",
        "pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
        snapshot_filter::no_member("pg_foreign_server", "s.oid"));
    into.push_back(
        lines(all, rank::head, "''", "format('server %s foreign data wrapper %s', o.name, o.wrapper)"));
    into.push_back(comments(all, "pg_foreign_server"));
    into.push_back(grants_query(all, 'S'));
}

void add_collations(std::vector<std::string>& into, snapshot_filter const& filter)
{
    auto const all = objects(
        rank::collation,
        "format('%I.%I', n.nspname, l.collname) AS name, l.oid, l.collprovider, l.collisdeterministic,"
        " to_jsonb(l) AS j",
        "pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace",
        filter.schemas + " AND " + snapshot_filter::no_member("pg_collation", "l.oid"));
    // The locale's column has another name in 15, in 17, and where the provider is not libc.
    into.push_back(
        lines(all, rank::head, "''",
              "concat_ws(' ', 'collation', o.name, CASE o.collprovider WHEN 'i' THEN 'provider icu'"
              " WHEN 'b' THEN 'provider builtin' ELSE 'provider libc' END, 'locale '"
              " || coalesce(o.j->>'colllocale', o.j->>'colliculocale', o.j->>'collcollate'),"
              " CASE WHEN NOT o.collisdeterministic THEN 'not deterministic' END)"));
    into.push_back(comments(all, "pg_collation"));
}

// A table's row type, an array's and a multirange's come with another object.
void add_types(std::vector<std::string>& into, snapshot_filter const& filter)
{
    auto const all = objects(
        rank::type,
        "format('%I.%I', n.nspname, t.typname) AS name, t.oid, t.typtype, t.typrelid, t.typbasetype, "
        "t.typtypmod,"
        " t.typnotnull, t.typdefault, t.typcollation, '' AS of, t.typacl AS acl, t.typowner AS owner",
        "pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid",
        filter.schemas + " AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c') AND " +
            snapshot_filter::no_member("pg_type", "t.oid"));
    into.push_back(lines(all, rank::head, "''",
                         "CASE o.typtype WHEN 'e' THEN 'enum ' WHEN 'd' THEN 'domain ' WHEN 'r' THEN 'range '"
                         " ELSE 'composite type ' END || o.name || CASE WHEN o.typtype = 'd' THEN ' '"
                         " || format_type(o.typbasetype, o.typtypmod) ELSE '' END"));
    into.push_back("SELECT o.kind, o.name, 2, lpad(row_number() OVER (PARTITION BY e.enumtypid ORDER BY"
                   " e.enumsortorder)::text, 6, '0'), quote_literal(e.enumlabel) FROM (" +
                   all + ") o JOIN pg_enum e ON e.enumtypid = o.oid");
    into.push_back(
        "SELECT o.kind, o.name, 2, lpad(a.attnum::text, 6, '0'), concat_ws(' ', 'attribute',"
        " quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), (SELECT format('collate %I.%I',"
        " cn.nspname, l.collname) FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace"
        " JOIN pg_type at ON at.oid = a.atttypid WHERE l.oid = a.attcollation AND l.oid <>"
        " at.typcollation)) FROM (" +
        all + ") o JOIN pg_attribute a ON a.attrelid = o.typrelid AND a.attnum > 0 AND NOT a.attisdropped");
    into.push_back(
        lines(all, rank::attribute, "'1'", "CASE WHEN o.typtype = 'd' AND o.typnotnull THEN 'not null' END"));
    into.push_back(
        lines(all, rank::attribute, "'2'", "CASE WHEN o.typtype = 'd' THEN 'default ' || o.typdefault END"));
    into.push_back(
        lines(all, rank::attribute, "'3'",
              "CASE WHEN o.typtype = 'd' THEN (SELECT format('collate %I.%I', cn.nspname, l.collname)"
              " FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace JOIN pg_type b"
              " ON b.oid = o.typbasetype WHERE l.oid = o.typcollation AND l.oid <> b.typcollation) END"));
    into.push_back(
        lines(all, rank::attribute, "'4'",
              "(SELECT 'of ' || format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = o.oid)"));
    into.push_back("SELECT o.kind, o.name, 3, k.conname, format('constraint %I %s', k.conname,"
                   " pg_get_constraintdef(k.oid)) FROM (" +
                   all + ") o JOIN pg_constraint k ON k.contypid = o.oid AND k.contype <> 'n'");
    into.push_back(comments(all, "pg_type"));
    into.push_back(grants_query(all, 'T'));
}

// Those of identity columns are shown there.
void add_sequences(std::vector<std::string>& into, snapshot_filter const& filter)
{
    auto const all = objects(
        rank::sequence,
        "format('%I.%I', n.nspname, c.relname) AS name, c.oid, q.*, '' AS of, c.relacl AS acl, c.relowner AS "
        "owner",
        "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence q ON q.seqrelid = c.oid",
        filter.relations +
            " AND c.relpersistence <> 't' AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid ="
            " 'pg_class'::regclass AND i.objid = c.oid AND i.deptype = 'i')");
    into.push_back(
        lines(all, rank::head, "''", "format('sequence %s %s', o.name, format_type(o.seqtypid, NULL))"));
    into.push_back(
        lines(all, rank::attribute, "'1'",
              "format('start %s increment %s minimum %s maximum %s cache %s', o.seqstart, o.seqincrement,"
              " o.seqmin, o.seqmax, o.seqcache) || CASE WHEN o.seqcycle THEN ' cycle' ELSE '' END"));
    into.push_back(
        "SELECT o.kind, o.name, 1, '2', format('owned by %I.%I.%I', tn.nspname, t.relname, a.attname) FROM"
        " (" +
        all +
        ") o JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = o.oid AND d.refclassid ="
        " 'pg_class'::regclass AND d.deptype = 'a' JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn"
        " ON tn.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid");
    into.push_back(comments(all, "pg_class"));
    into.push_back(grants_query(all, 's'));
}

void add_event_triggers(std::vector<std::string>& into)
{
    auto const all = objects(rank::event_trigger,
                             "quote_ident(t.evtname) AS name, t.oid, t.evtevent, t.evtenabled, t.evttags,"
                             " format('%I.%I', n.nspname, p.proname) AS calls",
                             "pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid JOIN pg_namespace n ON "
                             "n.oid = p.pronamespace",
                             snapshot_filter::no_member("pg_event_trigger", "t.oid"));
    into.push_back(
        lines(all, rank::head, "''",
              "concat_ws(' ', 'event trigger', o.name, 'on', o.evtevent, 'when tag in ('"
              " || array_to_string(o.evttags, ', ') || ')', 'execute', o.calls, CASE o.evtenabled"
              " WHEN 'D' THEN '(disabled)' WHEN 'A' THEN '(always)' WHEN 'R' THEN '(replica)' END)"));
    into.push_back(comments(all, "pg_event_trigger"));
}

} // namespace

// Grants and revocations beside PostgreSQL's defaults ("5.8 Privileges"), other than the owner's.
std::string grants_query(std::string const& objects, char kind)
{
    auto const standard = std::string{"acldefault('"} + kind + "', o.owner)";
    auto const side = [](std::string const& verb, std::string const& here, std::string const& there) {
        return "SELECT DISTINCT '" + verb +
               "' AS verb, g.grantee, g.privilege_type, g.is_grantable FROM aclexplode(" + here +
               ") g WHERE g.grantee <> o.owner AND NOT EXISTS (SELECT FROM aclexplode(" + there +
               ") s WHERE (s.grantee, s.privilege_type, s.is_grantable) = (g.grantee, g.privilege_type,"
               " g.is_grantable))";
    };
    return "SELECT o.kind, o.name, " + to_string(rank::grant) +
           ", o.of || x.verb || x.who || x.option, format('%s %s%s %s %s%s', x.verb, x.what, o.of,"
           " CASE x.verb WHEN 'grant' THEN 'to' ELSE 'from' END, x.who, x.option) FROM (" +
           objects +
           ") o CROSS JOIN LATERAL (SELECT p.verb, CASE WHEN p.grantee = 0 THEN 'public' ELSE"
           " quote_ident(pg_get_userbyid(p.grantee)) END AS who, CASE WHEN p.is_grantable THEN ' with grant "
           "option'"
           " ELSE '' END AS option, string_agg(lower(p.privilege_type), ', ' ORDER BY p.privilege_type "
           "COLLATE \"C\")"
           " AS what FROM (" +
           side("grant", "o.acl", standard) + " UNION ALL " +
           side("revoke", standard, "coalesce(o.acl, " + standard + ")") +
           ") p GROUP BY p.verb, p.grantee, p.is_grantable) x";
}

std::vector<std::string> other_queries(snapshot_filter const& filter)
{
    std::vector<std::string> queries;
    add_schemas(queries, filter);
    add_extensions(queries);
    add_servers(queries);
    add_collations(queries, filter);
    add_types(queries, filter);
    add_sequences(queries, filter);
    add_event_triggers(queries);
    return queries;
}

// A body written as BEGIN ATOMIC or RETURN (PostgreSQL 14) is kept parsed, and shown by the server.
std::vector<std::string> function_queries(snapshot_filter const& filter)
{
    auto const body =
        filter.server_version >= 140000 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc";
    auto const all = objects(
        rank::function,
        "format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name, p.oid,"
        " format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_arguments(p.oid)) AS called, p.prokind,"
        " pg_get_function_result(p.oid) AS result, l.lanname, p.provolatile, p.proparallel, p.prosecdef,"
        " p.proisstrict, p.proleakproof, p.procost, p.prorows, p.proretset, p.proconfig, p.probin, " +
            std::string{body} + " AS body, '' AS of, p.proacl AS acl, p.proowner AS owner",
        "pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang",
        filter.schemas + " AND " + snapshot_filter::no_member("pg_proc", "p.oid") +
            // Those that come with a range type.
            " AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = "
            "p.oid"
            " AND i.deptype = 'i')");
    return {
        lines(all, rank::head, "''",
              "CASE o.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' WHEN 'w' THEN 'window "
              "function '"
              " ELSE 'function ' END || o.called || coalesce(' returns ' || o.result, '')"),
        lines(
            all, rank::attribute, "'1'",
            "CASE WHEN o.prokind <> 'a' THEN concat_ws(' ', 'language', quote_ident(o.lanname), CASE WHEN "
            "o.prokind <>"
            " 'p' THEN CASE o.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' "
            "END END,"
            " CASE WHEN o.proisstrict THEN 'strict' END, CASE WHEN o.prosecdef THEN 'security definer' END,"
            " CASE WHEN o.proleakproof THEN 'leakproof' END, CASE o.proparallel WHEN 's' THEN 'parallel safe'"
            " WHEN 'r' THEN 'parallel restricted' END, CASE WHEN o.procost <> CASE WHEN o.lanname IN ('c',"
            " 'internal') THEN 1 ELSE 100 END THEN 'cost ' || o.procost END, CASE WHEN o.proretset AND "
            "o.prorows <>"
            " 1000 THEN 'rows ' || o.prorows END) END"),
        lines(all, rank::attribute, "'2'", "'set ' || array_to_string(o.proconfig, ', set ')"),
        "SELECT o.kind, o.name, 1, '3', concat_ws(' ', 'sfunc', g.aggtransfn::text, 'stype',"
        " format_type(g.aggtranstype, NULL), 'initcond ' || quote_literal(g.agginitval), 'finalfunc '"
        " || nullif(g.aggfinalfn::oid, 0)::regproc::text) FROM (" +
            all + ") o JOIN pg_aggregate g ON g.aggfnoid = o.oid",
        lines(all, rank::definition, "''",
              "CASE WHEN o.prokind <> 'a' THEN E'as\\n' || concat_ws(E'\\n', o.probin, o.body) END"),
        comments(all, "pg_proc"),
        grants_query(all, 'f'),
    };
}

} // namespace schemagate::postgres
