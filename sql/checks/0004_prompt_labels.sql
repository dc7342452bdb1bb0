-- Proves that a label is a pointer with a history, stored or not, whoever moves it.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  refused record;
  by_rule text;
  found text;
  expected text;
  wrong text;
begin
  select string_agg(message, '; ') into wrong from (
    select format('index %s is missing or not valid', name) as message
    from unnest(array['prompt_labels_pkey', 'ix_prompt_labels_version', 'prompt_label_moves_pkey',
                      'ix_prompt_label_moves_label']) as name
    where not exists (select from pg_index where indexrelid = to_regclass(name) and indisvalid and indisready)
    union all
    select format('%s.%s is nullable', t, c)
    from (values ('prompt_labels', 'version'), ('prompt_labels', 'moved_at'), ('prompt_label_moves', 'prompt_name'),
                 ('prompt_label_moves', 'label'), ('prompt_label_moves', 'moved_at')) as required (t, c)
    where not exists (select from pg_attribute where attrelid = to_regclass(t) and attname = c and attnotnull)
    union all
    -- Before, for the statement, on update (16), delete (8) and truncate (32).
    select 'trigger_refuse_history_change on prompt_label_moves is missing, disabled, or leaves a way'
    where not exists (select from pg_trigger where tgrelid = 'prompt_label_moves'::regclass
                      and tgname = 'trigger_refuse_history_change' and tgtype = 2 + 8 + 16 + 32 and tgenabled in ('O', 'A'))
    union all
    select format('%s acts with the caller''s rights, or looks for tables where the caller says', name)
    from unnest(array['add_prompt_of_version', 'record_label_move', 'record_production_move', 'keep_labelled_prompt',
                      'take_prompt_out_of_archive', 'refuse_version_deletion']) as name
    where not exists (select from pg_proc p where p.oid = to_regproc(name) and p.prosecdef
                      and p.proconfig::text like '%search_path=%, pg_temp%')
    union all
    select 'enforce_single_active_template looks for tables where the caller says'
    where not exists (select from pg_proc p where p.oid = to_regproc('enforce_single_active_template')
                      and p.proconfig::text like '%search_path=%')) findings;
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;

  insert into prompt_templates (name, version, template_text, is_active, created_by) values (own, 1, 'one', true, 'ann');
  insert into prompt_templates (name, version, template_text, created_by) values (own, 2, 'two', 'bob');
  insert into prompt_templates (name, version, template_text, is_active, ab_test_group) values (own, 3, 'three', true, 'a');
  insert into prompt_labels (prompt_name, label, version, moved_by) values (own, 'staging', 1, 'cat');
  perform set_config('prompt_service.reason', 'it is better', true), set_config('prompt_service.actor', 'dan', true);
  insert into prompt_labels (prompt_name, label, version) values (own, 'unsigned', 1);
  update prompt_labels set version = 2, moved_by = 'eve' where prompt_name = own and label = 'staging';
  update prompt_labels set version = 2 where prompt_name = own and label = 'staging';
  update prompt_labels set label = 'next' where prompt_name = own and label = 'staging';
  update prompt_templates set is_active = true, ab_test_group = null where name = own and version = 3;
  perform set_config('prompt_service.reason', '', true), set_config('prompt_service.actor', '', true);
  update prompt_templates set is_active = true, updated_by = 'fay' where name = own and version = 2;
  update prompt_templates set is_active = true, updated_by = 'gus' where name = own and version = 2;

  select string_agg(concat_ws(' ', l.label, l.version, l.moved_by), ', ' order by l.label collate "C") into found
  from v_prompt_labels l where prompt_name = own and moved_at is not null;
  if found is distinct from 'latest 3, next 2 eve, production 2 fay, unsigned 1' then
    raise exception 'v_prompt_labels: % instead of latest 3, next 2 eve, production 2 fay, unsigned 1', found using errcode = 'assert_failure';
  end if;

  update prompt_templates set is_active = false, deactivated_by = 'hal' where name = own and version = 2;
  expected := 'production -1 ann ·, staging -1 cat ·, unsigned -1 dan it is better, staging 12 eve it is better, staging 2- dan it is better, '
    || 'next -2 eve it is better, production 13 dan it is better, production 32 fay ·, production 2- hal ·';
  select string_agg(concat(label, ' ', coalesce(from_version::text, '-'), coalesce(to_version::text, '-'), ' ', moved_by, ' ',
                           coalesce(reason, '·')), ', ' order by id) into found
  from prompt_label_moves where prompt_name = own;
  if found is distinct from expected then
    raise exception 'trigger_record_label_move, trigger_record_production_move: "%" instead of "%"', found, expected
      using errcode = 'assert_failure';
  end if;
  begin
    update prompt_label_moves set reason = 'other' where false;
    raise exception 'trigger_refuse_history_change: the history of labels can be changed' using errcode = 'assert_failure';
  exception
    when sqlstate 'PS003' then null;
    when insufficient_privilege then null;  -- nor may this role try
  end;

  for refused in select * from (values
    ('prompt_labels_label_check', $q$insert into prompt_labels values ($1, 'production', 1)$q$),
    ('prompt_labels_label_check', $q$insert into prompt_labels values ($1, 'latest', 1)$q$),
    ('prompt_labels_label_check', $q$insert into prompt_labels values ($1, 'Big', 1)$q$),
    ('prompt_labels_label_check', $q$insert into prompt_labels values ($1, '-x', 1)$q$),
    ('prompt_labels_label_check', $q$insert into prompt_labels values ($1, '', 1)$q$),
    ('prompt_labels_version_fkey', $q$insert into prompt_labels values ($1, 'other', 9)$q$),
    ('prompt_labels_pkey', $q$insert into prompt_labels values ($1, 'next', 1)$q$),
    ('PS005', $q$update prompts set archived_at = now() where name = $1$q$),
    ('PS002', $q$delete from prompt_templates where name = $1 and version = 2$q$)) as rules (name, statement) loop
    begin
      if refused.name = 'PS002' and not has_table_privilege('prompt_templates', 'delete') then
        continue;
      end if;
      execute refused.statement using own;
      raise exception '%: "%" is accepted', refused.name, refused.statement using errcode = 'assert_failure';
    exception
      when integrity_constraint_violation or sqlstate 'PS005' or sqlstate 'PS002' then
        get stacked diagnostics by_rule = constraint_name;
        if coalesce(nullif(by_rule, ''), sqlstate) <> refused.name then
          raise exception '%: refused by % instead', refused.name, coalesce(nullif(by_rule, ''), sqlstate)
            using errcode = 'assert_failure';
        end if;
    end;
  end loop;

  if has_table_privilege('prompt_labels', 'delete') then
    -- Nothing points at it any more: it can be archived; a label, and an activation, take it out again.
    delete from prompt_labels where prompt_name = own;
    if not exists (select from prompt_label_moves where prompt_name = own and label = 'next' and from_version = 2
                   and to_version is null and moved_by = session_user) then
      raise exception 'trigger_record_label_move: the removal of a label is not recorded' using errcode = 'assert_failure';
    end if;
    insert into prompts (name) values (own || '!');
    update prompts set archived_at = now(), archived_by = 'ann' where name in (own, own || '!');
    insert into prompt_labels values (own, 'staging', 1);
    if (select archived_at is not null or archived_by is not null from prompts where name = own) then
      raise exception 'trigger_take_prompt_out_of_archive: a labelled prompt is archived' using errcode = 'assert_failure';
    end if;
    delete from prompt_labels where prompt_name = own;
    update prompts set archived_at = now(), archived_by = 'ann' where name = own;
    update prompt_templates set is_active = true where name = own and version = 1;
    if (select archived_at is not null or archived_by is not null from prompts where name = own) then
      raise exception 'trigger_record_production_move: an active prompt is archived' using errcode = 'assert_failure';
    end if;
    if (select archived_at is null or archived_by is null from prompts where name = own || '!') then
      raise exception 'prompts: another one leaves the archive as well' using errcode = 'assert_failure';
    end if;
    if has_table_privilege('prompt_templates', 'delete') then
      delete from prompt_templates where name = own and version = 3;  -- nothing points at it
    end if;
    begin
      update prompts set archived_at = now() where name = own;
      raise exception 'trigger_keep_labelled_prompt: an active prompt enters the archive' using errcode = 'assert_failure';
    exception when sqlstate 'PS005' then
      null;
    end;
  end if;
end
$check$;
