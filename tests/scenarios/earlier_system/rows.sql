-- Rows that the earlier system's rules allowed and the new ones refuse, one defect after the other. Ids are
-- written out, so that expected.sql can name each row again.

-- The triggers would get in the way of making the defects that two concurrent clients, or a person, made.
alter table prompt_templates disable trigger user;
alter table prompt_executions disable trigger user;

-- Two edits of version 1 made two versions 2; a third was written with version 0.
insert into prompt_templates (id, name, template_text, version, created_at) values
('00000000-0000-4000-8000-000000000101', 'repeated', 'first', 1, '2025-03-02 08:00:00'),
('00000000-0000-4000-8000-000000000103', 'repeated', 'third', 2, '2025-03-02 10:00:00'),
('00000000-0000-4000-8000-000000000102', 'repeated', 'second', 2, '2025-03-02 09:00:00'),
('00000000-0000-4000-8000-000000000105', 'repeated', 'the same moment, a higher id', 3, '2025-03-02 11:00:00'),
('00000000-0000-4000-8000-000000000104', 'repeated', 'the same moment, a lower id', 0, '2025-03-02 11:00:00');
-- Gaps are no defect.
insert into prompt_templates (id, name, template_text, version, created_at) values
('00000000-0000-4000-8000-000000000111', 'with a gap', 'a', 1, '2025-03-03'),
('00000000-0000-4000-8000-000000000112', 'with a gap', 'b', 7, '2025-03-04');

-- Two concurrent first inserts: both active. A third row is active in no sense at all.
insert into prompt_templates (id, name, template_text, version, is_active, ab_test_group, created_at) values
('00000000-0000-4000-8000-000000000201', 'twice active', 'older', 1, true, null, '2025-03-02 08:00:00'),
('00000000-0000-4000-8000-000000000202', 'twice active', 'newest', 2, true, null, '2025-03-02 09:00:00'),
('00000000-0000-4000-8000-000000000203', 'twice active', 'neither', 3, null, null, '2025-03-02 10:00:00'),
('00000000-0000-4000-8000-000000000204', 'twice active', 'a group is its own', 4, true, 'variant_a', '2025-03-01');

-- Whatever a column took.
insert into prompt_templates (id, name, template_text, variables, traffic_percentage, total_executions, success_count,
                              failure_count, created_at, updated_at) values
('00000000-0000-4000-8000-000000000301', 'odd variables', 'a', '{"topic": 1, "grade": 2}', null, null, null, null,
 '2025-07-01 12:00:00', null),
('00000000-0000-4000-8000-000000000302', 'no variables', 'b', null, 0, 0, 0, 0, null, null),
('00000000-0000-4000-8000-000000000303', 'one variable', 'c', '"topic"', 0, 0, 0, 0, null, '2025-07-02 12:00:00');

-- Nobody knows when a version was made: it is not taken for the newest.
insert into prompt_templates (id, name, template_text, version, is_active, variables, created_at, updated_at) values
('00000000-0000-4000-8000-000000000311', 'of unknown age', 'undated', 1, true, '[]', null, null),
('00000000-0000-4000-8000-000000000312', 'of unknown age', 'dated', 2, true, '[]', '2025-06-01', '2025-06-01');

-- Averages that missing values pulled down, and an integer that dropped the rest: 100 and nothing gave 50,
-- and tokens 1, 2, 2 gave 1. The status error was counted nowhere.
insert into prompt_templates (id, name, template_text, version, is_active, total_executions, success_count,
                              failure_count, avg_response_time_ms, avg_token_count, avg_cost_usd) values
('00000000-0000-4000-8000-000000000401', 'drifted', 'a', 1, true, 5, 1, 1, 40, 1, 0.0001),
('00000000-0000-4000-8000-000000000402', 'log was emptied', 'b', 1, true, 900, 800, 100, 120.5, 33, 0.002);
insert into prompt_executions (id, template_id, template_name, template_version, input_variables, rendered_prompt,
  execution_time_ms, token_count, cost_usd, status, error_type, error_message, guardrail_violations, guardrail_action,
  executed_at, environment) values
('00000000-0000-4000-8000-000000000501', '00000000-0000-4000-8000-000000000401', 'drifted', 1, '{}', '', 100, 1, 0.000225,
 'success', null, null, '[]', 'allow', '2025-03-05 12:00:00', 'production'),
('00000000-0000-4000-8000-000000000502', '00000000-0000-4000-8000-000000000401', 'drifted', 1, '{}', '', null, 2, null,
 'error', null, 'no answer', '[]', 'allow', '2025-03-05 12:01:00', 'dev'),
('00000000-0000-4000-8000-000000000503', '00000000-0000-4000-8000-000000000401', 'drifted', 1, '{}', '', null, 2, null,
 'timeout', null, null, '[]', 'allow', '2025-03-05 12:02:00', 'staging'),
('00000000-0000-4000-8000-000000000504', '00000000-0000-4000-8000-000000000401', 'drifted', 1, '{}', '', null, null, null,
 'explode', 'ValueError', null, null, null, '2025-03-05 12:03:00', null),
