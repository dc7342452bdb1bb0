#include "snapshot_queries.hpp"

namespace schemagate::postgres {
namespace {

// Tables and views with their block's rank and name. Partitions are left out: their names and bounds depend
// on the day, and what they have is their parent's.
std::string relations(snapshot_filter const& filter)
{
    return R"((SELECT c.*, format('%I.%I', n.nspname, c.relname) AS name,
                      CASE WHEN c.relkind IN ('v', 'm') THEN )" +
           std::to_string(rank::view) + " ELSE " + std::to_string(rank::table) + R"( END AS kind
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't'
                  AND NOT c.relispartition AND )" +
           filter.relations + ")";
}

constexpr auto heads = R"(
SELECT c.kind, c.name, 0, '',
       concat_ws(' ', CASE WHEN c.relpersistence = 'u' THEN 'unlogged' END,
                 CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
                                ELSE 'table' END, c.name)
  FROM {relations} c)";

constexpr auto attributes = R"(
SELECT c.kind, c.name, 1, x.line, x.line
  FROM {relations} c CROSS JOIN LATERAL (VALUES
    ('with (' || (SELECT string_agg(w.option, ', ' ORDER BY w.option COLLATE "C") FROM unnest(c.reloptions) w(option))
      || ')'),
    ('partition by ' || pg_get_partkeydef(c.oid)),
    ((SELECT 'inherits ' || string_agg(format('%I.%I', pn.nspname, p.relname), ', ' ORDER BY i.inhseqno)
        FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
       WHERE i.inhrelid = c.oid)),
    ((SELECT format('server %I', s.srvname) || coalesce(' options (' || array_to_string(f.ftoptions, ', ') || ')', '')
        FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid)),
    ((SELECT format('using %I', m.amname) FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap')),
    (CASE WHEN c.relkind IN ('r', 'p') THEN
      CASE c.relreplident WHEN 'n' THEN 'replica identity nothing' WHEN 'f' THEN 'replica identity full' WHEN 'i' THEN
        (SELECT format('replica identity using index %I', ic.relname)
           FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
          WHERE i.indrelid = c.oid AND i.indisreplident) END END),
    (CASE WHEN c.relrowsecurity THEN 'row level security'
      || CASE WHEN c.relforcerowsecurity THEN ', forced' ELSE '' END END)
  ) x(line) WHERE x.line IS NOT NULL)";

// Of an identity column: those of its sequence's options that are not the default for its type.
constexpr auto columns = R"(
SELECT c.kind, c.name, 2, lpad(a.attnum::text, 5, '0'),
       concat_ws(' ', 'column', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
         (SELECT format('collate %I.%I', cn.nspname, l.collname)
            FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace JOIN pg_type t ON t.oid = a.atttypid
           WHERE l.oid = a.attcollation AND l.oid <> t.typcollation),
         CASE WHEN a.attnotnull THEN 'not null' END,
         CASE a.attidentity WHEN 'a' THEN 'identity always' WHEN 'd' THEN 'identity by default' END,
         (SELECT nullif(concat_ws(' ', CASE WHEN q.seqstart <> 1 THEN 'start ' || q.seqstart END,
                   CASE WHEN q.seqincrement <> 1 THEN 'increment ' || q.seqincrement END,
                   CASE WHEN q.seqmin <> 1 THEN 'minimum ' || q.seqmin END,
                   CASE WHEN q.seqmax <> CASE q.seqtypid WHEN 'int2'::regtype THEN 32767
                                                         WHEN 'int4'::regtype THEN 2147483647
                                                         ELSE 9223372036854775807 END
                        THEN 'maximum ' || q.seqmax END,
                   CASE WHEN q.seqcache <> 1 THEN 'cache ' || q.seqcache END,
                   CASE WHEN q.seqcycle THEN 'cycle' END), '')
            FROM pg_depend d JOIN pg_sequence q ON q.seqrelid = d.objid
           WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
             AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i'),
         CASE a.attgenerated WHEN 's' THEN 'generated stored' WHEN 'v' THEN 'generated virtual'
                             ELSE CASE WHEN a.atthasdef THEN 'default' END END,
         pg_get_expr(d.adbin, d.adrelid),
         'options (' || array_to_string(a.attfdwoptions, ', ') || ')')
  FROM {relations} c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum)";

// Without NOT NULL constraints, which only PostgreSQL 18 lists and the columns show, and without what comes
// from a parent or, for a foreign key, stands for a partition.
constexpr auto constraints = R"(
SELECT c.kind, c.name, 3, k.conname, format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))
  FROM {relations} c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype NOT IN ('n', 't')
 WHERE k.conislocal AND k.conparentid = 0)";

// Without those that a constraint brings.
constexpr auto indexes = R"(
SELECT c.kind, c.name, 4, ic.relname,
       format('index %I %s%s%s', ic.relname, pg_get_indexdef(i.indexrelid),
              CASE WHEN i.indisclustered THEN ' (clustered)' ELSE '' END,
              CASE WHEN i.indisvalid THEN '' ELSE ' (not valid)' END)
  FROM {relations} c JOIN pg_index i ON i.indrelid = c.oid JOIN pg_class ic ON ic.oid = i.indexrelid
 WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')))";

