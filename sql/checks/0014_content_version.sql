-- Proves that what is served is counted, once per transaction, and what is only counted is not. Last of all, since the
-- counter's row stays locked until the checks are rolled back.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  template uuid;
  step record;
  before bigint;
  wrong text;
begin
  if (select count(*) from content_version) <> 1 then
    raise exception 'content_version: % rows instead of one', (select count(*) from content_version) using errcode = 'assert_failure';
  end if;
  select string_agg(format('trigger_count_content_change on %s is missing, disabled, or does not wait for the end', t), '; ') into wrong
  from unnest(array['prompts', 'prompt_templates', 'prompt_labels', 'prompt_guardrails', 'ab_test_experiments', 'api_keys',
                    'model_prices']) as t
  where not exists (select from pg_trigger where tgrelid = to_regclass(t) and tgname = 'trigger_count_content_change'
                    and tgdeferrable and tginitdeferred and tgenabled in ('O', 'A'));
  select concat_ws('; ', wrong, string_agg(message, '; ')) into wrong from (
    select 'count_content_change does not act with its owner''s rights and search_path' as message
    where (select prosecdef and proconfig::text like '%search_path=%, pg_temp%' from pg_proc
           where oid = to_regproc('count_content_change')) is not true
    union all
    select 'count_content_change notifies nobody'
    where not exists (select from pg_proc where oid = to_regproc('count_content_change')
                      and prosrc like '%pg_notify(''prompt_service_content'', counted)%')
    union all
    select 'content_version can hold a second row, or none that counts'
    where (select count(*) from pg_constraint where conrelid = 'content_version'::regclass
           and (contype = 'p' or contype = 'c' and pg_get_constraintdef(oid) = 'CHECK (one_row)')) <> 2
       or exists (select from pg_attribute where attrelid = 'content_version'::regclass and attname = 'counter' and not attnotnull)
  ) findings;
  if wrong <> '' then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;

  set constraints all immediate;
  set constraints all deferred;
  -- Each statement, and whether it counts. $1 our name, $2 a version's id. "Once" is for the last.
  for step in select * from (values
    (true, $s$insert into prompt_templates (id, name, version, template_text, is_active) values ($2, $1, 1, '', true)$s$),
    (true, $s$insert into prompt_templates (name, version, template_text) values ($1, 2, '')$s$),
    (true, $s$insert into prompts (name) values ($1 || '!')$s$),
    (true, $s$update prompts set archived_at = now() where name = $1 || '!'$s$),
    (false, $s$update prompt_templates set total_executions = 7, success_count = 7, failure_count = 7, avg_response_time_ms = 7,
      avg_token_count = 7, avg_cost_usd = 7, response_time_samples = 7, token_count_samples = 7, cost_samples = 7 where id = $2$s$),
    (true, $s$update prompt_templates set description = 'd' where id = $2$s$),
    (true, $s$update prompt_templates set category = 'd' where id = $2$s$),
    (true, $s$update prompt_templates set is_active = false where id = $2$s$),
    (true, $s$update prompt_templates set ab_test_group = 'd' where id = $2$s$),
    (true, $s$update prompt_templates set traffic_percentage = 1 where id = $2$s$),
    (true, $s$update prompt_templates set updated_at = now() where id = $2$s$),
    (true, $s$update prompt_templates set updated_by = 'd' where id = $2$s$),
    (true, $s$insert into prompt_labels values ($1, 'staging', 1)$s$),
    (true, $s$update prompt_labels set version = 2 where prompt_name = $1$s$),
    (true, $s$insert into prompt_guardrails (name, guardrail_type, severity, action, config) values ($1, 'content_policy', 'low', 'log', '{}')$s$),
    (false, $s$update prompt_guardrails set total_checks = 1, violation_count = 1, false_positive_count = 1 where name = $1$s$),
    (true, $s$update prompt_guardrails set is_active = false where name = $1$s$),
    (true, $s$update prompt_guardrails set severity = 'high' where name = $1$s$),
    (true, $s$update prompt_guardrails set action = 'warn' where name = $1$s$),
    (true, $s$update prompt_guardrails set config = '{"a": 1}' where name = $1$s$),
    (true, $s$update prompt_guardrails set guardrail_type = 'pii_detection' where name = $1$s$),
    (true, $s$update prompt_guardrails set applies_to_templates = '{a}' where name = $1$s$),
    (true, $s$update prompt_guardrails set applies_to_categories = '{a}' where name = $1$s$),
    (true, $s$update prompt_guardrails set description = 'd' where name = $1$s$),
    (true, $s$insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids, traffic_allocation,
      primary_metric) values ($1, $1, 'draft', $2, array[$2], '{"control": 100}', 'm')$s$),
    (true, $s$update ab_test_experiments set variants = '[{"name": "a", "version": 1, "weight": 100}]' where name = $1$s$),
    (true, $s$update ab_test_experiments set minimum_sample_size = 5 where name = $1$s$),
    (true, $s$update ab_test_experiments set primary_metric = 'n' where name = $1$s$),
    (true, $s$update ab_test_experiments set status = 'active' where name = $1$s$),
    (true, $s$update ab_test_experiments set winner_variant = 'a' where name = $1$s$),
    (true, $s$update ab_test_experiments set actual_start_date = now() where name = $1$s$),
    (false, $s$update ab_test_experiments set total_executions = 1, control_executions = 1, variant_executions = '{"a": 1}',
      control_metric_value = 1, variant_metric_values = '{"a": 1}', statistical_significance = 1 where name = $1$s$),
    (true, $s$insert into api_keys (name, key_hash, scope) values ($1, sha256($1::bytea), 'read')$s$),
    (true, $s$update api_keys set revoked_at = now() where name = $1$s$),
    (true, $s$insert into model_prices values ($1, 1, 1)$s$),
    (true, $s$update model_prices set input_usd_per_million = 2 where model = $1$s$),
    (false, $s$insert into prompt_executions (template_id, template_name, template_version, input_variables, rendered_prompt, status)
      select $2, $1, 1, '{}', '', 'rendered' from generate_series(1, 3)$s$),
    (false, $s$update prompt_executions set status = 'success', execution_time_ms = 5 where template_name = $1$s$),
    (false, $s$insert into audit_log (action, object_type) values ('check', 'schema')$s$),
    (true, $s$delete from model_prices where model = $1$s$),
    (true, $s$delete from prompt_labels where prompt_name = $1$s$),
    (true, $s$delete from prompt_guardrails where name = $1$s$),
    (true, $s$delete from ab_test_experiments where name = $1$s$),
    (true, $s$delete from api_keys where name = $1$s$),
    (true, $s$delete from prompts where name = $1 || '!'$s$),
    (true, $s$delete from prompt_templates where id = $2$s$)
  ) as steps (counts, statement) loop
    if step.statement like 'delete%' and not has_table_privilege(split_part(step.statement, ' ', 3), 'delete') then
      continue;
    end if;
    template := coalesce(template, gen_random_uuid());
    perform set_config('prompt_service.counted', '', true);
    select counter into before from content_version;
    execute step.statement using own, template;
    if (select counter from content_version) <> before then
      raise exception 'trigger_count_content_change: counts before the end of "%"', step.statement using errcode = 'assert_failure';
    end if;
    set constraints all immediate;
    set constraints all deferred;
    if (select counter from content_version) <> before + step.counts::integer then
      raise exception 'trigger_count_content_change: "%" moves the counter by % instead of %', step.statement,
                      (select counter from content_version) - before, step.counts::integer using errcode = 'assert_failure';
    end if;
  end loop;

  -- One transaction, one step, however many rows.
  select counter into before from content_version;
  insert into prompt_templates (name, version, template_text) select own, n, '' from generate_series(10, 12) n;
  insert into model_prices values (own || '2', 1, 1);
  set constraints all immediate;
  set constraints all deferred;
  if (select counter from content_version) <> before then
    raise exception 'count_content_change: a transaction is counted twice' using errcode = 'assert_failure';
  end if;
end
$check$;
