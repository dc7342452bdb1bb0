-- Proves that 0001 is really there: columns and indexes as declared, constraints by rows they must
-- refuse, views and triggers by what they do. Everything runs in a transaction that the engine rolls
-- back, beside real data and traffic: it looks only at the seeds and at rows of its own, whose names end
-- in a fresh uuid. Apart from the counts, each failure is an assert_failure (P0004) whose message begins with
-- the object's name.

-- What `verify` prints first: six counts, asked one by one, so that whatever is broken leaves the others standing.
-- Where the server takes no writes the triggers are not counted. The rest of this file then asks for details.
do $report$
declare
  report jsonb := '[]';
  missing text[];
  wanted text;
  own text := 'schemagate report ' || gen_random_uuid();
  counted bigint;
  template uuid;
begin
  select array_agg(format('%s is missing', expected) order by position) into missing
  from unnest(array['prompt_templates', 'prompt_executions', 'prompt_guardrails', 'ab_test_experiments',
                    'schema_migrations']) with ordinality as tables (expected, position)
  where not exists (select from pg_class where oid = to_regclass(expected) and relkind in ('r', 'p'));
  report := report || jsonb_build_object('check_name', 'tables', 'expected', 5,
    'found', 5 - coalesce(cardinality(missing), 0), 'detail', array_to_string(missing, '; '));

  select array_agg(format('%s is %s', expected, case when i.indexrelid is null then 'missing' else 'not valid' end)
                   order by position) into missing
  from unnest(array[
    'idx_prompt_templates_active', 'idx_prompt_templates_ab_test', 'idx_prompt_templates_version',
    'idx_prompt_templates_performance', 'idx_prompt_executions_template', 'idx_prompt_executions_user',
    'idx_prompt_executions_request', 'idx_prompt_executions_errors', 'idx_prompt_executions_guardrails',
    'idx_prompt_guardrails_active', 'idx_prompt_guardrails_templates', 'idx_prompt_guardrails_categories',
    'idx_prompt_guardrails_performance', 'idx_ab_test_experiments_active', 'idx_ab_test_experiments_timeline',
    'idx_ab_test_experiments_stats']) with ordinality as indexes (expected, position)
  left join pg_index i on i.indexrelid = to_regclass(expected)
  where (i.indisvalid and i.indisready) is not true;
  report := report || jsonb_build_object('check_name', 'indexes', 'expected', 16,
    'found', 16 - coalesce(cardinality(missing), 0), 'detail', array_to_string(missing, '; '));

  -- Each seed by its own question, since its table may be gone.
  missing := null;
  foreach wanted in array array['nlu_topic_extraction', 'clarification_question_generation',
                              'educational_script_generation'] loop
    begin
      perform from prompt_templates t where t.name = wanted and t.version = 1 and t.created_by = 'system';
      if not found then
        missing := missing || format('the prompt %s is missing', wanted);
      end if;
    exception when others then
      missing := missing || format('the prompt %s cannot be read (%s)', wanted, sqlerrm);
    end;
  end loop;
  counted := 3 - coalesce(cardinality(missing), 0);
  foreach wanted in array array['pii_detection_basic', 'toxic_content_filter', 'prompt_injection_detection'] loop
    begin
      perform from prompt_guardrails g where g.name = wanted and g.created_by = 'system';
      if not found then
        missing := missing || format('the guardrail %s is missing', wanted);
      end if;
    exception when others then
      missing := missing || format('the guardrail %s cannot be read (%s)', wanted, sqlerrm);
    end;
  end loop;
  report := report || jsonb_build_object('check_name', 'seed data', 'expected', 6,
    'found', 6 - coalesce(cardinality(missing), 0),
    'detail', concat_ws('; ', format('%s prompts and %s guardrails', counted,
                                     6 - counted - coalesce(cardinality(missing), 0)),
                        array_to_string(missing, '; ')));

  missing := null;
  foreach wanted in array array['v_template_performance', 'v_recent_execution_errors',
                              'v_guardrail_violations_summary', 'v_active_ab_tests'] loop
    begin
      -- Every column of a row; a count(*) would leave them out.
      execute format('select * from %I limit 1', wanted);
    exception when others then
      missing := missing || format('%s cannot be queried (%s)', wanted, sqlerrm);
    end;
  end loop;
  report := report || jsonb_build_object('check_name', 'views', 'expected', 4,
    'found', 4 - coalesce(cardinality(missing), 0),
    'detail', coalesce(array_to_string(missing, '; '), 'queryable'));

  -- The triggers, by what they do to rows of our own, which are gone when their block ends.
  missing := null;
  begin
    foreach wanted in array array['trigger_enforce_single_active_template', 'trigger_update_template_statistics',
                                'trigger_update_ab_test_statistics'] loop
      begin
        insert into prompt_templates (name, version, template_text, is_active) values (own, 1, 'one', false)
        returning id into template;
        if wanted = 'trigger_enforce_single_active_template' then
          insert into prompt_templates (name, version, template_text, is_active) values (own, 2, 'two', true);
          insert into prompt_templates (name, version, template_text, is_active) values (own, 3, 'three', true);
          select count(*) into counted from prompt_templates t where t.name = own and t.is_active and t.version = 3
            and not exists (select from prompt_templates o where o.name = own and o.is_active and o.version <> 3);
        else
          insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids,
                                           traffic_allocation, primary_metric)
          values (own, own, 'active', template, array[template], '{"control": 50, "variant_a": 50}', 'success_rate');
          insert into prompt_executions (template_id, template_name, template_version, ab_test_group, input_variables,
                                         rendered_prompt, status)
          values (template, own, 1, 'control', '{}', '', 'success');
          if wanted = 'trigger_update_template_statistics' then
            select count(*) into counted from prompt_templates
            where id = template and total_executions = 1 and success_count = 1;
          else
            select count(*) into counted from ab_test_experiments e
            where e.name = own and e.total_executions = 1 and e.control_executions = 1;
          end if;
        end if;
        if counted <> 1 then
          missing := missing || format('%s has no effect', wanted);
        end if;
        raise exception 'rolled back' using errcode = 'PR001';
      exception
        when sqlstate 'PR001' then
          null;
        when read_only_sql_transaction then
          raise;
        when insufficient_privilege then
          if not has_table_privilege('prompt_templates', 'insert') or not has_table_privilege('prompt_executions', 'insert')
             or not has_table_privilege('ab_test_experiments', 'insert') then
            raise;
          end if;
          missing := missing || format('%s has no effect (%s)', wanted, sqlerrm);
        when others then
          missing := missing || format('%s has no effect (%s)', wanted, sqlerrm);
      end;
    end loop;
    report := report || jsonb_build_object('check_name', 'triggers', 'expected', 3,
      'found', 3 - coalesce(cardinality(missing), 0),
      'detail', coalesce(array_to_string(missing, '; '), 'each by its effect'));
  exception
    when read_only_sql_transaction then
      report := report || jsonb_build_object('check_name', 'triggers', 'expected', 3, 'found', null,
        'detail', 'the server is a standby or read-only: a trigger is seen by what it writes');
    when insufficient_privilege then
      report := report || jsonb_build_object('check_name', 'triggers', 'expected', 3, 'found', null,
        'detail', format('the role %s may not write: a trigger is seen by what it writes', current_user));
  end;

  missing := array['schema_migrations has no row enterprise_prompt_system_phase1'];
  begin
    perform from schema_migrations where version = 'enterprise_prompt_system_phase1';
    if found then
      missing := null;
    end if;
  exception when others then
    missing := array[format('schema_migrations cannot be read (%s)', sqlerrm)];
  end;
  report := report || jsonb_build_object('check_name', 'migration record', 'expected', 1,
    'found', 1 - coalesce(cardinality(missing), 0),
    'detail', coalesce(array_to_string(missing, '; '), 'enterprise_prompt_system_phase1'));

  perform set_config('prompt_service.report', report::text, true);
