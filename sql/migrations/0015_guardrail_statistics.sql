-- Guardrails count what they have looked at and found, as templates do, statement by statement. Whoever may
-- change prices may delete them.
--
-- Locks: SHARE ROW EXCLUSIVE on prompt_executions for the new trigger, and no longer than it takes to be made.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Which guardrails have looked at a row follows from its prompt: those that are active and apply to it. A violation is
-- counted once per execution, however often it was found. Rows of clients that fill no http_request_id are left out:
-- they count by themselves. The counters are no content, so the change counter stays where it is; the rows are locked
-- in one order, last of all that a batch locks, and until its commit alone.
create function update_guardrail_statistics() returns trigger
language plpgsql security definer set search_path from current as $function$
begin
  perform from prompt_guardrails where is_active order by id for no key update;
  update prompt_guardrails g
  set total_checks = g.total_checks + seen.checks, violation_count = g.violation_count + seen.violations
  from (select rule.id, sum(batch.executions) as checks, coalesce(sum(hits.executions), 0) as violations
        from (select l.template_name, t.category, count(*) as executions
              from logged l left join prompt_templates t on t.id = l.template_id
              where l.http_request_id is not null
              group by 1, 2) batch
        join prompt_guardrails rule
          on rule.is_active
             and (rule.applies_to_templates = '{}' and rule.applies_to_categories = '{}'
                  or batch.template_name = any (rule.applies_to_templates)
                  or batch.category = any (rule.applies_to_categories))
        left join (select l.template_name, t.category, violation ->> 'guardrail_name' as guardrail,
                          count(distinct l.id) as executions
                   from logged l left join prompt_templates t on t.id = l.template_id
                   cross join lateral jsonb_array_elements(l.guardrail_violations) violation
                   where l.http_request_id is not null and l.guardrail_violations <> '[]'
                   group by 1, 2, 3) hits
          on hits.guardrail = rule.name and hits.template_name = batch.template_name
             and hits.category is not distinct from batch.category
        group by rule.id) seen
  where g.id = seen.id;
  return null;
end
$function$;

-- Triggers fire by name: this one after those of templates, so that it holds the rows for the shortest time.
create trigger trigger_update_violation_statistics
  after insert on prompt_executions referencing new table as logged
  for each statement execute function update_guardrail_statistics();

-- As in 0004: deploy/roles.sql, which may have run before, cannot grant it.
do $grants$
declare
  command text;
begin
  for command in
    select distinct format('grant delete on %s to %s', oid::regclass, grantee::regrole) from pg_class, aclexplode(relacl)
    where oid = 'model_prices'::regclass
      and privilege_type = 'UPDATE' and grantee not in (0, relowner)
  loop
    execute command;
  end loop;
end
$grants$;
