#include "snapshot_queries.hpp"

namespace schemagate::postgres {
namespace {

// A kind of object: the SELECT that lists its objects with the columns kind, name, oid, and what its lines
// need.
class object_kind
{
public:
    object_kind(std::vector<std::string>& into, int rank, std::string const& columns_and_from)
        : into_{into}, all_{"SELECT " + std::to_string(rank) + " AS kind, " + columns_and_from}
    {}

    /// One line for each object `o`; none where it is null.
    void line(int part, std::string const& order, std::string const& text) const
    {
        into_.push_back("SELECT o.kind, o.name, " + std::to_string(part) + ", '" + order +
                        "', x.line FROM (" + all_ + ") o CROSS JOIN LATERAL (SELECT " + text +
                        ") x(line) WHERE x.line IS NOT NULL");
    }
    /// Lines from what is joined to each object `o`, which gives `order` and `text`.
    void lines(int part, std::string const& order, std::string const& text, std::string const& joined) const
    {
        into_.push_back("SELECT o.kind, o.name, " + std::to_string(part) + ", " + order + ", " + text +
                        " FROM (" + all_ + ") o JOIN " + joined);
    }
    void comment(std::string const& catalog, std::string const& unless = "false") const
    {
        lines(rank::comment, "''", "'comment on it is ' || quote_literal(d.description)",
              "pg_description d ON d.objoid = o.oid AND d.objsubid = 0 AND d.classoid = '" + catalog +
                  "'::regclass AND NOT (" + unless + ")");
    }
    /// Needs the columns acl and owner, and of = ''.
    void grants(char kind) const { into_.push_back(grants_query(all_, kind)); }

private:
    std::vector<std::string>& into_;
    std::string all_;
};

void add_schemas(std::vector<std::string>& into, snapshot_filter const& filter)
{
    object_kind const schemas{
        into, rank::schema,
        "quote_ident(n.nspname) AS name, n.oid, '' AS of, n.nspacl AS acl, n.nspowner AS owner"
        " FROM pg_namespace n WHERE " +
            filter.schemas + " AND " + snapshot_filter::no_member("pg_namespace", "n.oid")};
    schemas.line(rank::head, "", "'schema ' || o.name");
    // PostgreSQL's own comment is no migration's.
    schemas.comment("pg_namespace", "o.name = 'public' AND d.description = 'standard public schema'");
    schemas.grants('n');
}

// Without versions, which are the server's affair, and without plpgsql, which is always there.
void add_extensions(std::vector<std::string>& into)
{
    object_kind const extensions{into, rank::extension,
                                 R"(quote_ident(e.extname) AS name, quote_ident(n.nspname) AS schema
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql')"};
    extensions.line(rank::head, "", "format('extension %s in schema %s', o.name, o.schema)");
}

void add_servers(std::vector<std::string>& into)
{
    object_kind const servers{
        into, rank::server,
        R"(quote_ident(s.srvname) AS name, s.oid, quote_ident(w.fdwname) AS wrapper, '' AS of,
       s.srvacl AS acl, s.srvowner AS owner
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE )" +
            snapshot_filter::no_member("pg_foreign_server", "s.oid")};
    servers.line(rank::head, "", "format('server %s foreign data wrapper %s', o.name, o.wrapper)");
    servers.comment("pg_foreign_server");
    servers.grants('S');
}

// The locale's column has another name in 15, in 17, and where the provider is not libc.
void add_collations(std::vector<std::string>& into, snapshot_filter const& filter)
{
    object_kind const collations{
        into, rank::collation,
        R"(format('%I.%I', n.nspname, l.collname) AS name, l.oid, l.collprovider, l.collisdeterministic, to_jsonb(l) AS j
  FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE )" +
            filter.schemas + " AND " + snapshot_filter::no_member("pg_collation", "l.oid")};
    collations.line(rank::head, "", R"(
       concat_ws(' ', 'collation', o.name,
         CASE o.collprovider WHEN 'i' THEN 'provider icu' WHEN 'b' THEN 'provider builtin' ELSE 'provider libc' END,
         'locale ' || coalesce(o.j->>'colllocale', o.j->>'colliculocale', o.j->>'collcollate'),
         CASE WHEN NOT o.collisdeterministic THEN 'not deterministic' END))");
    collations.comment("pg_collation");
}

// A table's row type, an array's and a multirange's come with another object.
void add_types(std::vector<std::string>& into, snapshot_filter const& filter)
{
    object_kind const types{
        into, rank::type,
        R"(format('%I.%I', n.nspname, t.typname) AS name, t.oid, t.typtype, t.typrelid, t.typbasetype,
       t.typtypmod, t.typnotnull, t.typdefault, t.typcollation, '' AS of, t.typacl AS acl, t.typowner AS owner
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c') AND )" +
            filter.schemas + " AND " + snapshot_filter::no_member("pg_type", "t.oid")};
    types.line(rank::head, "", R"(
       CASE o.typtype WHEN 'e' THEN 'enum ' || o.name WHEN 'r' THEN 'range ' || o.name
         WHEN 'd' THEN 'domain ' || o.name || ' ' || format_type(o.typbasetype, o.typtypmod)
         ELSE 'composite type ' || o.name END)");
    types.line(rank::attribute, "1", "CASE WHEN o.typtype = 'd' AND o.typnotnull THEN 'not null' END");
    types.line(rank::attribute, "2", "CASE WHEN o.typtype = 'd' THEN 'default ' || o.typdefault END");
    types.line(rank::attribute, "3", R"(
       CASE WHEN o.typtype = 'd' THEN
         (SELECT format('collate %I.%I', cn.nspname, l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace JOIN pg_type b ON b.oid = o.typbasetype
           WHERE l.oid = o.typcollation AND l.oid <> b.typcollation) END)");
    types.line(rank::attribute, "4",
               "(SELECT 'of ' || format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = o.oid)");
    types.lines(rank::column,
                "lpad(row_number() OVER (PARTITION BY o.oid ORDER BY e.enumsortorder)::text, 6, '0')",
                "quote_literal(e.enumlabel)", "pg_enum e ON e.enumtypid = o.oid");
    types.lines(rank::column, "lpad(a.attnum::text, 6, '0')", R"(
       concat_ws(' ', 'attribute', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
         (SELECT format('collate %I.%I', cn.nspname, l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace JOIN pg_type t ON t.oid = a.atttypid
           WHERE l.oid = a.attcollation AND l.oid <> t.typcollation)))",
                "pg_attribute a ON a.attrelid = o.typrelid AND a.attnum > 0 AND NOT a.attisdropped");
    types.lines(rank::constraint, "k.conname",
                "format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))",
                "pg_constraint k ON k.contypid = o.oid AND k.contype <> 'n'");
    types.comment("pg_type");
    types.grants('T');
}

// Those of identity columns are shown there.
void add_sequences(std::vector<std::string>& into, snapshot_filter const& filter)
{
    object_kind const sequences{
        into, rank::sequence,
        R"(format('%I.%I', n.nspname, c.relname) AS name, c.oid, q.*, '' AS of, c.relacl AS acl,
       c.relowner AS owner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_sequence q ON q.seqrelid = c.oid
 WHERE c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend i
                    WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.deptype = 'i') AND )" +
            filter.relations};
    sequences.line(rank::head, "", "format('sequence %s %s', o.name, format_type(o.seqtypid, NULL))");
    sequences.line(rank::attribute, "1", R"(
       format('start %s increment %s minimum %s maximum %s cache %s', o.seqstart, o.seqincrement, o.seqmin, o.seqmax,
              o.seqcache) || CASE WHEN o.seqcycle THEN ' cycle' ELSE '' END)");
    sequences.lines(rank::attribute, "'2'", "format('owned by %I.%I.%I', tn.nspname, t.relname, a.attname)",
                    R"(
       pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_class'::regclass
                  AND d.deptype = 'a'
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid)");
    sequences.comment("pg_class");
    sequences.grants('s');
}

