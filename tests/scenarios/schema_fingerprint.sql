-- The canonical text of schema public, one object a line: independent of oids, of the order of columns, of the
-- partitions that the day calls for, and of how the schema came about. Two chains of migrations are equal if this is, on
-- one server.
select string_agg(line, E'\n' order by line) from (
  select format('table %s kind=%s options=%s acl=%s comment=%s', c.relname, c.relkind, c.reloptions,
                coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)),
                obj_description(c.oid, 'pg_class')) as line
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and not c.relispartition
  union all
  select format('column %s.%s %s not_null=%s default=%s identity=%s generated=%s collation=%s acl=%s comment=%s', c.relname,
                a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
                a.attidentity, a.attgenerated, a.attcollation::regcollation, a.attacl, col_description(c.oid, a.attnum))
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
  union all
  select format('constraint %s on %s: %s validated=%s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid),
                k.convalidated)
  from pg_constraint k where k.connamespace = 'public'::regnamespace
    and not exists (select from pg_class c where c.oid = k.conrelid and c.relispartition)
  union all
  select format('index %s valid=%s comment=%s', pg_get_indexdef(i.indexrelid), i.indisvalid,
                obj_description(i.indexrelid, 'pg_class'))
  from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'public'::regnamespace
    and not c.relispartition
  union all
  select format('view %s: %s', c.relname, pg_get_viewdef(c.oid)) from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
  union all
  select format('trigger %s enabled=%s', pg_get_triggerdef(t.oid), t.tgenabled) from pg_trigger t
  join pg_class c on c.oid = t.tgrelid where c.relnamespace = 'public'::regnamespace and not t.tgisinternal and not c.relispartition
  union all
  select format('function %s acl=%s comment=%s', pg_get_functiondef(p.oid), p.proacl, obj_description(p.oid, 'pg_proc'))
  from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prokind in ('f', 'p')
  union all
  select format('type %s', t.typname) from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')
) lines;
