-- Proves that content is written once, by whoever, and that every prompt has its row.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  change text;
  refused record;
  wrong text;
begin
  select string_agg(format('%s.%s is not as 0003 made it', t, c), '; ') into wrong
  from (values
    ('prompt_templates', 'type', 'character varying(10)', true), ('prompt_templates', 'config', 'jsonb', true),
    ('prompt_templates', 'commit_message', 'text', false), ('prompts', 'name', 'character varying(255)', true),
    ('prompts', 'archived_at', 'timestamp with time zone', false),
    ('prompts', 'archived_by', 'character varying(255)', false),
    ('prompts', 'created_at', 'timestamp with time zone', true)) as expected (t, c, type, not_null)
  where not exists (select from pg_attribute where attrelid = to_regclass(t) and attname = c and not attisdropped
                    and format_type(atttypid, atttypmod) = type and attnotnull = not_null);
  select concat_ws('; ', wrong, string_agg(format('prompts: the prompt %s has no row', name), '; ')) into wrong
  from (select distinct name from prompt_templates t where not exists (select from prompts p where p.name = t.name)
        limit 5) missing;
  select concat_ws('; ', wrong, string_agg(format('constraint %s is missing or not validated', name), '; ')) into wrong
  from unnest(array['prompts_pkey', 'prompt_templates_name_fkey', 'prompt_templates_type_check',
                    'prompt_templates_config_check']) as name
  where not exists (select from pg_constraint where conname = name and convalidated
                    and conrelid in ('prompts'::regclass, 'prompt_templates'::regclass));
  if wrong <> '' then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;

  insert into prompt_templates (name, version, template_text, created_at) values (own, 1, 'one', '2020-02-02 00:00:00+00');
  insert into prompt_templates (name, version, template_text) values (own, 2, 'two');
  if (select array_agg(created_at) from prompts where name = own) is distinct from array['2020-02-02 00:00:00+00'::timestamptz] then
    raise exception 'trigger_add_prompt_of_version: the prompt of a new version has no row of its own'
      using errcode = 'assert_failure';
  end if;
  select concat_ws(', ', type, config, commit_message) into wrong from prompt_templates where name = own and version = 1;
  if wrong <> 'text, {}' then
    raise exception 'prompt_templates: a version of the earlier system''s columns is % instead of text, {}', wrong
      using errcode = 'assert_failure';
  end if;

  foreach change in array array['id = gen_random_uuid()', 'name = name || ''!''', 'version = 3', 'type = ''chat''',
    'template_text = ''other''', 'variables = ''["a"]''', 'config = ''{"a": 1}''', 'commit_message = ''other''',
    'created_by = ''somebody''', 'created_at = now()'] loop
    begin
      execute format('update prompt_templates set %s where name = $1 and version = 1', change) using own;
      raise exception 'trigger_refuse_version_change: content is changed by "set %"', change using errcode = 'assert_failure';
    exception
      when sqlstate 'PS001' then
        null;
      when foreign_key_violation then  -- of a new name: its row is not there
        if change not like 'name%' then
          raise;
        end if;
    end;
  end loop;
  -- What is not content may change, and content may be written again as it is.
  update prompt_templates set description = 'd', category = 'c', updated_by = own, updated_at = now(), is_active = true,
    ab_test_group = 'a', traffic_percentage = 5, total_executions = 7, template_text = template_text, config = config
  where name = own and version = 1;

  for refused in select * from (values
    ('prompt_templates_type_check', $q$insert into prompt_templates (name, version, template_text, type) values ($1, 3, '', 'poem')$q$),
    ('prompt_templates_config_check',
     $q$insert into prompt_templates (name, version, template_text, config) values ($1, 3, '', '[]')$q$),
    ('prompt_templates_name_fkey', $q$delete from prompts where name = $1$q$)) as rules (name, statement) loop
    declare
      by_rule text;
    begin
      if refused.statement like 'delete%' and not has_table_privilege('prompts', 'delete') then
        continue;
      end if;
      execute refused.statement using own;
      raise exception '%: accepts what it must refuse', refused.name using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics by_rule = constraint_name;
      if by_rule <> refused.name then
        raise exception '%: refused by % instead', refused.name, by_rule using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