void add_event_triggers(std::vector<std::string>& into)
{
    object_kind const triggers{into, rank::event_trigger,
                               R"(quote_ident(t.evtname) AS name, t.oid, t.evtevent, t.evtenabled, t.evttags,
       format('%I.%I', n.nspname, p.proname) AS calls
  FROM pg_event_trigger t JOIN pg_proc p ON p.oid = t.evtfoid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE )" +
                                   snapshot_filter::no_member("pg_event_trigger", "t.oid")};
    triggers.line(rank::head, "", R"(
       concat_ws(' ', 'event trigger', o.name, 'on', o.evtevent,
         'when tag in (' || array_to_string(o.evttags, ', ') || ')', 'execute', o.calls,
         CASE o.evtenabled WHEN 'D' THEN '(disabled)' WHEN 'A' THEN '(always)' WHEN 'R' THEN '(replica)' END))");
    triggers.comment("pg_event_trigger");
}

// Without those that come with a range type. A body written as BEGIN ATOMIC or RETURN (PostgreSQL 14) is kept
// parsed, and shown by the server.
void add_functions(std::vector<std::string>& into, snapshot_filter const& filter)
{
    std::string const body =
        filter.server_version >= 140000 ? "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)" : "p.prosrc";
    object_kind const functions{
        into, rank::function,
        R"(format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name, p.*,
       format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_arguments(p.oid)) AS called,
       pg_get_function_result(p.oid) AS result, l.lanname, '' AS of, p.proacl AS acl, p.proowner AS owner, )" +
            body + R"( AS body
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
 WHERE NOT EXISTS (SELECT FROM pg_depend i
                    WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i') AND )" +
            filter.schemas + " AND " + snapshot_filter::no_member("pg_proc", "p.oid")};
    functions.line(rank::head, "", R"(
       CASE o.prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' WHEN 'w' THEN 'window function '
                      ELSE 'function ' END || o.called || coalesce(' returns ' || o.result, ''))");
    functions.line(rank::attribute, "1", R"(
       CASE WHEN o.prokind <> 'a' THEN
         concat_ws(' ', 'language', quote_ident(o.lanname),
           CASE WHEN o.prokind <> 'p' THEN
             CASE o.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END END,
           CASE WHEN o.proisstrict THEN 'strict' END, CASE WHEN o.prosecdef THEN 'security definer' END,
           CASE WHEN o.proleakproof THEN 'leakproof' END,
           CASE o.proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted' END,
           CASE WHEN o.procost <> CASE WHEN o.lanname IN ('c', 'internal') THEN 1 ELSE 100 END
                THEN 'cost ' || o.procost END,
           CASE WHEN o.proretset AND o.prorows <> 1000 THEN 'rows ' || o.prorows END) END)");
    functions.line(rank::attribute, "2", "'set ' || array_to_string(o.proconfig, ', set ')");
    functions.lines(rank::attribute, "'3'", R"(
       concat_ws(' ', 'sfunc', g.aggtransfn::text, 'stype', format_type(g.aggtranstype, NULL),
                 'initcond ' || quote_literal(g.agginitval), 'finalfunc ' || nullif(g.aggfinalfn::oid, 0)::regproc::text))",
                    "pg_aggregate g ON g.aggfnoid = o.oid");
    functions.line(rank::definition, "",
                   R"(CASE WHEN o.prokind <> 'a' THEN E'as\n' || concat_ws(E'\n', o.probin, o.body) END)");
    functions.comment("pg_proc");
    functions.grants('f');
}

} // namespace

