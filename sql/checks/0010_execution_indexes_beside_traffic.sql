-- Proves that each part of prompt_executions has every index of the whole, valid, and a key of id and time.
do $check$
declare
  wrong text;
begin
  select string_agg(format('%s of %s is missing or not valid', whole.relname, part.relname), '; ') into wrong
  from pg_inherits i
  join pg_class part on part.oid = i.inhrelid
  cross join pg_index x
  join pg_class whole on whole.oid = x.indexrelid
  where i.inhparent = 'prompt_executions'::regclass and x.indrelid = i.inhparent
    and not exists (select from pg_inherits ii join pg_index y on y.indexrelid = ii.inhrelid
                    where ii.inhparent = x.indexrelid and y.indrelid = part.oid and y.indisvalid and y.indisready);
  select concat_ws('; ', wrong, string_agg(format('%s on prompt_executions is missing, or not on (%s)', name, columns), '; '))
  into wrong
  from (values ('prompt_executions_pkey', 'id,executed_at'),
               ('ix_prompt_executions_prompt', 'template_name,executed_at,id')) as expected (name, columns)
  where not exists (select from pg_index x where x.indexrelid = to_regclass(name) and x.indrelid = 'prompt_executions'::regclass
                    and x.indisvalid
                    and (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a where a.attrelid = x.indexrelid)
                        = columns);
  if wrong <> '' then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;
