-- Proves that executions lie in the partition of their month, that every time has one, and that the role that serves
-- can have months made without a right to make a table.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  wrong text;
begin
  select string_agg(message, '; ') into wrong from (
    select 'prompt_executions is not partitioned by range of executed_at' as message
    where not exists (select from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
                      where p.partrelid = 'prompt_executions'::regclass and p.partstrat = 'r' and p.partnatts = 1
                        and a.attname = 'executed_at' and p.partdefid = to_regclass('prompt_executions_default'))
    union all
    select 'prompt_executions_earlier is not a partition of it, though rows are there'
    where to_regclass('prompt_executions_earlier') is not null
      and not exists (select from pg_inherits where inhrelid = to_regclass('prompt_executions_earlier')
                      and inhparent = 'prompt_executions'::regclass)
    union all
    select format('%s: two partitions hold %s', a.name, b.first_moment)
    from execution_partitions() a join execution_partitions() b
      on a.name <> b.name and b.first_moment >= a.first_moment and b.first_moment < a.end_moment
    union all
    select format('%s lets everybody call it', p.oid::regprocedure)
    from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
    where p.oid in ('ensure_execution_months(integer)'::regprocedure, 'keep_execution_months(timestamptz, integer)'::regprocedure)
      and acl.grantee = 0
    union all
    select 'ensure_execution_months does not act with its owner''s rights and search_path'
    where (select prosecdef and proconfig::text like '%search_path=%, pg_temp%' and proconfig::text like '%UTC%'
           from pg_proc where oid = 'ensure_execution_months(integer)'::regprocedure) is not true
    union all
    select format('%s has no search_path, no lock_timeout, or months that are not UTC''s', f)
    from (values ('keep_execution_months(timestamptz, integer)', 'lock_timeout=50ms'), ('execution_partitions()', '')) as needed (f, setting)
    where (select proconfig::text like '%search_path=%' and proconfig::text like '%UTC%' and proconfig::text like '%' || setting || '%'
           from pg_proc where oid = f::regprocedure) is not true
    union all
    select 'ensure_execution_months may not be called by a role that writes executions: ' || grantee::regrole
    from pg_class, aclexplode(relacl)
    where oid = 'prompt_executions'::regclass and privilege_type = 'INSERT' and grantee not in (0, relowner)
      and not has_function_privilege(grantee, 'ensure_execution_months(integer)', 'execute')
    union all
    -- The seed's verifier reads these three.
    select format('information_schema.triggers does not show %s on %s', t, r)
    from (values ('trigger_update_template_statistics', 'prompt_executions'), ('trigger_update_ab_test_statistics', 'prompt_executions'),
                 ('trigger_enforce_single_active_template', 'prompt_templates')) as shown (t, r)
    where not exists (select from pg_trigger where tgrelid = to_regclass(r) and tgname = t and tgenabled in ('O', 'A')
                      and tgparentid = 0 and not tgisinternal)
    union all
    select format('%s has triggers of its own', tgrelid::regclass)
    from pg_trigger join pg_inherits on inhrelid = tgrelid and inhparent = 'prompt_executions'::regclass
    where not tgisinternal) findings;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;

  insert into prompt_executions (template_name, template_version, input_variables, rendered_prompt, status, executed_at)
  select own, 0, '{}', '', 'success', at from unnest(array[now(), 'infinity', '-infinity', '0001-06-01 00:00:00+00 BC', '2500-06-01']::timestamptz[]) at;
  if exists (select from prompt_executions e where template_name = own
             and (e.tableoid <> 'prompt_executions_default'::regclass)
                 <> exists (select from execution_partitions() p
                            where e.executed_at >= p.first_moment and e.executed_at < p.end_moment
                              and e.tableoid = to_regclass(p.name)))
     or (select count(*) from prompt_executions where template_name = own) <> 5
     or (select count(*) from prompt_executions_default where template_name = own and not isfinite(executed_at)) <> 2 then
    raise exception 'prompt_executions: a row is not in the partition of its time' using errcode = 'assert_failure';
  end if;
  begin
    perform * from ensure_execution_months(0);
    raise exception 'ensure_execution_months: takes a retention of no month' using errcode = 'assert_failure';
  exception when invalid_parameter_value then
    null;
  end;
end
$check$;
