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
                    'ab_test_experiments'::regclass, 'v_template_performance'::regclass,
                    'v_recent_execution_errors'::regclass, 'v_guardrail_violations_summary'::regclass,
                    'v_active_ab_tests'::regclass)
      and acl.grantee = 0
    union all
    select format('trigger %s on %s fires once for each row', t.tgname, t.tgrelid::regclass)
    from pg_trigger t
    where t.tgname in ('trigger_update_template_statistics', 'trigger_update_ab_test_statistics')
      and t.tgrelid = 'prompt_executions'::regclass and t.tgtype & 1 = 1
    union all
    select format('index %s is the earlier one', i.indexrelid::regclass)
    from pg_index i join pg_attribute a on a.attrelid = i.indexrelid and a.attnum = 1
    where (i.indexrelid = to_regclass('idx_prompt_templates_active') and a.attname = 'name')
       or (i.indexrelid = to_regclass('idx_prompt_templates_version') and a.attname = 'name')
       or (i.indexrelid = to_regclass('idx_prompt_guardrails_active') and a.attname = 'is_active')
       or (i.indexrelid = to_regclass('idx_prompt_executions_errors') and a.attname = 'template_id')
    union all
    select format('prompt_templates: an average of %s counts no sample, or the other way round', t.name)
    from (select name from prompt_templates
          where (avg_response_time_ms is null) <> (response_time_samples = 0)
             or (avg_token_count is null) <> (token_count_samples = 0)
             or (avg_cost_usd is null) <> (cost_samples = 0) limit 1) t) findings;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;