// Grants and revocations beside PostgreSQL's defaults ("5.8 Privileges"), other than the owner's.
std::string grants_query(std::string const& objects, char kind)
{
    auto const standard = std::string{"acldefault('"} + kind + "', o.owner)";
    auto const side = [](std::string const& verb, std::string const& here, std::string const& there) {
        return "SELECT DISTINCT '" + verb + R"(' AS verb, g.grantee, g.privilege_type, g.is_grantable
              FROM aclexplode()" +
               here + R"() g
             WHERE g.grantee <> o.owner
               AND NOT EXISTS (SELECT FROM aclexplode()" +
               there + R"() s
                                WHERE (s.grantee, s.privilege_type, s.is_grantable) =
                                      (g.grantee, g.privilege_type, g.is_grantable)))";
    };
    return "SELECT o.kind, o.name, " + std::to_string(rank::grant) + R"(, o.of || x.verb || x.who || x.option,
       format('%s %s%s %s %s%s', x.verb, x.what, o.of, CASE x.verb WHEN 'grant' THEN 'to' ELSE 'from' END, x.who, x.option)
  FROM ()" +
           objects + R"() o CROSS JOIN LATERAL (
         SELECT p.verb, CASE WHEN p.grantee = 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(p.grantee)) END AS who,
                CASE WHEN p.is_grantable THEN ' with grant option' ELSE '' END AS option,
                string_agg(lower(p.privilege_type), ', ' ORDER BY p.privilege_type COLLATE "C") AS what
           FROM ()" +
           side("grant", "o.acl", standard) + " UNION ALL " +
           side("revoke", standard, "coalesce(o.acl, " + standard + ")") + R"() p
          GROUP BY p.verb, p.grantee, p.is_grantable) x)";
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
    add_functions(queries, filter);
    add_event_triggers(queries);
    return queries;
}

} // namespace schemagate::postgres
