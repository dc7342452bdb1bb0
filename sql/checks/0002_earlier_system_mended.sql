-- Proves that nothing of the earlier runner's rules is left, on a database that was adopted as on a fresh one:
-- what 0001's twin, which tests what is there, cannot see.
do $check$
declare
  wrong text;
begin
  select string_agg(finding, '; ' order by finding) into wrong from (
    select format('%s.%s is a time without a zone', a.attrelid::regclass, a.attname) as finding
    from pg_attribute a
    where a.attrelid in ('prompt_templates'::regclass, 'prompt_executions'::regclass, 'prompt_guardrails'::regclass,
                         'ab_test_experiments'::regclass, 'schema_migrations'::regclass)
      and a.attnum > 0 and not a.attisdropped and a.atttypid = 'timestamp'::regtype
    union all
    select 'prompt_templates: the constraint unique_active_template is there'
    where exists (select from pg_constraint where conrelid = 'prompt_templates'::regclass
                  and conname = 'unique_active_template')
    union all
    select format('%s: PUBLIC may %s', c.oid::regclass, lower(acl.privilege_type))
    from pg_class c cross join lateral aclexplode(c.relacl) as acl
    where c.oid in ('prompt_templates'::regclass, 'prompt_executions'::regclass, 'prompt_guardrails'::regclass,
                    'ab_test_experiments'::regclass, 'schema_migrations'::regclass, 'v_template_performance'::regclass,
                    'v_recent_execution_errors'::regclass, 'v_guardrail_violations_summary'::regclass,
                    'v_active_ab_tests'::regclass)
      and acl.grantee = 0
    union all
    select format('trigger %s on %s fires once for each row', t.tgname, t.tgrelid::regclass)
    from pg_trigger t
    where t.tgname in ('trigger_update_template_statistics', 'trigger_update_ab_test_statistics')
      and t.tgrelid = 'prompt_executions'::regclass and t.tgtype & 1 = 1
    union all
    select 'trigger_enforce_single_active_template on prompt_templates fires on every update'
    from pg_trigger t
    where t.tgname = 'trigger_enforce_single_active_template' and t.tgrelid = 'prompt_templates'::regclass
      and cardinality(t.tgattr::int2[]) = 0
    union all
    -- The ten whose definition changed, by their columns and whether they hold only some rows.
    select format('index %s is the earlier one', i.indexrelid::regclass)
    from (values ('idx_prompt_templates_active', 'category,name', true),
                 ('idx_prompt_templates_version', 'parent_version_id', false),
                 ('idx_prompt_templates_performance', 'category,name,version', false),
                 ('idx_prompt_executions_template', 'template_id,executed_at', false),
                 ('idx_prompt_executions_user', 'user_id,executed_at', true),
                 ('idx_prompt_executions_request', 'request_id', true),
                 ('idx_prompt_executions_errors', 'status,executed_at', false),
                 ('idx_prompt_guardrails_active', 'severity,name', true),
                 ('idx_prompt_guardrails_performance', 'guardrail_type,name', false),
                 ('idx_ab_test_experiments_active', 'scheduled_end_date,template_name', true)
         ) as expected (name, columns, partial)
    join pg_index i on i.indexrelid = to_regclass(expected.name)
    where (i.indpred is not null) <> expected.partial
       or (select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a where a.attrelid = i.indexrelid)
          <> expected.columns
    union all
    select 'index idx_prompt_executions_guardrails is the earlier one'
    from pg_index i where i.indexrelid = to_regclass('idx_prompt_executions_guardrails')
      and pg_get_expr(i.indpred, i.indrelid) like '%jsonb_array_length%') findings;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;