('00000000-0000-4000-8000-000000000505', '00000000-0000-4000-8000-000000000401', 'drifted', 1, '{}', '', null, null, null,
 'partial', null, null, '[{"guardrail_name": "pii_detection_basic"}]', 'block', null, 'production');
insert into prompt_executions (id, template_id, template_name, template_version, input_variables, rendered_prompt, status,
  guardrail_violations, guardrail_action, environment, error_message) values
('00000000-0000-4000-8000-000000000506', '00000000-0000-4000-8000-000000000103', 'repeated', 2, '{}', '', 'success',
 '[]', 'explode', 'laptop', 'kept'),
('00000000-0000-4000-8000-000000000507', '00000000-0000-4000-8000-000000000102', 'repeated', 2, '{}', '', 'success',
 '[]', 'blocked', 'prod', null);
-- A row edited in place before it was numbered anew, and a status too long to stand beside its error_type.
insert into prompt_executions (id, template_id, template_name, template_version, input_variables, rendered_prompt, status,
  error_type) values
('00000000-0000-4000-8000-000000000509', '00000000-0000-4000-8000-000000000103', 'repeated', 9, '{}', '', 'success', null),
('00000000-0000-4000-8000-000000000510', '00000000-0000-4000-8000-000000000111', 'with a gap', 1, '{}', '',
 repeat('s', 50), repeat('e', 100));
-- The partial index takes no violations that are no array, so such a row can only have come before it.
drop index idx_prompt_executions_guardrails;
insert into prompt_executions (id, template_id, template_name, template_version, input_variables, rendered_prompt, status,
  guardrail_violations) values
('00000000-0000-4000-8000-000000000508', '00000000-0000-4000-8000-000000000104', 'repeated', 0, '{}', '', 'success',
 '{"guardrail_name": "toxic_content_filter"}');

insert into prompt_guardrails (id, name, guardrail_type, is_active, severity, action, config, applies_to_templates,
                               applies_to_categories, total_checks) values
('00000000-0000-4000-8000-000000000601', 'free text', 'vibes', null, 'urgent', 'explode', '["a list"]', null, null, null),
('00000000-0000-4000-8000-000000000602', 'sound', 'content_policy', false, 'low', 'warn', '{"a": 1}', '{x}', '{y}', 3);

insert into ab_test_experiments (id, name, template_name, status, control_template_id, variant_template_ids,
  traffic_allocation, primary_metric, minimum_sample_size, variant_executions, variant_metric_values,
  statistical_significance, confidence_level, description, actual_start_date, created_at, total_executions) values
('00000000-0000-4000-8000-000000000701', 'older of two', 'drifted', 'active', '00000000-0000-4000-8000-000000000401',
 '{00000000-0000-4000-8000-000000000402}', '{"control": 50, "variant_a": 50}', 'success_rate', 1000, '{}', '{}', 0.04,
 0.95, null, '2025-03-01', '2025-02-01', 12),
('00000000-0000-4000-8000-000000000702', 'newer of two', 'drifted', 'active', '00000000-0000-4000-8000-000000000401',
 '{00000000-0000-4000-8000-000000000402}', '{"control": 50, "variant_a": 50}', 'success_rate', 1000, '{}', '{}', null,
 0.95, null, '2025-03-02', '2025-01-01', null),
('00000000-0000-4000-8000-000000000703', 'three hundred per cent', 'repeated', 'active',
 '00000000-0000-4000-8000-000000000101', '{}', '{"control": 150, "variant_a": 150}', 'success_rate', 0, '[]', null, 7,
 1.5, 'kept', null, '2025-03-01', null),
('00000000-0000-4000-8000-000000000704', 'unknown status', 'repeated', 'running', '00000000-0000-4000-8000-000000000101',
 '{00000000-0000-4000-8000-000000000102}', '[{"variant": "control", "weight": 100}]', 'success_rate', null, null, '[1]',
 null, null, null, null, null, 5),
-- The newest of three is no experiment at all, and a count is no number: the trigger would refuse every execution.
('00000000-0000-4000-8000-000000000705', 'newest, sixty per cent', 'drifted', 'active',
 '00000000-0000-4000-8000-000000000401', '{00000000-0000-4000-8000-000000000402}', '{"control": 10, "variant_a": 50}',
 'success_rate', 1000, '{}', '{}', null, 0.95, null, '2025-03-03', '2025-01-01', 0),
('00000000-0000-4000-8000-000000000706', 'odd counts', 'log was emptied', 'active',
 '00000000-0000-4000-8000-000000000402', '{00000000-0000-4000-8000-000000000401}', '{"control": 50, "variant_a": 50}',
 'success_rate', 1000, '{"variant_a": 1.5, "variant_b": "many", "variant_c": 3}', '{}', null, 0.95, null, '2025-03-03',
 '2025-01-01', 0);

alter table prompt_templates enable trigger user;
alter table prompt_executions enable trigger user;
create index idx_prompt_executions_guardrails on prompt_executions (template_id, guardrail_action)
  where jsonb_typeof(guardrail_violations) = 'array';
