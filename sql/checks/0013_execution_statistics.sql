-- Proves that an outcome counts when it comes, once, and that experiments count what is theirs.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  one uuid;
  two uuid;
  ended uuid;
  running uuid;
  step record;
  found text;
begin
  insert into prompt_templates (name, version, template_text, is_active) values (own, 1, '', true) returning id into one;
  insert into prompt_templates (name, version, template_text) values (own, 2, '') returning id into two;
  insert into prompt_executions (template_id, template_name, template_version, user_id, input_variables, rendered_prompt, status,
                                 execution_time_ms, http_request_id)
  values (one, own, 1, 'a', '{}', '', 'rendered', 100, 'r'), (one, own, 1, 'b', '{}', '', 'rendered', null, 'r'),
         (one, own, 1, 'c', '{}', '', 'rendered', null, 'r'), (two, own, 2, 'd', '{}', '', 'rendered', null, 'r'),
         (null, own, 0, 'e', '{}', '', 'rendered', null, 'r');
  -- The statement, and what the two versions count then: all, successes, failures, times, mean, tokens, mean, costs, mean.
  for step in select * from (values
    ('', '3 0 0 1 100 0 · 0 ·, 1 0 0 0 · 0 · 0 ·'),
    ($s$execution_time_ms = 50 where user_id = 'd'$s$, '3 0 0 1 100 0 · 0 ·, 1 0 0 1 50 0 · 0 ·'),
    ($s$status = 'success', execution_time_ms = coalesce(execution_time_ms, 50), token_count = 10, cost_usd = 0.5 where user_id <> 'c'$s$,
     '3 2 0 2 75 2 10 2 0.5, 1 1 0 1 50 1 10 1 0.5'),
    ($s$status = 'failure', token_count = 40 where user_id = 'c'$s$, '3 2 1 2 75 3 20 2 0.5, 1 1 0 1 50 1 10 1 0.5'),
    ($s$model = 'm', outcome_at = now()$s$, '3 2 1 2 75 3 20 2 0.5, 1 1 0 1 50 1 10 1 0.5'),
    ($s$status = 'partial', cost_usd = 1.5, token_count = null where user_id = 'a'$s$, '3 1 1 2 75 2 25 2 1, 1 1 0 1 50 1 10 1 0.5'),
    ($s$execution_time_ms = null where user_id = 'd'$s$, '3 1 1 2 75 2 25 2 1, 1 1 0 0 · 1 10 1 0.5'),
    ($s$executed_at = 'infinity' where user_id = 'b'$s$, '3 1 1 2 75 2 25 2 1, 1 1 0 0 · 1 10 1 0.5')
  ) as steps (change, expected) loop
    if step.change <> '' then
      execute 'update prompt_executions set ' || step.change
              || case when step.change like '%where%' then ' and ' else ' where ' end || 'template_name = $1' using own;
    end if;
    select string_agg(concat_ws(' ', total_executions, success_count, failure_count, response_time_samples,
                                coalesce(round(avg_response_time_ms::numeric, 3)::double precision::text, '·'), token_count_samples,
                                coalesce(round(avg_token_count::numeric, 3)::double precision::text, '·'), cost_samples,
                                coalesce(round(avg_cost_usd, 3)::double precision::text, '·')), ', ' order by version)
    into found from prompt_templates where name = own;
    if found is distinct from step.expected then
      raise exception 'trigger_update_template_outcomes: after "%" the counters are "%" instead of "%"', step.change, found, step.expected
        using errcode = 'assert_failure';
    end if;
  end loop;

  -- What was not measured, again, after something was.
  insert into prompt_executions (template_id, template_name, template_version, input_variables, rendered_prompt, status, http_request_id)
  values (one, own, 1, '{}', '', 'rendered', 'r');
  if (select (total_executions, avg_response_time_ms, avg_token_count, avg_cost_usd) is distinct from (4, 75, 25, 1)
      from prompt_templates where id = one) then
    raise exception 'trigger_update_template_statistics: a value that was not measured changes an average'
      using errcode = 'assert_failure';
  end if;

  -- Rows that name an experiment, rows of a group, and rows of neither, of a client that knows of experiments and of one that does not.
  insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids, traffic_allocation, primary_metric)
  values (own || ' ended', own, 'completed', one, array[two], '{"control": 50, "b": 50}', 'm') returning id into ended;
  insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids, traffic_allocation, primary_metric)
  values (own, own, 'active', one, array[two], '{"control": 50, "b": 50}', 'm') returning id into running;
  insert into prompt_executions (template_id, template_name, template_version, input_variables, rendered_prompt, status, ab_test_group,
                                 experiment_id, http_request_id)
  values (one, own, 1, '{}', '', 'rendered', 'control', ended, 'r'), (two, own, 2, '{}', '', 'rendered', 'b', ended, 'r'),
         (two, own, 2, '{}', '', 'rendered', 'b', running, 'r'), (two, own, 2, '{}', '', 'rendered', 'b', running, 'r'),
         (one, own, 1, '{}', '', 'rendered', null, null, 'r'), (one, own, 1, '{}', '', 'success', null, null, null),
         (one, own, 1, '{}', '', 'success', null, null, null),
         (two, own, 2, '{}', '', 'success', null, null, null), (two, own, 2, '{}', '', 'success', 'b', null, null);
  select string_agg(concat_ws(' ', status, total_executions, control_executions, variant_executions), ', ' order by status) into found
  from ab_test_experiments where id in (ended, running);
  if found is distinct from 'active 5 2 {"b": 3}, completed 2 1 {"b": 1}' then
    raise exception 'trigger_update_ab_test_statistics: "%" instead of active 5 2 {"b": 3}, completed 2 1 {"b": 1}', found
      using errcode = 'assert_failure';
  end if;

  select string_agg(name, ', ') into found
  from unnest(array['add_template_statistics', 'update_template_statistics', 'update_template_outcomes',
                    'update_ab_test_statistics']) as name
  where not exists (select from pg_proc where oid = to_regproc(name) and proconfig::text like '%search_path=%');
  if found is not null then
    raise exception 'prompt_executions: functions with the caller''s search_path: %', found using errcode = 'assert_failure';
  end if;
  if not exists (select from pg_trigger where tgrelid = 'prompt_executions'::regclass and tgname = 'trigger_update_template_outcomes'
                 and tgtype & 1 = 0 and tgenabled in ('O', 'A')) then
    raise exception 'trigger_update_template_outcomes fires once for each row, or not at all' using errcode = 'assert_failure';
  end if;
  -- A deleted version leaves its executions, and the others' counters.
  if has_table_privilege('prompt_templates', 'delete') then
    delete from ab_test_experiments where id in (ended, running);
    delete from prompt_templates where id = two;
    if (select count(*) from prompt_executions where template_name = own and template_id is null) <> 7 then
      raise exception 'prompt_executions_template_id_fkey: executions went with their version' using errcode = 'assert_failure';
    end if;
  end if;
end
$check$;
