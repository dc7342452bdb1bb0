-- Proves that variants are one array, made where a client of the earlier system writes none, and fixed while an
-- experiment runs.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  control uuid;
  grouped uuid;
  third uuid;
  stranger uuid;
  sample record;
  made jsonb;
  by_rule text;
begin
  insert into prompt_templates (name, version, template_text, is_active) values (own, 1, '', true) returning id into control;
  insert into prompt_templates (name, version, template_text, ab_test_group) values (own, 2, '', 'blue') returning id into grouped;
  insert into prompt_templates (name, version, template_text) values (own, 3, '') returning id into third;
  insert into prompt_templates (name, version, template_text) values (own || '!', 1, '') returning id into stranger;

  -- What the earlier columns mean: the ids, the allocation, and the array.
  for sample in select * from (values
    ('control alone', array[control], '{"control": 100}', '[{"name": "control", "version": 1, "weight": 100}]'),
    ('by the group''s name, whatever the order', array[third, grouped], '{"blue": 20, "control": 50, "a": 30}', null),
    ('by the group''s name', array[grouped], '{"blue": 20, "control": 80}',
     '[{"name": "control", "version": 1, "weight": 80}, {"name": "blue", "version": 2, "weight": 20}]'),
    ('by their order', array[third, grouped], '{"variant_a": 20, "control": 50, "variant_b": 30}',
     '[{"name": "control", "version": 1, "weight": 50}, {"name": "variant_a", "version": 3, "weight": 20}, {"name": "variant_b", "version": 2, "weight": 30}]'),
    ('an array keeps its order', array[third], '[{"variant": "x", "weight": 0}, {"variant": "control", "weight": 100}]',
     '[{"name": "x", "version": 3, "weight": 0}, {"name": "control", "version": 1, "weight": 100}]'),
    ('a variant of another prompt', array[stranger], '{"control": 50, "x": 50}', null),
    ('no whole number', array[third], '{"control": 33.5, "x": 66.5}', null),
    ('more groups than ids', array[third], '{"control": 34, "x": 33, "y": 33}', null)
  ) as samples (what, ids, allocation, variants) loop
    insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids,
                                     traffic_allocation, primary_metric)
    values (own || sample.what, own, 'draft', control, sample.ids, sample.allocation::jsonb, 'm') returning variants into made;
    if sample.what like '%whatever the order' then
      sample.variants := '[{"name": "control", "version": 1, "weight": 50}, {"name": "a", "version": 3, "weight": 30}, {"name": "blue", "version": 2, "weight": 20}]';
    end if;
    if made is distinct from sample.variants::jsonb then
      raise exception 'trigger_fill_experiment_variants: % gives % instead of %', sample.what, made, sample.variants
        using errcode = 'assert_failure';
    end if;
  end loop;

  -- Written by a client that knows them, they stay; changed by one that does not, they follow.
  insert into ab_test_experiments (name, template_name, status, control_template_id, variant_template_ids,
                                   traffic_allocation, primary_metric, variants)
  values (own, own, 'draft', control, array[grouped], '{"control": 100}', 'm',
          '[{"name": "one", "version": 1, "weight": 100}, {"name": "three", "version": 3, "weight": 0}]');
  update ab_test_experiments set description = 'd', status = 'paused' where name = own;
  if (select variants -> 1 ->> 'name' from ab_test_experiments where name = own) is distinct from 'three' then
    raise exception 'trigger_fill_experiment_variants: replaces what was written' using errcode = 'assert_failure';
  end if;
  update ab_test_experiments set traffic_allocation = '{"control": 10, "blue": 90}' where name = own;
  if (select variants -> 1 ->> 'name' from ab_test_experiments where name = own) is distinct from 'blue' then
    raise exception 'trigger_fill_experiment_variants: does not follow the earlier columns' using errcode = 'assert_failure';
  end if;
  update ab_test_experiments set variant_template_ids = array[third] where name = own;
  update ab_test_experiments set control_template_id = grouped where name = own;
  if (select array[variants -> 0 ->> 'version', variants -> 1 ->> 'version'] from ab_test_experiments where name = own)
     is distinct from '{2, 3}' then
    raise exception 'trigger_fill_experiment_variants: does not follow the earlier columns' using errcode = 'assert_failure';
  end if;
  update ab_test_experiments set template_name = own || '!' where name = own;
  if (select variants is not null from ab_test_experiments where name = own) then
    raise exception 'trigger_fill_experiment_variants: keeps versions of another prompt' using errcode = 'assert_failure';
  end if;
  update ab_test_experiments set template_name = own, control_template_id = control, variant_template_ids = array[grouped] where name = own;
  update ab_test_experiments set variants = '[{"name": "blue", "version": 2, "weight": 50}, {"name": "x", "version": 1, "weight": 50}]'
  where name = own;

  -- $1 our experiment's name, $2 a version's id.
  for sample in select * from (values
    ('ab_test_experiments_variants_check', 'variants = ''{}'''),
    ('ab_test_experiments_variants_check', 'variants = ''[]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 1, "weight": 99}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 1, "weight": 100.0}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 1, "weight": "100"}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 0, "weight": 100}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 2147483648, "weight": 100}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": "1", "weight": 100}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "", "version": 1, "weight": 100}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": 7, "version": 1, "weight": 100}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"version": 1, "weight": 100}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 1, "weight": 150}, {"name": "b", "version": 1, "weight": -50}]'''),
    ('ab_test_experiments_variants_check', 'variants = ''[{"name": "a", "version": 1, "weight": 50}, {"name": "a", "version": 2, "weight": 50}]'''),
    ('ab_test_experiments_variants_check', $q$variants = (select jsonb_agg(jsonb_build_object('name', n::text, 'version', 1, 'weight', case n when 1 then 100 else 0 end)) from generate_series(1, 7) n)$q$),
    ('ab_test_experiments_variants_check', $q$variants = jsonb_build_array(jsonb_build_object('name', repeat('n', 51), 'version', 1, 'weight', 100))$q$),
    ('PS006', 'variants = ''[{"name": "a", "version": 9, "weight": 100}]'''),
    ('active', 'status = ''active'''),
    ('PS004', 'variants = ''[{"name": "a", "version": 1, "weight": 100}]'''),
    ('PS004', 'variants = ''[{"name": "a", "version": 1, "weight": 100}]'', status = ''completed'''),
    ('PS004', 'variants = null'),
    ('PS004', 'traffic_allocation = ''{"control": 20, "blue": 80}'''),
    ('PS004', 'variant_template_ids = array[$2]'),
    ('PS004', 'control_template_id = $2'),
    ('PS004', 'template_name = $1 || ''!'''),
    ('accepted', 'status = ''completed'', winner_variant = ''x'', variants = variants'),
    ('accepted', 'status = ''paused''')
  ) as changes (outcome, change) loop
    begin
      execute format('update ab_test_experiments set %s where name = $1 and $2 is not null', sample.change) using own, third;
      by_rule := 'accepted';
    exception when integrity_constraint_violation or sqlstate 'PS004' or sqlstate 'PS006' then
      get stacked diagnostics by_rule = constraint_name;
      by_rule := coalesce(nullif(by_rule, ''), sqlstate);
    end;
    if by_rule <> replace(sample.outcome, 'active', 'accepted') then
      raise exception 'ab_test_experiments: "set %" is % instead of %', sample.change, by_rule, sample.outcome
        using errcode = 'assert_failure';
    end if;
  end loop;

  if has_table_privilege('prompt_templates', 'delete') then
    foreach by_rule in array array['draft', 'active', 'paused'] loop
      begin
        update ab_test_experiments set status = 'completed' where template_name = own;
        update ab_test_experiments set status = by_rule where name = own;
        delete from prompt_templates where id = grouped;
        raise exception 'refuse_version_deletion: a version that a % experiment may serve is gone', by_rule
          using errcode = 'assert_failure';
      exception when sqlstate 'PS002' then
        null;
      end;
    end loop;
    insert into prompt_labels values (own, 'staging', 3);
    begin
      delete from prompt_templates where id = third;
      raise exception 'refuse_version_deletion: a labelled version is gone' using errcode = 'assert_failure';
    exception when sqlstate 'PS002' then
      null;
    end;
  end if;
  select string_agg(name, ', ') into by_rule
  from (values ('fill_experiment_variants', true), ('keep_experiment_variants', true), ('refuse_version_deletion', true),
               ('experiment_variants_of', false), ('experiment_variants_are_sound', false)) as functions (name, with_rights)
  where not exists (select from pg_proc where oid = to_regproc(name) and (prosecdef or not with_rights)
                    and proconfig::text like '%search_path=%, pg_temp%');
  if by_rule is not null then
    raise exception 'ab_test_experiments: functions with the caller''s rights or search_path: %', by_rule using errcode = 'assert_failure';
  end if;
  -- v_active_ab_tests shows them, of a running one.
  update ab_test_experiments set status = 'active' where name = own;
  if (select variants -> 0 ->> 'name' from v_active_ab_tests where name = own) is distinct from 'blue' then
    raise exception 'v_active_ab_tests: does not show the variants' using errcode = 'assert_failure';
  end if;
  update prompt_templates set is_active = false where name = own;
  begin
    if has_table_privilege('prompt_labels', 'delete') then
      delete from prompt_labels where prompt_name = own;
    end if;
    update prompts set archived_at = now() where name = own;
    raise exception 'trigger_keep_labelled_prompt: a prompt enters the archive under a running experiment'
      using errcode = 'assert_failure';
  exception when sqlstate 'PS005' then
    null;
  end;
end
$check$;
