-- The database that the earlier runner made, written anew with its rules and its defects: times without a
-- zone, versions that may repeat, several active versions, free text for every status, counters that drift,
-- executions that go with their template, and PUBLIC that may write.
create table prompt_templates (
  id uuid primary key default gen_random_uuid(),
  name varchar(255) not null,
  description text,
  category varchar(100),
  template_text text not null,
  variables jsonb default '[]',
  version integer not null default 1,
  parent_version_id uuid references prompt_templates (id) on delete set null,
  is_active boolean default false,
  ab_test_group varchar(50),
  traffic_percentage integer default 0 check (traffic_percentage >= 0 and traffic_percentage <= 100),
  ab_test_start_date timestamp,
  ab_test_end_date timestamp,
  total_executions integer default 0,
  success_count integer default 0,
  failure_count integer default 0,
  avg_response_time_ms double precision,
  avg_token_count integer,
  avg_cost_usd numeric(10,6),
  created_by varchar(255),
  updated_by varchar(255),
  deactivated_by varchar(255),
  created_at timestamp default now(),
  updated_at timestamp default now(),
  deactivated_at timestamp,
  constraint unique_active_template unique (name, is_active, ab_test_group)
);

create table prompt_executions (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references prompt_templates (id) on delete cascade,
  template_name varchar(255) not null,
  template_version integer not null,
  ab_test_group varchar(50),
  user_id varchar(255),
  request_id uuid,
  session_id varchar(255),
  input_variables jsonb not null,
  rendered_prompt text not null,
  model_response text,
  execution_time_ms integer,
  token_count integer,
  cost_usd numeric(10,6),
  status varchar(50) not null,
  error_message text,
  error_type varchar(100),
  guardrail_violations jsonb default '[]',
  guardrail_action varchar(50),
  executed_at timestamp default now(),
  environment varchar(50)
);

create table prompt_guardrails (
  id uuid primary key default gen_random_uuid(),
  name varchar(255) not null unique,
  description text,
  guardrail_type varchar(100) not null,
  is_active boolean default true,
  severity varchar(50) not null,
  action varchar(50) not null,
  config jsonb not null,
  applies_to_templates varchar(255)[] default '{}',
  applies_to_categories varchar(100)[] default '{}',
  total_checks integer default 0,
  violation_count integer default 0,
  false_positive_count integer default 0,
  created_by varchar(255),
  created_at timestamp default now(),
  updated_by varchar(255),
  updated_at timestamp default now()
);

create table ab_test_experiments (
  id uuid primary key default gen_random_uuid(),
  name varchar(255) not null unique,
  description text,
  template_name varchar(255) not null,
  status varchar(50) not null,
  control_template_id uuid not null references prompt_templates (id) on delete restrict,
  variant_template_ids uuid[] not null,
  traffic_allocation jsonb not null,
  primary_metric varchar(100) not null,
  target_improvement_percentage double precision,
  minimum_sample_size integer default 1000,
  total_executions integer default 0,
  control_executions integer default 0,
  variant_executions jsonb default '{}',
  control_metric_value double precision,
  variant_metric_values jsonb default '{}',
  statistical_significance double precision,
  confidence_level double precision default 0.95,
  winner_variant varchar(50),
  winner_declared_at timestamp,
  winner_declared_by varchar(255),
  scheduled_start_date timestamp,
  actual_start_date timestamp,
  scheduled_end_date timestamp,
  actual_end_date timestamp,
  created_by varchar(255),
  created_at timestamp default now(),
  updated_by varchar(255),
  updated_at timestamp default now()
);

create index idx_prompt_templates_active on prompt_templates (name, is_active) where is_active = true;
create index idx_prompt_templates_ab_test on prompt_templates (name, ab_test_group, traffic_percentage)
  where ab_test_group is not null;
create index idx_prompt_templates_version on prompt_templates (name, version);
create index idx_prompt_templates_performance on prompt_templates (category, avg_response_time_ms, success_count);
create index idx_prompt_executions_template on prompt_executions (template_id, status, executed_at);
create index idx_prompt_executions_user on prompt_executions (user_id, executed_at);
create index idx_prompt_executions_request on prompt_executions (request_id);
create index idx_prompt_executions_errors on prompt_executions (template_id, status, error_type)
  where status = 'failure';
create index idx_prompt_executions_guardrails on prompt_executions (template_id, guardrail_action)
  where jsonb_array_length(guardrail_violations) > 0;
create index idx_prompt_guardrails_active on prompt_guardrails (is_active) where is_active = true;
create index idx_prompt_guardrails_templates on prompt_guardrails using gin (applies_to_templates);
create index idx_prompt_guardrails_categories on prompt_guardrails using gin (applies_to_categories);
create index idx_prompt_guardrails_performance on prompt_guardrails (guardrail_type, violation_count);
create index idx_ab_test_experiments_active on ab_test_experiments (status, template_name) where status = 'active';
create index idx_ab_test_experiments_timeline on ab_test_experiments (actual_start_date, actual_end_date);
create index idx_ab_test_experiments_stats
  on ab_test_experiments (template_name, statistical_significance, winner_variant);

create view v_template_performance as
select id, name, category, version, is_active, ab_test_group, total_executions, success_count, failure_count,
       case when total_executions > 0 then round(100.0 * success_count / total_executions, 2) else 0 end
         as success_rate_percentage,
       avg_response_time_ms, avg_token_count, avg_cost_usd, created_at, updated_at
