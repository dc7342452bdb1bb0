-- Prompts live in the database, one row per version, so that a new wording, a guardrail or an experiment
-- needs no deployment: 5 tables, 16 indexes, 4 views, 3 triggers, 6 seed rows.
-- A database on which the earlier runner applied its file of this name is adopted, not migrated twice:
-- schemagate: adopts public.schema_migrations version=enterprise_prompt_system_phase1
--
-- Deliberately absent: grants (roles are made where the service is deployed) and a trigger that keeps
-- updated_at: the writer of a row sets it; activation, below, sets it for the rows it changes.

-- fillfactor, here and below: counters are updated all day and stay out of every index, so that an
-- update finds room in its own page and touches no index.
create table prompt_templates (
  id                    uuid primary key default gen_random_uuid(),
  name                  varchar(255) not null,
  description           text,
  category              varchar(100),
  template_text         text not null,
  variables             jsonb not null default '[]' check (jsonb_typeof(variables) = 'array'),
  version               integer not null default 1 check (version >= 1),
  parent_version_id     uuid references prompt_templates on delete set null,
  is_active             boolean not null default false,
  ab_test_group         varchar(50),
  traffic_percentage    integer not null default 0 check (traffic_percentage between 0 and 100),
  ab_test_start_date    timestamptz,
  ab_test_end_date      timestamptz,
  total_executions      bigint not null default 0,
  success_count         bigint not null default 0,
  failure_count         bigint not null default 0,
  avg_response_time_ms  double precision,
  avg_token_count       double precision,
  avg_cost_usd          numeric,
  created_by            varchar(255),
  updated_by            varchar(255),
  deactivated_by        varchar(255),
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  deactivated_at        timestamptz,
  response_time_samples bigint not null default 0,
  token_count_samples   bigint not null default 0,
  cost_samples          bigint not null default 0,
  constraint uq_prompt_templates_name_version unique (name, version)
) with (fillfactor = 70);
comment on table prompt_templates is 'One row per version of a prompt; the prompt itself is the name.';
comment on column prompt_templates.variables is
  'Every name the text uses. Required are those used outside an if; the renderer works that out from the text.';
comment on column prompt_templates.ab_test_group is 'Null: served to everybody; otherwise control, variant_a, ...';
comment on column prompt_templates.avg_cost_usd is
  'Like the other averages: over executions that reported a value (counted in _samples), null before the first.';

create table prompt_executions (
  id                   uuid primary key default gen_random_uuid(),
  template_id          uuid references prompt_templates on delete set null,
  template_name        varchar(255) not null,
  template_version     integer not null,
  ab_test_group        varchar(50),
  user_id              varchar(255),
  request_id           uuid,
  session_id           varchar(255),
  input_variables      jsonb not null,
  rendered_prompt      text not null,
  model_response       text,
  execution_time_ms    integer,
  token_count          integer,
  cost_usd             numeric(10,6),
  status               varchar(50) not null check (status in ('success', 'failure', 'partial', 'blocked')),
  error_message        text,
  error_type           varchar(100),
  guardrail_violations jsonb not null default '[]' check (jsonb_typeof(guardrail_violations) = 'array'),
  guardrail_action     varchar(50) check (guardrail_action in ('allow', 'warn', 'redact', 'block')),
  executed_at          timestamptz not null default now(),
  environment          varchar(50) check (environment in ('dev', 'staging', 'production'))
);
comment on table prompt_executions is 'The log of renders. It outlives its templates: name and version are copies.';
comment on column prompt_executions.template_id is
  'Null: the prompt was not found (template_version is then 0) or is gone.';

create table prompt_guardrails (
  id                    uuid primary key default gen_random_uuid(),
  name                  varchar(255) not null unique,
  description           text,
  guardrail_type        varchar(100) not null check (guardrail_type in
                          ('pii_detection', 'toxic_content', 'prompt_injection', 'content_policy')),
  is_active             boolean not null default true,
  severity              varchar(50) not null check (severity in ('critical', 'high', 'medium', 'low')),
  action                varchar(50) not null check (action in ('block', 'redact', 'warn', 'log')),
  config                jsonb not null check (jsonb_typeof(config) = 'object'),
  applies_to_templates  varchar(255)[] not null default '{}',
  applies_to_categories varchar(100)[] not null default '{}',
  total_checks          bigint not null default 0,
  violation_count       bigint not null default 0,
  false_positive_count  bigint not null default 0,
  created_by            varchar(255),
  created_at            timestamptz not null default now(),
  updated_by            varchar(255),
  updated_at            timestamptz not null default now()
) with (fillfactor = 70);
comment on table prompt_guardrails is
  'Rules for what goes into a prompt. With both scopes empty a rule applies to every prompt.';

