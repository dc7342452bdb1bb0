-- Statistics follow outcomes as well as inserts, statement by statement, and their locks cannot deadlock with those
-- of an activation or of any other change of prompts.
--
-- Locks: SHARE ROW EXCLUSIVE on prompt_executions for the new trigger, and no longer than it takes to be made.

-- Adds a batch of differences to the counters: [{"id", "executions", "successes", ...}, ...], one per template. An
-- average takes new values in and old ones out, as far as it knows how many it stands for.
--
-- Rows of prompt_templates are also locked by activations and edits, in orders of their own, so this never waits for
-- one while it holds another: it takes all or none, and tries again. After a second it waits like everybody else, so
-- that the server can tell a deadlock, or the session's lock_timeout, from patience.
create function add_template_statistics(batch jsonb) returns void
language plpgsql set search_path from current as $function$
declare
  tries integer := case when jsonb_array_length(batch) > 1 then 200 else 0 end;
begin
  loop
    begin
      if tries > 0 then
        perform from prompt_templates where id in (select (d ->> 'id')::uuid from jsonb_array_elements(batch) d)
        for no key update nowait;
      end if;
      update prompt_templates t
      set total_executions = t.total_executions + d.executions,
          success_count = t.success_count + d.successes,
          failure_count = t.failure_count + d.failures,
          avg_response_time_ms = (coalesce(t.avg_response_time_ms * t.response_time_samples, 0) + d.time_sum)
                                 / nullif(t.response_time_samples + d.times, 0),
          avg_token_count = (coalesce(t.avg_token_count * t.token_count_samples, 0) + d.token_sum)
                            / nullif(t.token_count_samples + d.tokens, 0),
          avg_cost_usd = (coalesce(t.avg_cost_usd * t.cost_samples, 0) + d.cost_sum)
                         / nullif(t.cost_samples + d.costs, 0),
          response_time_samples = t.response_time_samples + d.times,
          token_count_samples = t.token_count_samples + d.tokens,
          cost_samples = t.cost_samples + d.costs
      from jsonb_to_recordset(batch) as d (id uuid, executions bigint, successes bigint, failures bigint, times bigint,
        time_sum bigint, tokens bigint, token_sum bigint, costs bigint, cost_sum numeric)
      where t.id = d.id;
      return;
    exception when lock_not_available then
      if tries = 0 then
        raise;
      end if;
      tries := tries - 1;
      perform pg_sleep(0.005);
    end;
  end loop;
end
$function$;

-- Batches that share a prompt take turns at an advisory lock, in order of name. Only success and failure have a
-- counter of their own.
create or replace function update_template_statistics() returns trigger
language plpgsql set search_path from current as $function$
declare
  batch jsonb;
begin
  perform pg_advisory_xact_lock(hashtextextended('prompt_executions ' || template_name, 0))
  from (select distinct template_name from logged order by template_name) names;
  select jsonb_agg(d) into batch
  from (select template_id as id, count(*) as executions,
               count(*) filter (where status = 'success') as successes,
               count(*) filter (where status = 'failure') as failures,
               count(execution_time_ms) as times, coalesce(sum(execution_time_ms), 0) as time_sum,
               count(token_count) as tokens, coalesce(sum(token_count), 0) as token_sum,
               count(cost_usd) as costs, coalesce(sum(cost_usd), 0) as cost_sum
        from logged where template_id is not null group by template_id) d;
  perform add_template_statistics(batch) where batch is not null;
  return null;
end
$function$;

-- The same for what an update changes: what the rows say now, less what they said. A row that leaves "rendered" for
-- success or failure is counted, and one that is corrected is moved.
create function update_template_outcomes() returns trigger
language plpgsql set search_path from current as $function$
declare
  batch jsonb;
begin
  select jsonb_agg(d) into batch
  from (select template_id as id, sum(sign) as executions,
               coalesce(sum(sign) filter (where status = 'success'), 0) as successes,
               coalesce(sum(sign) filter (where status = 'failure'), 0) as failures,
               coalesce(sum(sign) filter (where execution_time_ms is not null), 0) as times,
               coalesce(sum(sign * execution_time_ms), 0) as time_sum,
               coalesce(sum(sign) filter (where token_count is not null), 0) as tokens,
               coalesce(sum(sign * token_count), 0) as token_sum,
               coalesce(sum(sign) filter (where cost_usd is not null), 0) as costs,
               coalesce(sum(sign * cost_usd), 0) as cost_sum
        from (select 1::bigint as sign, template_id, status, execution_time_ms, token_count, cost_usd from reported
              union all
              select -1, template_id, status, execution_time_ms, token_count, cost_usd from replaced) both_sides
        where template_id is not null
        group by template_id) d
  where (executions, successes, failures, times, time_sum, tokens, token_sum, costs, cost_sum)
        <> (0, 0, 0, 0, 0, 0, 0, 0, 0);
  if batch is not null then
    perform pg_advisory_xact_lock(hashtextextended('prompt_executions ' || template_name, 0))
    from (select template_name from reported union select template_name from replaced order by 1) names;
    perform add_template_statistics(batch);
  end if;
  return null;
end
$function$;

create trigger trigger_update_template_outcomes
  after update on prompt_executions referencing old table as replaced new table as reported
  for each statement execute function update_template_outcomes();

-- As in 0001, and a row that names its experiment counts for that one, even if it was stopped since. Without a name
-- or a group a row counts as control only for clients that know of no experiments: those fill no http_request_id.
create or replace function update_ab_test_statistics() returns trigger
language plpgsql set search_path from current as $function$
begin
  perform from ab_test_experiments
  where id in (select experiment_id from logged)
     or status = 'active' and template_name in (select template_name from logged where experiment_id is null)
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
              from logged l
              join ab_test_experiments e on e.id = l.experiment_id
                or l.experiment_id is null and e.template_name = l.template_name and e.status = 'active'
                   and (l.ab_test_group is not null
                        or l.template_id = e.control_template_id and l.http_request_id is null)
              group by 1, 2) per_variant
        group by id) batch
  where x.id = batch.id;
  return null;
end
$function$;
