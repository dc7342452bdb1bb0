-- An experiment as one array of variants, [{"name", "version", "weight"}, ...]: its order is what users are spread
-- over, and jsonb keeps the order of an array, not that of an object's keys. The earlier columns stay, and whoever
-- writes them alone gets the array made from them.
--
-- Locks: ACCESS EXCLUSIVE on ab_test_experiments while its rows are read. It has one row per experiment.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- At most six, as in traffic_allocation.
create function experiment_variants_are_sound(variants jsonb) returns boolean
language sql immutable strict parallel safe set search_path from current as $function$
  select count(*) between 1 and 6 and count(distinct name) = count(*) and sum(weight) = 100
         and bool_and(length(name) between 1 and 50 and weight >= 0 and version between 1 and 2147483647)
  from (select case when jsonb_typeof(v -> 'name') = 'string' then v ->> 'name' end as name,
               case when jsonb_typeof(v -> 'version') = 'number' and v ->> 'version' ~ '^[0-9]{1,10}$'
                    then (v ->> 'version')::bigint else 0 end as version,
               case when jsonb_typeof(v -> 'weight') = 'number' and v ->> 'weight' ~ '^[0-9]{1,3}$'
                    then (v ->> 'weight')::integer else -1 end as weight
        from jsonb_array_elements(case when jsonb_typeof(variants) = 'array' then variants else '[]' end) v) each
$function$;

-- What the earlier columns say, or null where they cannot be understood: a weight that is no whole number, a variant
-- of another prompt, a group without a version. A group's version is the one that carries its name; where none does,
-- groups and ids belong together by their order, if there are as many.
create function experiment_variants_of(template_name text, control uuid, others uuid[], allocation jsonb) returns jsonb
language sql stable set search_path from current as $function$
  with share as (
    select key as name, value as weight, row_number() over (order by key <> 'control', key) as position
    from jsonb_each(case when jsonb_typeof(allocation) = 'object' then allocation else '{}' end)
    union all
    select coalesce(v ->> 'variant', v ->> 'name'), v -> 'weight', position
    from jsonb_array_elements(case when jsonb_typeof(allocation) = 'array' then allocation else '[]' end)
         with ordinality as list (v, position)
  ), numbered as (
    select *, count(*) filter (where name <> 'control') over (order by position) as nth,
           count(*) filter (where name <> 'control') over () = cardinality(others) as as_many
    from share
  ), found as (
    select numbered.*, t.version
    from numbered
    left join prompt_templates t on t.name = template_name and t.id = case
      when numbered.name = 'control' then control
      else coalesce((select g.id from prompt_templates g where g.id = any (others) and g.ab_test_group = numbered.name
                     order by g.id limit 1),
                    case when as_many then others[nth] end) end
  ), made as (
    select jsonb_agg(jsonb_build_object('name', name, 'version', version, 'weight', weight) order by position) as variants
    from found
  )
  select variants from made where experiment_variants_are_sound(variants)
$function$;

alter table ab_test_experiments
  add variants jsonb constraint ab_test_experiments_variants_check check (experiment_variants_are_sound(variants));
comment on column ab_test_experiments.variants is
  '[{"name", "version", "weight"}, ...]; null where the earlier columns could not be understood: it is not served.';

update ab_test_experiments
set variants = experiment_variants_of(template_name, control_template_id, variant_template_ids, traffic_allocation);

create function fill_experiment_variants() returns trigger
language plpgsql security definer set search_path from current as $function$
begin
  if new.variants is null
     or tg_op = 'UPDATE' and new.variants is not distinct from old.variants
        and (new.template_name, new.control_template_id, new.variant_template_ids, new.traffic_allocation)
            is distinct from
            (old.template_name, old.control_template_id, old.variant_template_ids, old.traffic_allocation) then
    new.variants := experiment_variants_of(new.template_name, new.control_template_id, new.variant_template_ids,
                                           new.traffic_allocation);
  end if;
  return new;
end
$function$;

create trigger trigger_fill_experiment_variants
  before insert or update of template_name, control_template_id, variant_template_ids, traffic_allocation, variants
  on ab_test_experiments
  for each row execute function fill_experiment_variants();

-- After the row's own checks, as with versions. Users stay in their variant as long as an experiment runs.
create function keep_experiment_variants() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  missing text;
begin
  if tg_op = 'UPDATE' and old.status = 'active'
     and (new.template_name, new.control_template_id, new.variant_template_ids, new.traffic_allocation, new.variants)
         is distinct from
         (old.template_name, old.control_template_id, old.variant_template_ids, old.traffic_allocation, old.variants) then
    raise exception 'the experiment "%" is running: its prompt, variants and weights cannot be changed', old.name
      using errcode = 'PS004', table = tg_table_name, hint = 'Stop it, and start another one.';
  end if;
  select string_agg(v ->> 'version', ', ') into missing
  from jsonb_array_elements(new.variants) v
  where not exists (select from prompt_templates t
                    where t.name = new.template_name and t.version = (v ->> 'version')::integer);
  if missing is not null then
    raise exception 'the experiment "%" has variants of versions that the prompt "%" does not have: %',
                    new.name, new.template_name, missing
      using errcode = 'PS006', table = tg_table_name;
  end if;
  return null;
end
$function$;

create trigger trigger_keep_experiment_variants
  after insert or update of template_name, control_template_id, variant_template_ids, traffic_allocation, variants
  on ab_test_experiments
  for each row execute function keep_experiment_variants();

-- As in 0004, and a version that an experiment may still serve stays as well.
create or replace function refuse_version_deletion() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  pointing text;
begin
  select string_agg(what, ', ' order by what) into pointing
  from (select 'the label ' || label as what
        from prompt_labels where prompt_name = old.name and version = old.version
        union all
        select 'the experiment ' || name from ab_test_experiments
        where template_name = old.name and status in ('draft', 'active', 'paused')
          and variants @> jsonb_build_array(jsonb_build_object('version', old.version))
          and control_template_id <> old.id) pointers;  -- of the control its foreign key speaks
  if pointing is not null then
    raise exception 'version % of the prompt "%" is not deleted: % refers to it', old.version, old.name, pointing
      using errcode = 'PS002', table = tg_table_name,
      hint = 'Move or remove the labels, end the experiments, or archive the prompt instead.';
  end if;
  return old;
end
$function$;

create or replace view v_active_ab_tests as
select id, name, description, template_name, control_template_id, variant_template_ids, traffic_allocation,
       primary_metric, target_improvement_percentage, minimum_sample_size, total_executions, control_executions,
       variant_executions, control_metric_value, variant_metric_values, statistical_significance,
       confidence_level, scheduled_start_date, actual_start_date, scheduled_end_date,
       case when total_executions >= minimum_sample_size then 'sufficient' else 'collecting' end as sample_status,
       variants
from ab_test_experiments
where status = 'active';