-- The allocation is {"control": 50, "variant_a": 50} or, where order matters, [{"variant": "control",
-- "weight": 50}, ...]. A check cannot aggregate: it collects the numbers of either form, pads them with
-- zeros and adds the first six, as many groups as an experiment may have.
create table ab_test_experiments (
  id                            uuid primary key default gen_random_uuid(),
  name                          varchar(255) not null unique,
  description                   text,
  template_name                 varchar(255) not null,
  status                        varchar(50) not null check (status in
                                  ('draft', 'active', 'paused', 'completed', 'cancelled')),
  control_template_id           uuid not null references prompt_templates on delete restrict,
  variant_template_ids          uuid[] not null check (cardinality(variant_template_ids) >= 1),
  traffic_allocation            jsonb not null,
  primary_metric                varchar(100) not null,
  target_improvement_percentage double precision,
  minimum_sample_size           integer not null default 1000 check (minimum_sample_size >= 1),
  total_executions              bigint not null default 0,
  control_executions            bigint not null default 0,
  variant_executions            jsonb not null default '{}' check (jsonb_typeof(variant_executions) = 'object'),
  control_metric_value          double precision,
  variant_metric_values         jsonb not null default '{}' check (jsonb_typeof(variant_metric_values) = 'object'),
  statistical_significance      double precision check (statistical_significance between 0 and 1),
  confidence_level              double precision not null default 0.95
                                  check (confidence_level > 0 and confidence_level < 1),
  winner_variant                varchar(50),
  winner_declared_at            timestamptz,
  winner_declared_by            varchar(255),
  scheduled_start_date          timestamptz,
  actual_start_date             timestamptz,
  scheduled_end_date            timestamptz,
  actual_end_date               timestamptz,
  created_by                    varchar(255),
  created_at                    timestamptz not null default now(),
  updated_by                    varchar(255),
  updated_at                    timestamptz not null default now(),
  constraint ab_test_experiments_traffic_allocation_check check (jsonb_path_match(
    jsonb_path_query_array(traffic_allocation, '$.* ? (@.type() == "number")') || '[0, 0, 0, 0, 0]',
    '$.size() <= 11 && !exists($[*] ? (@ < 0)) && $[0] + $[1] + $[2] + $[3] + $[4] + $[5] == 100') is true)
) with (fillfactor = 70);
comment on column ab_test_experiments.statistical_significance is 'The p-value.';

create table schema_migrations (
  version     varchar(255) primary key,
  description text,
  executed_at timestamptz not null default now()
);
comment on table schema_migrations is 'Kept for tools that read it. The history that decides is schemagate.history.';

-- One version of a prompt serves everybody, one each group, and one experiment runs on a prompt.
create unique index uq_prompt_templates_active on prompt_templates (name)
  where is_active and ab_test_group is null;
create unique index uq_prompt_templates_active_group on prompt_templates (name, ab_test_group)
  where is_active and ab_test_group is not null;
create unique index uq_ab_test_experiments_active on ab_test_experiments (template_name)
  where status = 'active';

create index idx_prompt_templates_active on prompt_templates (category, name) where is_active;
create index idx_prompt_templates_ab_test on prompt_templates (name, ab_test_group, traffic_percentage)
  where ab_test_group is not null;
create index idx_prompt_templates_version on prompt_templates (parent_version_id);
create index idx_prompt_templates_performance on prompt_templates (category, name, version);

create index idx_prompt_executions_template on prompt_executions (template_id, executed_at desc);
create index idx_prompt_executions_user on prompt_executions (user_id, executed_at desc) where user_id is not null;
create index idx_prompt_executions_request on prompt_executions (request_id) where request_id is not null;
create index idx_prompt_executions_errors on prompt_executions (status, executed_at desc);
create index idx_prompt_executions_guardrails on prompt_executions (template_id, guardrail_action)
  where guardrail_violations <> '[]';  -- true or false for any value: no row can fail to be indexed
comment on index idx_prompt_executions_errors is
  'Also serves "the last N days" of everything: name all four statuses, status in (...) and executed_at >= ...';

create index idx_prompt_guardrails_active on prompt_guardrails (severity, name) where is_active;
create index idx_prompt_guardrails_templates on prompt_guardrails using gin (applies_to_templates);
create index idx_prompt_guardrails_categories on prompt_guardrails using gin (applies_to_categories);
create index idx_prompt_guardrails_performance on prompt_guardrails (guardrail_type, name);

