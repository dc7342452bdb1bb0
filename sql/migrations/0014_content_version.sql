-- A counter of what is served. Whoever changes a prompt, label, guardrail, experiment, key or price moves it on, as
-- the last thing in the transaction and once: so counters become visible in their order, and nobody waits for the row
-- longer than a commit takes. Statistics and executions never touch it.
--
-- A migration that changes rows of these tables and then their definition runs SET CONSTRAINTS ALL IMMEDIATE between:
-- a table with waiting triggers cannot be altered.
--
-- Locks: SHARE ROW EXCLUSIVE on seven tables for their triggers, and no longer than they take to be made.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create table content_version (
  counter bigint not null,
  one_row boolean primary key default true check (one_row)
);
insert into content_version (counter) values (1);
comment on table content_version is
  'Read it with the content, in one REPEATABLE READ transaction. Changes are notified as prompt_service_content.';

create function count_content_change() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  counted text;
begin
  if current_setting('prompt_service.counted', true) is distinct from pg_current_xact_id()::text then
    update content_version set counter = counter + 1 returning counter into counted;
    perform pg_notify('prompt_service_content', counted);
    perform set_config('prompt_service.counted', pg_current_xact_id()::text, true);
  end if;
  return null;
end
$function$;

create constraint trigger trigger_count_content_change
  after insert or delete or update on prompts
  deferrable initially deferred for each row execute function count_content_change();
create constraint trigger trigger_count_content_change
  after insert or delete or update of id, name, description, category, template_text, variables, version,
    parent_version_id, is_active, ab_test_group, traffic_percentage, ab_test_start_date, ab_test_end_date, created_by,
    updated_by, deactivated_by, created_at, updated_at, deactivated_at, type, config, commit_message
  on prompt_templates
  deferrable initially deferred for each row execute function count_content_change();
create constraint trigger trigger_count_content_change
  after insert or delete or update on prompt_labels
  deferrable initially deferred for each row execute function count_content_change();
create constraint trigger trigger_count_content_change
  after insert or delete or update of id, name, description, guardrail_type, is_active, severity, action, config,
    applies_to_templates, applies_to_categories, created_by, created_at, updated_by, updated_at
  on prompt_guardrails
  deferrable initially deferred for each row execute function count_content_change();
create constraint trigger trigger_count_content_change
  after insert or delete or update of id, name, description, template_name, status, control_template_id,
    variant_template_ids, traffic_allocation, variants, primary_metric, target_improvement_percentage,
    minimum_sample_size, confidence_level, winner_variant, winner_declared_at, winner_declared_by,
    scheduled_start_date, actual_start_date, scheduled_end_date, actual_end_date, created_by, created_at, updated_by,
    updated_at
  on ab_test_experiments
  deferrable initially deferred for each row execute function count_content_change();
create constraint trigger trigger_count_content_change
  after insert or delete or update on api_keys
  deferrable initially deferred for each row execute function count_content_change();
create constraint trigger trigger_count_content_change
  after insert or delete or update on model_prices
  deferrable initially deferred for each row execute function count_content_change();