from prompt_templates order by total_executions desc;

create view v_recent_execution_errors as
select id, template_name, template_version, error_type, error_message, executed_at, user_id, request_id
from prompt_executions where status = 'failure' order by executed_at desc limit 100;

create view v_guardrail_violations_summary as
select e.template_name, g.name as guardrail_name, g.guardrail_type, count(*) as violation_count,
       count(distinct e.user_id) as affected_users, max(e.executed_at) as last_violation
from prompt_executions e
cross join lateral jsonb_array_elements(e.guardrail_violations) as v
join prompt_guardrails g on g.name = v ->> 'guardrail_name'
where jsonb_array_length(e.guardrail_violations) > 0
group by e.template_name, g.name, g.guardrail_type;

create view v_active_ab_tests as
select id, name, description, template_name, control_template_id, variant_template_ids, traffic_allocation,
       primary_metric, minimum_sample_size, total_executions, control_executions, variant_executions,
       control_metric_value, variant_metric_values, statistical_significance, actual_start_date,
       scheduled_end_date,
       case when total_executions >= minimum_sample_size then 'sufficient' else 'collecting' end as sample_status
from ab_test_experiments where status = 'active';

create function update_template_statistics() returns trigger language plpgsql as $$
begin
  update prompt_templates set
    total_executions = total_executions + 1,
    success_count = success_count + case when new.status = 'success' then 1 else 0 end,
    failure_count = failure_count + case when new.status = 'failure' then 1 else 0 end,
    avg_response_time_ms = (coalesce(avg_response_time_ms, 0) * total_executions + coalesce(new.execution_time_ms, 0))
                           / (total_executions + 1),
    avg_token_count = (coalesce(avg_token_count, 0) * total_executions + coalesce(new.token_count, 0))
                      / (total_executions + 1),
    avg_cost_usd = (coalesce(avg_cost_usd, 0) * total_executions + coalesce(new.cost_usd, 0)) / (total_executions + 1)
  where id = new.template_id;
  return new;
end $$;
create trigger trigger_update_template_statistics after insert on prompt_executions
  for each row execute function update_template_statistics();

create function update_ab_test_statistics() returns trigger language plpgsql as $$
declare
  experiment ab_test_experiments;
begin
  select * into experiment from ab_test_experiments where template_name = new.template_name and status = 'active' limit 1;
  if found then
    update ab_test_experiments set
      total_executions = total_executions + 1,
      control_executions = control_executions + case when new.ab_test_group = 'control' then 1 else 0 end,
      variant_executions = case when new.ab_test_group = 'control' or new.ab_test_group is null then variant_executions
        else jsonb_set(variant_executions, array[new.ab_test_group::text],
                       to_jsonb(coalesce((variant_executions ->> new.ab_test_group)::int, 0) + 1)) end
    where id = experiment.id;
  end if;
  return new;
end $$;
create trigger trigger_update_ab_test_statistics after insert on prompt_executions
  for each row execute function update_ab_test_statistics();

create function enforce_single_active_template() returns trigger language plpgsql as $$
begin
  if new.is_active and new.ab_test_group is null then
    update prompt_templates set is_active = false, deactivated_at = now()
    where name = new.name and ab_test_group is null and id <> new.id;
  end if;
  return new;
end $$;
create trigger trigger_enforce_single_active_template before insert or update on prompt_templates
  for each row when (new.is_active = true) execute function enforce_single_active_template();

create table schema_migrations (
  version varchar(255) primary key,
  description text,
  executed_at timestamp default now()
);
insert into schema_migrations (version, description, executed_at)
values ('enterprise_prompt_system_phase1', 'Prompt management', '2025-03-01 10:00:00');

grant select, insert, update on prompt_templates to public;
grant select, insert on prompt_executions to public;
grant select on prompt_guardrails to public;
grant select, update on ab_test_experiments to public;
grant select on v_template_performance, v_recent_execution_errors, v_guardrail_violations_summary, v_active_ab_tests
  to public;

insert into prompt_templates (name, category, is_active, created_by, description, variables, template_text, created_at)
values
('nlu_topic_extraction', 'nlu', true, 'system', 'Topics of a question', '["student_query", "interests"]',
 'Topics of {{ student_query }}{% if interests %} for {{ interests | join(", ") }}{% endif %}', '2025-03-01 10:00:00'),
('clarification_question_generation', 'clarification', true, 'system', 'Three questions',
 '["student_query", "interests"]', 'Ask about {{ student_query }}', '2025-03-01 10:00:00'),
('educational_script_generation', 'script_generation', true, 'system', 'A lesson',
 '["topics", "rag_context", "grade_level", "duration_seconds", "interests"]',
 'A lesson on {{ topics | join(", ") }} for {{ grade_level }}, {{ duration_seconds }} s', '2025-03-01 10:00:00');
insert into prompt_guardrails (name, guardrail_type, severity, action, config, created_by) values
('pii_detection_basic', 'pii_detection', 'critical', 'block', '{"redaction_mode": "block_request"}', 'system'),
('toxic_content_filter', 'toxic_content', 'high', 'block', '{"threshold": 0.7}', 'system'),
('prompt_injection_detection', 'prompt_injection', 'critical', 'block', '{"case_sensitive": false}', 'system');