create index idx_ab_test_experiments_active on ab_test_experiments (scheduled_end_date, template_name)
  where status = 'active';
create index idx_ab_test_experiments_timeline on ab_test_experiments (actual_start_date, actual_end_date);
create index idx_ab_test_experiments_stats
  on ab_test_experiments (template_name, statistical_significance, winner_variant);

-- Activating a version retires the active one of the same name and group. Two activations of a name take
-- turns at the advisory lock, and only rows that are active are touched: each holds the row it activates,
-- which the other, seeing it inactive, does not want. So neither deadlocks, and the last one wins.
-- "from current": the functions work in the schema they are made in, whatever a session's search_path.
create function enforce_single_active_template() returns trigger
language plpgsql set search_path from current as $function$
begin
  if tg_op = 'UPDATE' and old.is_active and old.name = new.name
     and old.ab_test_group is not distinct from new.ab_test_group then
    return new;  -- it was the active one already
  end if;
  perform pg_advisory_xact_lock(hashtextextended('prompt_templates ' || new.name, 0));
  -- The unique key will refuse this row, perhaps silently (on conflict do nothing): retire nothing for it.
  if tg_op = 'INSERT' and exists (select from prompt_templates where name = new.name and version = new.version) then
    return new;
  end if;
  update prompt_templates
  set is_active = false, deactivated_at = clock_timestamp(), updated_at = clock_timestamp(),
      deactivated_by = coalesce(new.updated_by, new.created_by)
  where name = new.name and ab_test_group is not distinct from new.ab_test_group and is_active and id <> new.id;
  new.deactivated_at := null;
  new.deactivated_by := null;
  new.updated_at := clock_timestamp();
  return new;
end
$function$;

create trigger trigger_enforce_single_active_template
  before insert or update of is_active, name, ab_test_group on prompt_templates
  for each row when (new.is_active) execute function enforce_single_active_template();

-- One update per template and statement, however many rows a batch logs. Batches that share a prompt take
-- turns at an advisory lock, in order of name, and lock inactive versions before active ones, as an
-- activation does: so batches do not deadlock with each other, nor with an activation. (Only several
-- activations of one prompt at the same moment can still collide with a batch: 40P01, try again.)
-- Only success and failure have a counter of their own; values reported later, by an update of the
-- execution, are not averaged in.
create function update_template_statistics() returns trigger
language plpgsql set search_path from current as $function$
begin
  perform pg_advisory_xact_lock(hashtextextended('prompt_executions ' || template_name, 0))
  from (select distinct template_name from logged order by template_name) names;
  perform from prompt_templates where id in (select template_id from logged)
  order by is_active, id for no key update;
  update prompt_templates t
  set total_executions = t.total_executions + batch.executions,
      success_count = t.success_count + batch.successes,
      failure_count = t.failure_count + batch.failures,
      avg_response_time_ms = (coalesce(t.avg_response_time_ms * t.response_time_samples, 0) + batch.time_sum)
                             / nullif(t.response_time_samples + batch.times, 0),
      avg_token_count = (coalesce(t.avg_token_count * t.token_count_samples, 0) + batch.token_sum)
                        / nullif(t.token_count_samples + batch.tokens, 0),
      avg_cost_usd = (coalesce(t.avg_cost_usd * t.cost_samples, 0) + batch.cost_sum)
                     / nullif(t.cost_samples + batch.costs, 0),
      response_time_samples = t.response_time_samples + batch.times,
      token_count_samples = t.token_count_samples + batch.tokens,
      cost_samples = t.cost_samples + batch.costs
  from (select template_id, count(*) as executions,
               count(*) filter (where status = 'success') as successes,
               count(*) filter (where status = 'failure') as failures,
               count(execution_time_ms) as times, coalesce(sum(execution_time_ms), 0) as time_sum,
               count(token_count) as tokens, coalesce(sum(token_count), 0) as token_sum,
               count(cost_usd) as costs, coalesce(sum(cost_usd), 0) as cost_sum
        from logged group by template_id) batch
  where t.id = batch.template_id;
  return null;
end
$function$;

create trigger trigger_update_template_statistics
  after insert on prompt_executions referencing new table as logged
  for each statement execute function update_template_statistics();

