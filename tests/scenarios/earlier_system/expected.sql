-- What became of each row of rows.sql: one line an expectation, true once the database is adopted. The ids end in
-- the number that is asked for.
with t as (select right(id::text, 3) as n, * from prompt_templates),
     e as (select right(id::text, 3) as n, * from prompt_executions),
     g as (select right(id::text, 3) as n, * from prompt_guardrails),
     x as (select right(id::text, 3) as n, * from ab_test_experiments)
select * from (values
('no template is lost', (select count(*) = 21 from t)),
('no execution is lost', (select count(*) = 10 from e)),
('no guardrail is lost', (select count(*) = 5 from g)),
('no experiment is lost', (select count(*) = 6 from x)),
('repeated versions are numbered by time, then id',
 (select array_agg(n order by version) = '{101,102,103,104,105}' and array_agg(version order by version) = '{1,2,3,4,5}'
  from t where name = 'repeated')),
('a version that changed is kept in words', (select array_agg(coalesce(description, '-') order by n)
   = '{-,-,[version was 2],[version was 0],[version was 3]}' from t where name = 'repeated')),
('versions with a gap stay', (select array_agg(version order by version) = '{1,7}' from t where name = 'with a gap')),
('executions follow their renumbered template',
 (select array_agg(template_version order by n) = '{3,2,4}' from e where n in ('506', '507', '508'))),
('of two active the newest stays', (select array_agg(n) = '{202}' from t
                                    where name = 'twice active' and is_active and ab_test_group is null)),
('the other was retired, and says by whom', (select not is_active and deactivated_at is not null
                                             and deactivated_by = 'migration 0002' from t where n = '201')),
('active in no sense is not active', (select is_active = false from t where n = '203')),
('a version of unknown age is not the newest', (select array_agg(n) = '{312}' and min(version) = 2 from t
                                                 where name = 'of unknown age' and is_active)),
('a group keeps its own active version', (select is_active from t where n = '204')),
('an object''s keys are the variables', (select variables = '["grade", "topic"]' and description = '[variables were {"grade": 2, "topic": 1}]'
                                         from t where n = '301')),
('no variables are an empty list', (select variables = '[]' from t where n = '302')),
('one variable is a list of one', (select variables = '["topic"]' from t where n = '303')),
('missing counters are zero', (select (traffic_percentage, total_executions, success_count, failure_count) = (0, 0, 0, 0)
                               from t where n = '301')),
('a time is taken as UTC', (select created_at = '2025-07-01 12:00:00+00' and updated_at = created_at from t where n = '301')),
('a missing time takes its neighbour', (select created_at = '2025-07-02 12:00:00+00' from t where n = '303')),
('times of executions are UTC', (select executed_at = '2025-03-05 12:00:00+00' from e where n = '501')),
('a missing time of execution is filled in', (select executed_at is not null from e where n = '505')),
('averages count only what was measured',
 (select avg_response_time_ms = 100 and response_time_samples = 1 and abs(avg_token_count - 5 / 3.0) < 0.001
         and token_count_samples = 3 and avg_cost_usd = 0.000225 and cost_samples = 1 from t where n = '401')),
('errors are counted as failures', (select (total_executions, success_count, failure_count) = (5, 1, 3) from t where n = '401')),
('counts without a log are kept', (select (total_executions, success_count, failure_count) = (900, 800, 100)
                                   and avg_token_count = 33 and token_count_samples = 1 from t where n = '402')),
('success stays', (select status = 'success' and error_type is null from e where n = '501')),
('error becomes failure', (select status = 'failure' and error_type is null and error_message = 'no answer'
                           from e where n = '502')),
('an unknown status becomes failure, with its text', (select (status, error_type) = ('failure', 'timeout')
                                                      from e where n = '503')),
('an error type is kept beside it', (select (status, error_type) = ('failure', 'explode; ValueError') from e where n = '504')),
('an execution of a version that nobody has keeps its number in words',
 (select template_version = 3 and error_message = '[template_version was 9]' from e where n = '509')),
('a status too long to stand beside the error type leaves it whole',
 (select left(error_type, 50) = repeat('s', 50) and error_message = '[error_type was ' || repeat('e', 100) || ']'
  from e where n = '510')),
('partial stays', (select status = 'partial' and guardrail_action = 'block' from e where n = '505')),
('an unknown action and place are kept in words',
 (select guardrail_action is null and environment is null
         and error_message = 'kept [guardrail_action was explode] [environment was laptop]' from e where n = '506')),
('known synonyms are translated', (select (guardrail_action, environment) = ('block', 'production') and error_message is null
                                   from e where n = '507')),
('missing violations are none', (select guardrail_violations = '[]' from e where n = '504')),
('one violation is a list of one', (select guardrail_violations = '[{"guardrail_name": "toxic_content_filter"}]'
                                    from e where n = '508')),
('free text of a guardrail is kept in its config',
 (select (guardrail_type, severity, action, is_active, total_checks) = ('content_policy', 'medium', 'log', false, 0)
         and config = '{"earlier_config": ["a list"], "earlier_guardrail_type": "vibes", "earlier_severity": "urgent",
                        "earlier_action": "explode"}' from g where n = '601')),
('a sound guardrail stays', (select (severity, action, is_active, total_checks) = ('low', 'warn', false, 3)
                             and config = '{"a": 1}' from g where n = '602')),
('of two active experiments the newer stays', (select array_agg(n) = '{702}' from x where status = 'active' and template_name = 'drifted')),
('the older is paused, and says so', (select status = 'paused' and description = '[status was active]'
                                      and total_executions = 12 from x where n = '701')),
('an allocation that is no 100 % sends all to control',
 (select status = 'paused' and traffic_allocation = '{"control": 100}' and description like 'kept %150%'
         and variant_template_ids = array[control_template_id] and minimum_sample_size = 1
         and variant_executions = '{}' and statistical_significance is null and confidence_level = 0.95
  from x where n = '703')),
('an unsound newest does not stop the sound one', (select status = 'paused' and description like '[status was active] %'
                                                   from x where n = '705')),
('counts that are no whole numbers are kept in words',
 (select status = 'active' and variant_executions = '{"variant_c": 3}'
         and description = '[variant_executions were {"variant_a": 1.5, "variant_b": "many", "variant_c": 3}]'
  from x where n = '706')),
('an unknown status pauses', (select status = 'paused' and description like '%[status was running]%'
                              and minimum_sample_size = 1000 and variant_metric_values = '{}' from x where n = '704')),
('a sound allocation stays', (select traffic_allocation = '[{"variant": "control", "weight": 100}]' from x where n = '704')),
('the seeds are there', (select count(*) = 3 from t where created_by = 'system' and is_active and version = 1)),
('the earlier ledger is there', (select executed_at = '2025-03-01 10:00:00+00' from schema_migrations))
) as expectation (name, ok);
