-- Turns the database that the earlier runner made into what 0001 makes on an empty one, and is the one place
-- where its rows are mended. No row is deleted; where a value had to change, the old one stays beside it.
-- schemagate: only-if-adopted 0001

-- What follows assumes exactly the earlier objects: it must never run over mended rows.
do $guard$
declare
  wrong text;
begin
  select string_agg(what, '; ') into wrong from (values
    ('prompt_templates has the column cost_samples already',
     not exists (select from pg_attribute where attrelid = to_regclass('prompt_templates') and attname = 'cost_samples')),
    ('the constraint unique_active_template is missing',
     exists (select from pg_constraint where conrelid = to_regclass('prompt_templates')
             and conname = 'unique_active_template')),
    ('prompt_templates.created_at is no timestamp without time zone',
     exists (select from pg_attribute where attrelid = to_regclass('prompt_templates') and attname = 'created_at'
             and atttypid = 'timestamp'::regtype)),
    ('a table is missing', to_regclass('prompt_executions') is not null and to_regclass('prompt_guardrails') is not null
                           and to_regclass('ab_test_experiments') is not null)
  ) as expectation (what, holds) where holds is not true;
  select nullif(concat_ws('; ', wrong, string_agg(format('the column %s.%s is missing', c.table_name, name), '; ')), '')
  into wrong
  from (values
    ('prompt_templates', 'id name description category template_text variables version parent_version_id is_active
       ab_test_group traffic_percentage ab_test_start_date ab_test_end_date total_executions success_count failure_count
       avg_response_time_ms avg_token_count avg_cost_usd created_by updated_by deactivated_by created_at updated_at
       deactivated_at'),
    ('prompt_executions', 'id template_id template_name template_version ab_test_group user_id request_id session_id
       input_variables rendered_prompt model_response execution_time_ms token_count cost_usd status error_message
       error_type guardrail_violations guardrail_action executed_at environment'),
    ('prompt_guardrails', 'id name description guardrail_type is_active severity action config applies_to_templates
       applies_to_categories total_checks violation_count false_positive_count created_by created_at updated_by
       updated_at'),
    ('ab_test_experiments', 'id name description template_name status control_template_id variant_template_ids
       traffic_allocation primary_metric target_improvement_percentage minimum_sample_size total_executions
       control_executions variant_executions control_metric_value variant_metric_values statistical_significance
       confidence_level winner_variant winner_declared_at winner_declared_by scheduled_start_date actual_start_date
       scheduled_end_date actual_end_date created_by created_at updated_by updated_at'),
    ('schema_migrations', 'version description executed_at')) as c (table_name, names)
  cross join regexp_split_to_table(c.names, '\s+') as name
  where not exists (select from pg_attribute a where a.attrelid = to_regclass(c.table_name) and a.attname = name
                                               and a.attnum > 0 and not a.attisdropped);
  if wrong is not null then
    raise exception 'this is not the database that the earlier runner left: %', wrong using errcode = 'assert_failure',
      hint = 'Nothing was changed. Restore what is missing or, if 0002 ran here before, the lost schemagate.history.';
  end if;
end
$guard$;

drop view v_template_performance, v_recent_execution_errors, v_guardrail_violations_summary, v_active_ab_tests;
drop trigger trigger_update_template_statistics on prompt_executions;
drop trigger trigger_update_ab_test_statistics on prompt_executions;
drop trigger trigger_enforce_single_active_template on prompt_templates;
drop function update_template_statistics(), update_ab_test_statistics(), enforce_single_active_template();
alter table prompt_templates drop constraint unique_active_template;
drop index idx_prompt_templates_active, idx_prompt_templates_ab_test, idx_prompt_templates_version,
  idx_prompt_templates_performance, idx_prompt_executions_template, idx_prompt_executions_user,
  idx_prompt_executions_request, idx_prompt_executions_errors, idx_prompt_executions_guardrails,
  idx_prompt_guardrails_active, idx_prompt_guardrails_templates, idx_prompt_guardrails_categories,
  idx_prompt_guardrails_performance, idx_ab_test_experiments_active, idx_ab_test_experiments_timeline,
  idx_ab_test_experiments_stats;

-- Templates: repeated versions are numbered by time, then id, so that the highest is still the newest text; of
-- several active ones the newest stays. One without any time counts as the oldest.
-- Executions: only those in need are written, as the log may be long. Error and every unknown status become failure,
-- the unknown ones with their text in error_type; what else was free text is kept in error_message.
with numbered as (
  select id, name, ab_test_group, is_active, version as old_version, coalesce(created_at, updated_at) as made_at,
         case when count(*) over by_name > max(repeated.versions) over by_name or min(version) over by_name < 1
              then row_number() over (partition by name order by coalesce(created_at, updated_at) nulls first, id)
              else version end as version
  from prompt_templates
  join (select name, count(distinct version) as versions from prompt_templates group by name) repeated using (name)
  window by_name as (partition by name)
), ranked as (
  select *, is_active and row_number() over (partition by name, ab_test_group, is_active
                                             order by made_at desc nulls last, version desc, id desc) > 1 as surplus
  from numbered
), mended as (
  update prompt_templates t set
    version = r.version,
    is_active = coalesce(t.is_active and not r.surplus, false),
    deactivated_at = case when r.surplus then now() at time zone 'UTC' else t.deactivated_at end,
    deactivated_by = case when r.surplus then 'migration 0002' else t.deactivated_by end,
    description = nullif(concat_ws(' ', t.description,
      case when r.version <> r.old_version then '[version was ' || r.old_version || ']' end,
      case when jsonb_typeof(t.variables) = 'object' then '[variables were ' || t.variables::text || ']' end), '')
  from ranked r where r.id = t.id
  returning t.id, t.version, r.old_version
), moved as (
  select * from mended where version <> old_version
)
update prompt_executions e set
  template_version = coalesce((select m.version from moved m where m.id = e.template_id), e.template_version),
  status = case when e.status in ('success', 'failure', 'partial', 'blocked') then e.status else 'failure' end,
  error_type = case when e.status in ('success', 'failure', 'partial', 'blocked', 'error') then e.error_type
                    else left(concat_ws('; ', e.status, e.error_type), 100) end,
  error_message = nullif(concat_ws(' ', e.error_message,
    case when e.status not in ('success', 'failure', 'partial', 'blocked', 'error')
              and length(concat_ws('; ', e.status, e.error_type)) > 100
         then '[error_type was ' || e.error_type || ']' end,
    (select '[template_version was ' || e.template_version || ']' from moved m
     where m.id = e.template_id and e.template_version <> m.old_version),
    case when e.guardrail_action not in ('allow', 'warn', 'redact', 'block', 'blocked')
         then '[guardrail_action was ' || e.guardrail_action || ']' end,
    case when e.environment not in ('dev', 'staging', 'production', 'development', 'stage', 'prod')
         then '[environment was ' || e.environment || ']' end), ''),
  guardrail_violations = case when e.guardrail_violations is null or e.guardrail_violations = 'null' then '[]'
    when jsonb_typeof(e.guardrail_violations) <> 'array' then jsonb_build_array(e.guardrail_violations)
    else e.guardrail_violations end,
  guardrail_action = case when e.guardrail_action in ('allow', 'warn', 'redact', 'block') then e.guardrail_action
    when e.guardrail_action = 'blocked' then 'block' end,
  environment = case e.environment when 'development' then 'dev' when 'stage' then 'staging' when 'prod' then 'production'
    when 'dev' then 'dev' when 'staging' then 'staging' when 'production' then 'production' end,
  executed_at = coalesce(e.executed_at, now() at time zone 'UTC')
where e.template_id in (select id from moved)
   or e.status not in ('success', 'failure', 'partial', 'blocked')
   or jsonb_typeof(e.guardrail_violations) is distinct from 'array'
   or e.guardrail_action not in ('allow', 'warn', 'redact', 'block')
   or e.environment not in ('dev', 'staging', 'production')
   or e.executed_at is null;

alter table prompt_executions
  alter template_id drop not null,
  drop constraint prompt_executions_template_id_fkey,
  add constraint prompt_executions_template_id_fkey
    foreign key (template_id) references prompt_templates on delete set null,
  alter guardrail_violations set not null,
  alter executed_at type timestamptz using executed_at at time zone 'UTC',
  alter executed_at set not null,
  add check (status in ('success', 'failure', 'partial', 'blocked')),
  add check (jsonb_typeof(guardrail_violations) = 'array'),
  add check (guardrail_action in ('allow', 'warn', 'redact', 'block')),
  add check (environment in ('dev', 'staging', 'production'));

-- Counters and averages of templates come from the executions, since the old triggers drifted; a count that the
-- log no longer holds is kept.
alter table prompt_templates
  alter total_executions type bigint, alter success_count type bigint, alter failure_count type bigint,
  alter avg_token_count type double precision,
  alter avg_cost_usd type numeric,
  alter ab_test_start_date type timestamptz using ab_test_start_date at time zone 'UTC',
  alter ab_test_end_date type timestamptz using ab_test_end_date at time zone 'UTC',
  alter created_at type timestamptz using coalesce(created_at, updated_at, now() at time zone 'UTC') at time zone 'UTC',
  alter updated_at type timestamptz using coalesce(updated_at, created_at, now() at time zone 'UTC') at time zone 'UTC',
  alter deactivated_at type timestamptz using deactivated_at at time zone 'UTC',
  add response_time_samples bigint not null default 0,
  add token_count_samples bigint not null default 0,
  add cost_samples bigint not null default 0,
  set (fillfactor = 70);

with measured as (
  select template_id, count(*) as executions, count(*) filter (where status = 'success') as successes,
         count(*) filter (where status = 'failure') as failures, count(execution_time_ms) as times,
         avg(execution_time_ms) as time_mean, count(token_count) as tokens, avg(token_count) as token_mean,
         count(cost_usd) as costs, avg(cost_usd) as cost_mean
  from prompt_executions group by template_id
)
update prompt_templates t set
  variables = case when t.variables is null or t.variables = 'null' then '[]'
    when jsonb_typeof(t.variables) = 'object' then
      (select coalesce(jsonb_agg(key order by key), '[]') from jsonb_object_keys(t.variables) as key)
    when jsonb_typeof(t.variables) <> 'array' then jsonb_build_array(t.variables) else t.variables end,
  traffic_percentage = coalesce(t.traffic_percentage, 0),
  total_executions = greatest(coalesce(t.total_executions, 0), coalesce(m.executions, 0)),
  success_count = greatest(coalesce(t.success_count, 0), coalesce(m.successes, 0)),
  failure_count = greatest(coalesce(t.failure_count, 0), coalesce(m.failures, 0)),
  avg_response_time_ms = case when m.times > 0 then m.time_mean else t.avg_response_time_ms end,
  avg_token_count = case when m.tokens > 0 then m.token_mean else t.avg_token_count end,
  avg_cost_usd = case when m.costs > 0 then m.cost_mean else t.avg_cost_usd end,
  -- Of an average whose executions are gone nobody knows how many it stands for: it weighs like one.
  response_time_samples = greatest(coalesce(m.times, 0), (t.avg_response_time_ms is not null)::integer),
  token_count_samples = greatest(coalesce(m.tokens, 0), (t.avg_token_count is not null)::integer),
  cost_samples = greatest(coalesce(m.costs, 0), (t.avg_cost_usd is not null)::integer)
from prompt_templates every left join measured m on m.template_id = every.id
where every.id = t.id;

alter table prompt_templates
  alter variables set not null, alter is_active set not null, alter traffic_percentage set not null,
  alter total_executions set not null, alter success_count set not null, alter failure_count set not null,
  alter created_at set not null, alter updated_at set not null,
  add check (jsonb_typeof(variables) = 'array'),
  add check (version >= 1),
  add constraint uq_prompt_templates_name_version unique (name, version);

-- Guardrails: what no check knows is kept in config. An unknown action never blocked anything, so it logs.
update prompt_guardrails set
  config = case when jsonb_typeof(config) = 'object' then config else jsonb_build_object('earlier_config', config) end
    || case when guardrail_type in ('pii_detection', 'toxic_content', 'prompt_injection', 'content_policy') then '{}'
            else jsonb_build_object('earlier_guardrail_type', guardrail_type) end
    || case when severity in ('critical', 'high', 'medium', 'low') then '{}'
            else jsonb_build_object('earlier_severity', severity) end
    || case when action in ('block', 'redact', 'warn', 'log') then '{}'
            else jsonb_build_object('earlier_action', action) end,
  guardrail_type = case when guardrail_type in ('pii_detection', 'toxic_content', 'prompt_injection', 'content_policy')
                        then guardrail_type else 'content_policy' end,
  severity = case when severity in ('critical', 'high', 'medium', 'low') then severity else 'medium' end,
  action = case when action in ('block', 'redact', 'warn', 'log') then action else 'log' end,
  is_active = coalesce(is_active, false),
  applies_to_templates = coalesce(applies_to_templates, '{}'),
  applies_to_categories = coalesce(applies_to_categories, '{}'),
  total_checks = coalesce(total_checks, 0), violation_count = coalesce(violation_count, 0),
  false_positive_count = coalesce(false_positive_count, 0),
  created_at = coalesce(created_at, updated_at, now() at time zone 'UTC'),
  updated_at = coalesce(updated_at, created_at, now() at time zone 'UTC');

alter table prompt_guardrails
  alter is_active set not null, alter applies_to_templates set not null, alter applies_to_categories set not null,
  alter total_checks type bigint, alter total_checks set not null,
  alter violation_count type bigint, alter violation_count set not null,
  alter false_positive_count type bigint, alter false_positive_count set not null,
  alter created_at type timestamptz using created_at at time zone 'UTC', alter created_at set not null,
  alter updated_at type timestamptz using updated_at at time zone 'UTC', alter updated_at set not null,
  add check (guardrail_type in ('pii_detection', 'toxic_content', 'prompt_injection', 'content_policy')),
  add check (severity in ('critical', 'high', 'medium', 'low')),
  add check (action in ('block', 'redact', 'warn', 'log')),
  add check (jsonb_typeof(config) = 'object'),
  set (fillfactor = 70);

-- Experiments: one whose allocation is no 100 % pauses and sends everybody to control; of several others that are
-- active on a prompt the newest stays. Old values are kept in the description. The trigger adds to every count in
-- variant_executions, so one that is no whole number would refuse each execution.
with weighed as (
  select *, status in ('draft', 'active', 'paused', 'completed', 'cancelled') as known,
         jsonb_path_match(
    jsonb_path_query_array(traffic_allocation, '$.* ? (@.type() == "number")') || '[0, 0, 0, 0, 0]',
    '$.size() <= 11 && !exists($[*] ? (@ < 0)) && $[0] + $[1] + $[2] + $[3] + $[4] + $[5] == 100') is true as sound
  from ab_test_experiments
), judged as (
  select id, known, sound, counts.whole,
         status = 'active' and row_number() over (partition by template_name, status, sound
           order by coalesce(actual_start_date, created_at) desc nulls last, id desc) > 1 as surplus
  from weighed
  cross join lateral (
    select coalesce(jsonb_object_agg(key, value) filter (where value::text ~ '^[0-9]{1,18}$'), '{}') as whole
    from jsonb_each(case when jsonb_typeof(variant_executions) = 'object' then variant_executions end)) counts
)
update ab_test_experiments x set
  description = nullif(concat_ws(' ', x.description,
    case when not j.known or j.surplus or (x.status = 'active' and not j.sound) then '[status was ' || x.status || ']' end,
    case when not j.sound then '[traffic_allocation was ' || x.traffic_allocation::text || ']' end,
    case when x.minimum_sample_size < 1 then '[minimum_sample_size was ' || x.minimum_sample_size || ']' end,
    case when x.variant_executions <> j.whole
         then '[variant_executions were ' || x.variant_executions::text || ']' end,
    case when jsonb_typeof(x.variant_metric_values) <> 'object'
         then '[variant_metric_values were ' || x.variant_metric_values::text || ']' end,
    case when not x.statistical_significance between 0 and 1
         then '[statistical_significance was ' || x.statistical_significance || ']' end,
    case when not (x.confidence_level > 0 and x.confidence_level < 1)
         then '[confidence_level was ' || x.confidence_level || ']' end), ''),
  status = case when not j.known or j.surplus or (x.status = 'active' and not j.sound) then 'paused' else x.status end,
  traffic_allocation = case when j.sound then x.traffic_allocation else '{"control": 100}' end,
  variant_template_ids = case when cardinality(x.variant_template_ids) >= 1 then x.variant_template_ids
                              else array[x.control_template_id] end,
  minimum_sample_size = greatest(coalesce(x.minimum_sample_size, 1000), 1),
  total_executions = coalesce(x.total_executions, 0), control_executions = coalesce(x.control_executions, 0),
  variant_executions = j.whole,
  variant_metric_values = case when jsonb_typeof(x.variant_metric_values) = 'object' then x.variant_metric_values
                               else '{}' end,
  statistical_significance = case when x.statistical_significance between 0 and 1 then x.statistical_significance end,
  confidence_level = case when x.confidence_level > 0 and x.confidence_level < 1 then x.confidence_level else 0.95 end,
  created_at = coalesce(x.created_at, x.updated_at, now() at time zone 'UTC'),
  updated_at = coalesce(x.updated_at, x.created_at, now() at time zone 'UTC')
from judged j where j.id = x.id;

alter table ab_test_experiments
  alter minimum_sample_size set not null, alter variant_executions set not null,
  alter variant_metric_values set not null, alter confidence_level set not null,
  alter total_executions type bigint, alter total_executions set not null,
  alter control_executions type bigint, alter control_executions set not null,
  alter winner_declared_at type timestamptz using winner_declared_at at time zone 'UTC',
  alter scheduled_start_date type timestamptz using scheduled_start_date at time zone 'UTC',
  alter actual_start_date type timestamptz using actual_start_date at time zone 'UTC',
  alter scheduled_end_date type timestamptz using scheduled_end_date at time zone 'UTC',
  alter actual_end_date type timestamptz using actual_end_date at time zone 'UTC',
  alter created_at type timestamptz using created_at at time zone 'UTC', alter created_at set not null,
  alter updated_at type timestamptz using updated_at at time zone 'UTC', alter updated_at set not null,
  add check (status in ('draft', 'active', 'paused', 'completed', 'cancelled')),
  add check (cardinality(variant_template_ids) >= 1),
  add check (minimum_sample_size >= 1),
  add check (jsonb_typeof(variant_executions) = 'object'),
  add check (jsonb_typeof(variant_metric_values) = 'object'),
  add check (statistical_significance between 0 and 1),
  add check (confidence_level > 0 and confidence_level < 1),
  add constraint ab_test_experiments_traffic_allocation_check check (jsonb_path_match(
    jsonb_path_query_array(traffic_allocation, '$.* ? (@.type() == "number")') || '[0, 0, 0, 0, 0]',
    '$.size() <= 11 && !exists($[*] ? (@ < 0)) && $[0] + $[1] + $[2] + $[3] + $[4] + $[5] == 100') is true),
  set (fillfactor = 70);

alter table schema_migrations
  alter executed_at type timestamptz using coalesce(executed_at, now() at time zone 'UTC') at time zone 'UTC',
  alter executed_at set not null;

revoke all on prompt_templates, prompt_executions, prompt_guardrails, ab_test_experiments, schema_migrations
  from public;

-- From here on word for word as in 0001, which says why.
comment on table prompt_templates is 'One row per version of a prompt; the prompt itself is the name.';
comment on column prompt_templates.variables is
  'Every name the text uses. Required are those used outside an if; the renderer works that out from the text.';
comment on column prompt_templates.ab_test_group is 'Null: served to everybody; otherwise control, variant_a, ...';
comment on column prompt_templates.avg_cost_usd is
  'Like the other averages: over executions that reported a value (counted in _samples), null before the first.';
comment on table prompt_executions is 'The log of renders. It outlives its templates: name and version are copies.';
comment on column prompt_executions.template_id is
  'Null: the prompt was not found (template_version is then 0) or is gone.';
comment on table prompt_guardrails is
  'Rules for what goes into a prompt. With both scopes empty a rule applies to every prompt.';
comment on column ab_test_experiments.statistical_significance is 'The p-value.';
comment on table schema_migrations is 'Kept for tools that read it. The history that decides is schemagate.history.';

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
  where guardrail_violations <> '[]';
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