-- An execution belongs to the active experiment on its prompt when it carries a group. One without a
-- group counts as control if it ran the control version, which needs no group of its own to be served.
create function update_ab_test_statistics() returns trigger
language plpgsql set search_path from current as $function$
begin
  perform from ab_test_experiments where status = 'active' and template_name in (select template_name from logged)
  order by id for no key update;
  update ab_test_experiments x
  set total_executions = x.total_executions + batch.executions,
      control_executions = x.control_executions + batch.controls,
      variant_executions = (
        select coalesce(jsonb_object_agg(variant, executions), '{}')
        from (select key as variant, sum(value::bigint) as executions
              from (select * from jsonb_each_text(x.variant_executions)
                    union all select * from jsonb_each_text(batch.variants)) both_sides
              group by key) merged)
  from (select id, sum(executions) as executions,
               coalesce(sum(executions) filter (where variant = 'control'), 0) as controls,
               coalesce(jsonb_object_agg(variant, executions) filter (where variant <> 'control'), '{}') as variants
        from (select e.id, coalesce(l.ab_test_group, 'control') as variant, count(*) as executions
              from logged l join ab_test_experiments e on e.template_name = l.template_name and e.status = 'active'
              where l.ab_test_group is not null or l.template_id = e.control_template_id
              group by 1, 2) per_variant
        group by id) batch
  where x.id = batch.id;
  return null;
end
$function$;

create trigger trigger_update_ab_test_statistics
  after insert on prompt_executions referencing new table as logged
  for each statement execute function update_ab_test_statistics();

create view v_template_performance as
select id, name, category, version, is_active, ab_test_group, total_executions, success_count, failure_count,
       coalesce(round(100.0 * success_count / nullif(total_executions, 0), 2), 0) as success_rate_percentage,
       avg_response_time_ms, avg_token_count, avg_cost_usd, created_at, updated_at
from prompt_templates
order by total_executions desc;

-- The newest 100 executions that did not succeed. Status by status, each walks its part of
-- idx_prompt_executions_errors and stops at 100, however long the log and however rare the errors.
create view v_recent_execution_errors as
select e.*
from unnest(array['failure', 'partial', 'blocked']) as unsuccessful (status)
cross join lateral (
  select id, template_name, template_version, error_type, error_message, executed_at, user_id, request_id,
         prompt_executions.status, template_id
  from prompt_executions where prompt_executions.status = unsuccessful.status
  order by executed_at desc limit 100) e
order by e.executed_at desc
limit 100;

-- A violation stays in the summary when its guardrail is renamed or gone.
create view v_guardrail_violations_summary as
select e.template_name, violation ->> 'guardrail_name' as guardrail_name,
       coalesce(g.guardrail_type, violation ->> 'guardrail_type') as guardrail_type,
       count(*) as violation_count, count(distinct e.user_id) as affected_users, max(e.executed_at) as last_violation
from prompt_executions e
cross join lateral jsonb_array_elements(e.guardrail_violations) as violation
left join prompt_guardrails g on g.name = violation ->> 'guardrail_name'
where e.guardrail_violations <> '[]'
group by 1, 2, 3;

create view v_active_ab_tests as
select id, name, description, template_name, control_template_id, variant_template_ids, traffic_allocation,
       primary_metric, target_improvement_percentage, minimum_sample_size, total_executions, control_executions,
       variant_executions, control_metric_value, variant_metric_values, statistical_significance,
       confidence_level, scheduled_start_date, actual_start_date, scheduled_end_date,
       case when total_executions >= minimum_sample_size then 'sufficient' else 'collecting' end as sample_status
from ab_test_experiments
where status = 'active';

-- The optional names are interests (in all three) and rag_context: the texts use them inside an if only.
insert into prompt_templates (name, category, is_active, created_by, description, variables, template_text) values
('nlu_topic_extraction', 'nlu', true, 'system',
 'Finds topics, subject, grade and learning objectives in a student''s question.',
 '["student_query", "interests"]',
 $prompt$Read a student's question the way an experienced teacher would, and say what it is about.

Question: {{ student_query }}
{% if interests %}The student is interested in: {{ interests | join(", ") }}.{% endif %}

Reply with one JSON object and nothing else. Its keys: "topics" (strings, the most important first), "subject" (a string), "grade_level" (a string, null when the question does not tell) and "learning_objectives" (strings, each starting with a verb).$prompt$),
('clarification_question_generation', 'clarification', true, 'system',
 'Asks back, in three questions, when a student''s question is too vague to answer.',
 '["student_query", "interests"]',
 $prompt$This question leaves open what the student really wants to know:

{{ student_query }}
{% if interests %}The student is interested in: {{ interests | join(", ") }}. Use this for examples.{% endif %}

Write three short questions whose answers would settle it. Each asks one thing, in words the student knows. Reply with one JSON object and nothing else. Its keys: "questions" (three strings) and "reasoning" (one sentence on what was unclear).$prompt$),
('educational_script_generation', 'script_generation', true, 'system',
 'Writes the script of a lesson from its topics and the material found for them.',
 '["topics", "rag_context", "grade_level", "duration_seconds", "interests"]',
 $prompt$Write the script of a lesson for grade {{ grade_level }} about {{ topics | join(", ") }}. Read aloud at a calm pace it takes {{ duration_seconds }} seconds.
{% if rag_context %}
Take the facts from this material, and leave out what it does not support:
{{ rag_context }}
{% endif %}{% if interests %}
Choose examples from what the student likes: {{ interests | join(", ") }}.
{% endif %}
Open with a question that makes curious, explain one idea at a time, and close with a summary of two sentences and one question to think about. Use words a student of that grade knows. Give only the spoken text, with a blank line between scenes.$prompt$);