constexpr auto triggers = R"(
SELECT c.kind, c.name, 5, t.tgname,
       format('trigger %I %s%s', t.tgname, pg_get_triggerdef(t.oid),
              CASE t.tgenabled WHEN 'D' THEN ' (disabled)' WHEN 'A' THEN ' (always)' WHEN 'R' THEN ' (replica)'
                               ELSE '' END)
  FROM {relations} c JOIN pg_trigger t ON t.tgrelid = c.oid AND NOT t.tgisinternal)";

constexpr auto rules = R"(
SELECT c.kind, c.name, 6, r.rulename,
       format('rule %I %s%s', r.rulename, pg_get_ruledef(r.oid),
              CASE r.ev_enabled WHEN 'D' THEN ' (disabled)' WHEN 'A' THEN ' (always)' WHEN 'R' THEN ' (replica)'
                                ELSE '' END)
  FROM {relations} c JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN')";

constexpr auto policies = R"(
SELECT c.kind, c.name, 7, p.polname,
       concat_ws(' ', 'policy', quote_ident(p.polname), CASE WHEN NOT p.polpermissive THEN 'restrictive' END,
         CASE p.polcmd WHEN 'r' THEN 'for select' WHEN 'a' THEN 'for insert' WHEN 'w' THEN 'for update'
                       WHEN 'd' THEN 'for delete' ELSE 'for all' END,
         'to ' || (SELECT string_agg(CASE WHEN r.oid = 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(r.oid)) END,
                                     ', ' ORDER BY r.oid = 0, pg_get_userbyid(r.oid) COLLATE "C")
                     FROM unnest(p.polroles) r(oid)),
         'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
         'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
  FROM {relations} c JOIN pg_policy p ON p.polrelid = c.oid)";

constexpr auto statistics = R"(
SELECT c.kind, c.name, 8, s.stxname, format('statistics %I %s', s.stxname, pg_get_statisticsobjdef(s.oid))
  FROM {relations} c JOIN pg_statistic_ext s ON s.stxrelid = c.oid)";

constexpr auto definitions = R"(
SELECT c.kind, c.name, 9, '', E'as\n' || pg_get_viewdef(c.oid) FROM {relations} c WHERE c.relkind IN ('v', 'm'))";

// Of the relation, of its columns, and of what hangs on it.
constexpr auto comments = R"(
SELECT c.kind, c.name, 10, x.what, format('comment on %s is %s', x.what, quote_literal(d.description))
  FROM {relations} c JOIN (
         SELECT r.oid AS relation, 'it' AS what, 'pg_class'::regclass AS class, r.oid, 0 AS part FROM pg_class r
         UNION ALL
         SELECT a.attrelid, format('column %I', a.attname), 'pg_class'::regclass, a.attrelid, a.attnum
           FROM pg_attribute a WHERE a.attnum > 0
         UNION ALL
         SELECT i.indrelid, format('index %I', ic.relname), 'pg_class'::regclass, ic.oid, 0
           FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
         UNION ALL
         SELECT conrelid, format('constraint %I', conname), 'pg_constraint'::regclass, oid, 0 FROM pg_constraint
         UNION ALL
         SELECT tgrelid, format('trigger %I', tgname), 'pg_trigger'::regclass, oid, 0 FROM pg_trigger
         UNION ALL
         SELECT ev_class, format('rule %I', rulename), 'pg_rewrite'::regclass, oid, 0 FROM pg_rewrite
         UNION ALL
         SELECT polrelid, format('policy %I', polname), 'pg_policy'::regclass, oid, 0 FROM pg_policy
         UNION ALL
         SELECT stxrelid, format('statistics %I', stxname), 'pg_statistic_ext'::regclass, oid, 0 FROM pg_statistic_ext
       ) x ON x.relation = c.oid
  JOIN pg_description d ON d.classoid = x.class AND d.objoid = x.oid AND d.objsubid = x.part)";

constexpr auto with_grants = R"(
SELECT c.kind, c.name, '' AS of, c.relacl AS acl, c.relowner AS owner FROM {relations} c)";

constexpr auto columns_with_grants = R"(
SELECT c.kind, c.name, format(' (%I)', a.attname) AS of, a.attacl AS acl, c.relowner AS owner
  FROM {relations} c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL)";

} // namespace

std::vector<std::string> relation_queries(snapshot_filter const& filter)
{
    auto const all = relations(filter);
    auto const filled = [&all](std::string text) {
        constexpr std::string_view place = "{relations}";
        return text.replace(text.find(place), place.size(), all);
    };
    std::vector<std::string> queries;
    for (auto const* const query : {heads, attributes, columns, constraints, indexes, triggers, rules,
                                    policies, statistics, definitions, comments}) {
        queries.push_back(filled(query));
    }
    queries.push_back(grants_query(filled(with_grants), 'r'));
    queries.push_back(grants_query(filled(columns_with_grants), 'c'));
    return queries;
}

} // namespace schemagate::postgres