end
$report$;

select check_name, expected, found, detail
from jsonb_to_recordset(current_setting('prompt_service.report')::jsonb)
     as counts (check_name text, expected bigint, found bigint, detail text);

-- The columns, by type; what may not be null is listed again under 'not null'. More columns are no harm.
do $check$
declare
  wrong text;
begin
  with expected (table_name, type, columns) as (values
    ('prompt_templates', 'uuid', 'id parent_version_id'),
    ('prompt_templates', 'character varying(255)', 'name created_by updated_by deactivated_by'),
    ('prompt_templates', 'character varying(100)', 'category'),
    ('prompt_templates', 'character varying(50)', 'ab_test_group'),
    ('prompt_templates', 'text', 'description template_text'),
    ('prompt_templates', 'jsonb', 'variables'),
    ('prompt_templates', 'boolean', 'is_active'),
    ('prompt_templates', 'integer', 'version traffic_percentage'),
    ('prompt_templates', 'bigint', 'total_executions success_count failure_count response_time_samples
       token_count_samples cost_samples'),
    ('prompt_templates', 'double precision', 'avg_response_time_ms avg_token_count'),
    ('prompt_templates', 'numeric', 'avg_cost_usd'),
    ('prompt_templates', 'timestamp with time zone', 'ab_test_start_date ab_test_end_date created_at updated_at
       deactivated_at'),
    ('prompt_templates', 'not null', 'id name template_text variables version is_active traffic_percentage
       total_executions success_count failure_count created_at updated_at response_time_samples
       token_count_samples cost_samples'),
    ('prompt_executions', 'uuid', 'id template_id request_id'),
    ('prompt_executions', 'character varying(255)', 'template_name user_id session_id'),
    ('prompt_executions', 'character varying(100)', 'error_type'),
    ('prompt_executions', 'character varying(50)', 'ab_test_group status guardrail_action environment'),
    ('prompt_executions', 'text', 'rendered_prompt model_response error_message'),
    ('prompt_executions', 'jsonb', 'input_variables guardrail_violations'),
    ('prompt_executions', 'integer', 'template_version execution_time_ms token_count'),
    ('prompt_executions', 'numeric(10,6)', 'cost_usd'),
    ('prompt_executions', 'timestamp with time zone', 'executed_at'),
    ('prompt_executions', 'not null', 'id template_name template_version input_variables rendered_prompt status
       guardrail_violations executed_at'),
    ('prompt_guardrails', 'uuid', 'id'),
    ('prompt_guardrails', 'character varying(255)', 'name created_by updated_by'),
    ('prompt_guardrails', 'character varying(100)', 'guardrail_type'),
    ('prompt_guardrails', 'character varying(50)', 'severity action'),
    ('prompt_guardrails', 'character varying(255)[]', 'applies_to_templates'),
    ('prompt_guardrails', 'character varying(100)[]', 'applies_to_categories'),
    ('prompt_guardrails', 'text', 'description'),
    ('prompt_guardrails', 'jsonb', 'config'),
    ('prompt_guardrails', 'boolean', 'is_active'),
    ('prompt_guardrails', 'bigint', 'total_checks violation_count false_positive_count'),
    ('prompt_guardrails', 'timestamp with time zone', 'created_at updated_at'),
    ('prompt_guardrails', 'not null', 'id name guardrail_type is_active severity action config
       applies_to_templates applies_to_categories total_checks violation_count false_positive_count created_at
       updated_at'),
    ('ab_test_experiments', 'uuid', 'id control_template_id'),
    ('ab_test_experiments', 'uuid[]', 'variant_template_ids'),
    ('ab_test_experiments', 'character varying(255)', 'name template_name winner_declared_by created_by updated_by'),
    ('ab_test_experiments', 'character varying(100)', 'primary_metric'),
    ('ab_test_experiments', 'character varying(50)', 'status winner_variant'),
    ('ab_test_experiments', 'text', 'description'),
    ('ab_test_experiments', 'jsonb', 'traffic_allocation variant_executions variant_metric_values'),
    ('ab_test_experiments', 'integer', 'minimum_sample_size'),
    ('ab_test_experiments', 'bigint', 'total_executions control_executions'),
    ('ab_test_experiments', 'double precision', 'target_improvement_percentage control_metric_value
       statistical_significance confidence_level'),
    ('ab_test_experiments', 'timestamp with time zone', 'winner_declared_at scheduled_start_date actual_start_date
       scheduled_end_date actual_end_date created_at updated_at'),
    ('ab_test_experiments', 'not null', 'id name template_name status control_template_id variant_template_ids
       traffic_allocation primary_metric minimum_sample_size total_executions control_executions
       variant_executions variant_metric_values confidence_level created_at updated_at'),
    ('schema_migrations', 'character varying(255)', 'version'),
    ('schema_migrations', 'text', 'description'),
    ('schema_migrations', 'timestamp with time zone', 'executed_at'),
    ('schema_migrations', 'not null', 'version executed_at')
  )
  select string_agg(format('%s.%s is %s instead of %s', e.table_name, column_name,
                           case when a.attname is null then 'missing'
                                when e.type = 'not null' then 'nullable'
                                else format_type(a.atttypid, a.atttypmod) end, e.type), '; ')
  into wrong
  from expected e
  cross join regexp_split_to_table(e.columns, '\s+') as column_name
  left join pg_attribute a on a.attrelid = to_regclass(e.table_name) and a.attname = column_name
                          and a.attnum > 0 and not a.attisdropped
  where (case when e.type = 'not null' then a.attnotnull
              else format_type(a.atttypid, a.atttypmod) = e.type end) is not true;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;

-- The 16 indexes, and those that keep rows unique (two of which no row of ours can test, since the
-- activation trigger makes room first): there, on their table, usable. The references, and what a delete
-- does to them. Views and triggers: there at all; what they do is tested below.
do $check$
declare
  wrong text;
begin
  with expected (table_name, is_unique, names) as (values
    ('prompt_templates', false, 'idx_prompt_templates_active idx_prompt_templates_ab_test idx_prompt_templates_version
       idx_prompt_templates_performance'),
    ('prompt_executions', false, 'idx_prompt_executions_template idx_prompt_executions_user
       idx_prompt_executions_request idx_prompt_executions_errors idx_prompt_executions_guardrails'),
    ('prompt_guardrails', false, 'idx_prompt_guardrails_active idx_prompt_guardrails_templates
       idx_prompt_guardrails_categories idx_prompt_guardrails_performance'),
    ('ab_test_experiments', false, 'idx_ab_test_experiments_active idx_ab_test_experiments_timeline
       idx_ab_test_experiments_stats'),
    ('prompt_templates', true, 'prompt_templates_pkey uq_prompt_templates_name_version uq_prompt_templates_active
       uq_prompt_templates_active_group'),
    ('prompt_executions', true, 'prompt_executions_pkey'),
    ('prompt_guardrails', true, 'prompt_guardrails_pkey prompt_guardrails_name_key'),
    ('ab_test_experiments', true, 'ab_test_experiments_pkey ab_test_experiments_name_key
       uq_ab_test_experiments_active'),
    ('schema_migrations', true, 'schema_migrations_pkey')
  ), foreign_keys (table_name, name, on_delete) as (values
    ('prompt_templates', 'prompt_templates_parent_version_id_fkey', 'n'),
    ('prompt_executions', 'prompt_executions_template_id_fkey', 'n'),
    ('ab_test_experiments', 'ab_test_experiments_control_template_id_fkey', 'r')
  )
  select string_agg(message, '; ') into wrong
  from (select format('view %s is missing', name) as message
        from unnest(array['v_template_performance', 'v_recent_execution_errors', 'v_guardrail_violations_summary',
                          'v_active_ab_tests']) as name
        where not exists (select from pg_class where oid = to_regclass(name) and relkind = 'v')
        union all
        select format('%s on %s is missing or disabled', t.name, t.table_name)
        from (values ('prompt_templates', 'trigger_enforce_single_active_template'),
                     ('prompt_executions', 'trigger_update_template_statistics'),
                     ('prompt_executions', 'trigger_update_ab_test_statistics')) as t (table_name, name)
        where not exists (select from pg_trigger where tgrelid = to_regclass(t.table_name) and tgname = t.name
                                                   and tgenabled in ('O', 'A'))
        union all
        select format('%s on %s is %s', name, e.table_name,
                      case when i.indexrelid is null then 'missing' when not i.indisvalid then 'not valid'
                           else 'not unique' end)
        from expected e
        cross join regexp_split_to_table(e.names, '\s+') as name
        left join pg_index i on i.indexrelid = to_regclass(name) and i.indrelid = to_regclass(e.table_name)
        where (i.indisvalid and i.indisready and (i.indisunique or not e.is_unique)) is not true
        union all
        select format('%s on %s is missing, not validated, or acts differently on delete', f.name, f.table_name)
        from foreign_keys f
        where not exists (select from pg_constraint c
                          where c.conname = f.name and c.conrelid = to_regclass(f.table_name) and c.contype = 'f'
                            and c.confrelid = to_regclass('prompt_templates')
                            and c.confdeltype = f.on_delete::"char" and c.convalidated)) findings;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;

-- The seeds. They may have been edited, superseded or switched off since: that is what the tables are
-- for. Only deleting one counts as damage; a rule that is not wanted is deactivated.
do $check$
declare
  wrong text;
begin
  select string_agg(missing, '; ') into wrong
  from (select format('prompt_templates: the seed %s, version 1, is missing', seed.name) as missing
        from unnest(array['nlu_topic_extraction', 'clarification_question_generation',
                          'educational_script_generation']) as seed (name)
        where not exists (select from prompt_templates t
                          where t.name = seed.name and t.version = 1 and t.created_by = 'system')
        union all
        select format('prompt_guardrails: the seed %s is missing', seed.name)
        from unnest(array['pii_detection_basic', 'toxic_content_filter', 'prompt_injection_detection']) as seed (name)
        where not exists (select from prompt_guardrails g where g.name = seed.name and g.created_by = 'system')
        union all
        select 'schema_migrations: the row enterprise_prompt_system_phase1 is missing'
        where not exists (select from schema_migrations where version = 'enterprise_prompt_system_phase1')) all_missing;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;

-- Triggers, views and constraints, by what they do to rows of our own.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  first uuid;
  second uuid;
  grouped uuid;
  control uuid;
  schema_path text := current_setting('search_path');
  home text := current_schema();
  bad record;
  refused_by text;
  wrong text;
begin
  -- trigger_enforce_single_active_template: who is active after three inserts (one of another group), ...
  begin
    insert into prompt_templates (name, version, template_text, is_active)
    values (own, 1, 'one', true) returning id into first;
    insert into prompt_templates (name, version, template_text, is_active, ab_test_group)
    values (own, 2, 'two', true, 'variant_a') returning id into grouped;
    insert into prompt_templates (name, version, template_text, is_active, created_by)
    values (own, 3, 'three', true, 'the check') returning id into second;
    select string_agg(what, '; ') into wrong from (values
      ('the newer insert did not retire the older',
       (select not is_active and deactivated_at is not null and deactivated_by = 'the check'
        from prompt_templates where id = first)),
      ('the newest insert is not active', (select is_active from prompt_templates where id = second)),
      ('a group was touched from outside', (select is_active from prompt_templates where id = grouped))
    ) as expectation (what, holds) where holds is not true;
    -- ... after an update, an insert that is skipped as a duplicate, and a second version in the group.
    update prompt_templates set is_active = true where id = first;
    insert into prompt_templates (name, version, template_text, is_active) values (own, 3, 'again', true)
    on conflict (name, version) do nothing;
    insert into prompt_templates (name, version, template_text, is_active, ab_test_group)
    values (own, 4, 'four', true, 'variant_a');
    select concat_ws('; ', wrong, string_agg(what, '; ')) into wrong from (values
      ('an update did not swap the active version',
       (select array_agg(id) = array[first] from prompt_templates
        where name = own and is_active and ab_test_group is null)),
      ('the activated version still has deactivated_at',
       (select deactivated_at is null from prompt_templates where id = first)),
      ('a group holds two active versions', (select not is_active from prompt_templates where id = grouped))
    ) as expectation (what, holds) where holds is not true;
  exception when unique_violation then
    wrong := 'the active version is not retired first (' || sqlerrm || ')';
  end;
  if wrong <> '' then
    raise exception 'trigger_enforce_single_active_template: %', wrong using errcode = 'assert_failure';
  end if;

  -- The two statistics triggers: one batch of several templates, groups and missing values, then one more row.
  control := first;
  insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids,
                                   traffic_allocation, primary_metric, minimum_sample_size)
  values (own, own, 'active', control, array[grouped], '{"control": 50, "variant_a": 50}', 'success_rate', 5);
  insert into prompt_executions (template_id, template_name, template_version, ab_test_group, user_id, input_variables,
    rendered_prompt, execution_time_ms, token_count, cost_usd, status, error_message, guardrail_violations, executed_at)
  values
    (control, own, 1, null, 'u1', '{}', '', 100, 1, 0.000225, 'success', null, '[]', now()),
    (control, own, 1, 'control', 'u1', '{}', '', null, 2, null, 'success', null, '[]', now()),
    (control, own, 1, 'control', 'u2', '{}', '', null, 2, 0.000226, 'failure', own, '[]', 'infinity'),
    (grouped, own, 2, 'variant_a', 'u2', '{}', '', null, null, null, 'partial', own, '[]', 'infinity'),
    (second, own, 3, null, 'u3', '{}', '', null, null, null, 'success', null, '[]', now()),
    (null, own, 0, null, 'u3', '{}', '', null, null, null, 'failure', own, '[]', 'infinity');
  -- The last row arrives while the caller's search_path knows none of our tables.
  begin
    perform set_config('search_path', 'pg_catalog', true);
    execute format('insert into %I.prompt_executions (template_id, template_name, template_version, ab_test_group,
        user_id, input_variables, rendered_prompt, execution_time_ms, status, error_message, guardrail_violations,
        executed_at)
      values ($1, $2, 2, ''variant_a'', ''u4'', ''{}'', '''', 200, ''blocked'', $2, $3, ''infinity'')', home)
    using grouped, own,
          jsonb_build_array(jsonb_build_object('guardrail_name', own, 'guardrail_type', 'content_policy'));
    perform set_config('search_path', schema_path, true);
  exception when undefined_table then
    raise exception 'statistics triggers on prompt_executions: they depend on the session''s search_path (%)', sqlerrm
      using errcode = 'assert_failure';
  end;

  select string_agg(what, '; ') into wrong from (values
    ('executions are miscounted',
     (select array_agg(array[total_executions, success_count, failure_count] order by version)
             = array[[3, 2, 1], [2, 0, 0], [1, 1, 0]]::bigint[]
      from prompt_templates where id in (control, grouped, second))),
    ('a value that was not measured changes an average',
     (select abs(avg_response_time_ms - 100) < 0.001 and response_time_samples = 1
      from prompt_templates where id = control)
     and (select abs(avg_response_time_ms - 200) < 0.001 and avg_cost_usd is null
          from prompt_templates where id = grouped)),
    ('an average is rounded',
     (select abs(avg_token_count - 5 / 3.0) < 0.001 and abs(avg_cost_usd - 0.0002255) < 0.00000001
      from prompt_templates where id = control)),
    ('counting changes which version is active', (select is_active from prompt_templates where id = control))
  ) as expectation (what, holds) where holds is not true;
  if wrong is not null then
    raise exception 'trigger_update_template_statistics: %', wrong using errcode = 'assert_failure';
  end if;

  select format('%s in all, %s control, variants %s', total_executions, control_executions, variant_executions)
  into wrong
  from ab_test_experiments where name = own
    and (total_executions, control_executions, variant_executions) is distinct from (5, 3, '{"variant_a": 2}'::jsonb);
  if wrong is not null then
    raise exception 'trigger_update_ab_test_statistics: % instead of 5, 3, {"variant_a": 2}', wrong
      using errcode = 'assert_failure';
  end if;

  -- The views. Rows of the error view are the newest there can be, so traffic cannot push them out.
  select string_agg(what, '; ') into wrong from (values
    ('v_template_performance',
     (select success_rate_percentage = 66.67 and failure_count = 1 and avg_token_count > 1.6
      from v_template_performance where id = control)),
    ('v_recent_execution_errors',
     (select count(*) = 4 and count(distinct status) = 3
      from v_recent_execution_errors where template_name = own and error_message = own)),
    ('v_guardrail_violations_summary',
     (select (guardrail_type, violation_count, affected_users) = ('content_policy', 1, 1)
      from v_guardrail_violations_summary where template_name = own and guardrail_name = own)),
    ('v_active_ab_tests',
     (select sample_status = 'sufficient' and total_executions = 5 from v_active_ab_tests where name = own))
  ) as expectation (what, holds) where holds is not true;
  if wrong is not null then
    raise exception '%: does not show what was just logged', wrong using errcode = 'assert_failure';
  end if;

  -- The constraints, by rows they must refuse. $1 is our name, $2 the control version.
  insert into prompt_guardrails (name, guardrail_type, severity, action, config)
  values (own, 'content_policy', 'low', 'log', '{}');
  for bad in select * from (values
    ('uq_prompt_templates_name_version', $q$insert into prompt_templates (name, template_text) values ($1, '')$q$),
    ('prompt_templates_version_check',
     $q$insert into prompt_templates (name, version, template_text) values ($1, 0, '')$q$),
    ('prompt_templates_variables_check',
     $q$insert into prompt_templates (name, version, template_text, variables) values ($1, 9, '', '{}')$q$),
    ('prompt_templates_traffic_percentage_check',
     $q$insert into prompt_templates (name, version, template_text, traffic_percentage) values ($1, 9, '', 101)$q$),
    ('prompt_templates_parent_version_id_fkey',
     $q$insert into prompt_templates (name, version, template_text, parent_version_id)
        values ($1, 9, '', gen_random_uuid())$q$),
    ('prompt_executions_status_check', $q$update prompt_executions set status = 'error' where template_name = $1$q$),
    ('prompt_executions_guardrail_action_check',
     $q$update prompt_executions set guardrail_action = 'explode' where template_name = $1$q$),
    ('prompt_executions_environment_check',
     $q$update prompt_executions set environment = 'laptop' where template_name = $1$q$),
    ('prompt_executions_guardrail_violations_check',
     $q$update prompt_executions set guardrail_violations = '{}' where template_name = $1$q$),
    ('prompt_executions_template_id_fkey',
     $q$update prompt_executions set template_id = gen_random_uuid() where template_name = $1$q$),
    ('prompt_guardrails_name_key', $q$insert into prompt_guardrails (name, guardrail_type, severity, action, config)
       values ($1, 'content_policy', 'low', 'log', '{}')$q$),
    ('prompt_guardrails_guardrail_type_check',
     $q$update prompt_guardrails set guardrail_type = 'explode' where name = $1$q$),
    ('prompt_guardrails_severity_check', $q$update prompt_guardrails set severity = 'explode' where name = $1$q$),
    ('prompt_guardrails_action_check', $q$update prompt_guardrails set action = 'explode' where name = $1$q$),
    ('prompt_guardrails_config_check', $q$update prompt_guardrails set config = '[]' where name = $1$q$),
    ('ab_test_experiments_name_key', $q$insert into ab_test_experiments
       (name, template_name, status, control_template_id, variant_template_ids, traffic_allocation, primary_metric)
       values ($1, '', 'draft', $2, array[$2], '{"a": 100}', '')$q$),
    ('uq_ab_test_experiments_active', $q$insert into ab_test_experiments
       (name, template_name, status, control_template_id, variant_template_ids, traffic_allocation, primary_metric)
       values ($1 || '!', $1, 'active', $2, array[$2], '[{"weight": 60}, {"weight": 40}]', '')$q$),
    ('ab_test_experiments_status_check', $q$update ab_test_experiments set status = 'explode' where name = $1$q$),
    ('ab_test_experiments_traffic_allocation_check',
     $q$update ab_test_experiments set traffic_allocation = '{"control": 150, "variant_a": 150}' where name = $1$q$),
    ('ab_test_experiments_traffic_allocation_check',
     $q$update ab_test_experiments set traffic_allocation = '[]' where name = $1$q$),
    ('ab_test_experiments_variant_template_ids_check',
     $q$update ab_test_experiments set variant_template_ids = '{}' where name = $1$q$),
    ('ab_test_experiments_variant_executions_check',
     $q$update ab_test_experiments set variant_executions = '[]' where name = $1$q$),
    ('ab_test_experiments_variant_metric_values_check',
     $q$update ab_test_experiments set variant_metric_values = '[]' where name = $1$q$),
    ('ab_test_experiments_minimum_sample_size_check',
     $q$update ab_test_experiments set minimum_sample_size = 0 where name = $1$q$),
    ('ab_test_experiments_statistical_significance_check',
     $q$update ab_test_experiments set statistical_significance = 2 where name = $1$q$),
    ('ab_test_experiments_confidence_level_check',
     $q$update ab_test_experiments set confidence_level = 1 where name = $1$q$),
    ('ab_test_experiments_control_template_id_fkey',
     $q$update ab_test_experiments set control_template_id = gen_random_uuid() where name = $1$q$),
    ('schema_migrations_pkey', $q$insert into schema_migrations (version) values ('enterprise_prompt_system_phase1')$q$)
  ) as refused (constraint_name, statement) loop
    begin
      execute bad.statement using own, control;
      raise exception '%: accepts a row it must refuse', bad.constraint_name using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics refused_by = constraint_name;
      if refused_by <> bad.constraint_name then
        raise exception '%: the row was refused by % instead', bad.constraint_name, refused_by
          using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