-- Patterns are RE2 (linear time, [0-9] because \d may match other scripts' digits). Normalising the text
-- (NFKC, any white space to one blank) before matching, and "luhn", are the service's part.
insert into prompt_guardrails (name, guardrail_type, severity, action, created_by, description, config) values
('pii_detection_basic', 'pii_detection', 'critical', 'block', 'system',
 'Social security, payment card and phone numbers and e-mail addresses. A bare run of digits is no phone number.',
 $json${"patterns": [
   {"entity": "SSN", "regex": "\\b[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}\\b"},
   {"entity": "CREDIT_CARD", "validate": "luhn", "regex": "\\b[2-6][0-9]{3}(?:[ -]?[0-9]{4}){3}\\b"},
   {"entity": "CREDIT_CARD", "validate": "luhn", "regex": "\\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\\b"},
   {"entity": "PHONE_NUMBER", "regex": "\\([2-9][0-9]{2}\\) ?[2-9][0-9]{2}[ .-][0-9]{4}\\b"},
   {"entity": "PHONE_NUMBER", "regex": "\\b[2-9][0-9]{2}[ .-][2-9][0-9]{2}[ .-][0-9]{4}\\b"},
   {"entity": "PHONE_NUMBER", "regex": "\\B\\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}\\b"},
   {"entity": "EMAIL_ADDRESS", "regex": "[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}"}],
  "entity_types": ["SSN", "CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS"],
  "redaction_mode": "block_request"}$json$),
('toxic_content_filter', 'toxic_content', 'high', 'block', 'system',
 'Placeholder: no detector is connected ("detector": "none"), so this rule never fires. It keeps the settings for one.',
 '{"detector": "none", "threshold": 0.7, "allow_educational_context": true,
   "categories": ["profanity", "hate_speech", "violence", "sexual_content"]}'),
('prompt_injection_detection', 'prompt_injection', 'critical', 'block', 'system',
 'Phrases that try to replace our instructions. A tripwire for the plain attempts, no proof against the clever ones.',
 $json${"fold_whitespace": true, "case_sensitive": false, "patterns": [
   {"regex": "(?i)\\b(?:ignore|disregard|forget|override)\\s+(?:(?:all|any|every|of|the|your|my|these|those)\\s+){0,3}(?:previous|prior|earlier|preceding|above|foregoing)\\s+(?:instruction|prompt|direction|command|message|guideline)s?\\b"},
   {"regex": "(?i)\\b(?:ignore|disregard|forget|override|bypass)\\s+(?:all\\s+)?(?:of\\s+)?your\\s+(?:[a-z]+\\s+)?(?:instruction|rule|guideline|restriction|programming|prompt)s?\\b"},
   {"regex": "(?i)\\b(?:reveal|show|print|repeat|output)\\s+(?:me\\s+)?(?:your|the)\\s+(?:[a-z]+\\s+)?(?:system|hidden|initial)\\s+(?:prompt|message|instruction)s?\\b"},
   {"regex": "(?i)\\bsystem\\s*:\\s*(?:you\\s+(?:are|must|will)|ignore|disregard|forget|override|from\\s+now\\s+on|new\\s+instruction)"},
   {"regex": "(?i)<\\|?(?:im_start|system|inst)\\|?>|\\[/?(?:system|inst)\\]|<<sys>>"},
   {"regex": "(?i)\\bjailbreak\\s+(?:mode|prompt|yourself|this\\s+(?:ai|model|assistant))\\b|\\bdo\\s+anything\\s+now\\b"}]}$json$);

insert into schema_migrations (version, description)
values ('enterprise_prompt_system_phase1', 'Prompts, executions, guardrails and experiments');
