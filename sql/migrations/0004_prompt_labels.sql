-- Labels: pointers from a name to a version of one prompt, and the history of every move. Two labels are not stored:
-- "production" is the active version outside A/B groups, whoever activated it, and "latest" the highest version.
--
-- Locks: SHARE ROW EXCLUSIVE on prompt_templates for its triggers, and no longer than they take to be made.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create table prompt_labels (
  prompt_name varchar(255) not null,
  label       varchar(36) not null
                check (label ~ '^[a-z0-9][a-z0-9._-]{0,35}$' and label not in ('production', 'latest')),
  version     integer not null,
  moved_at    timestamptz not null default clock_timestamp(),
  moved_by    varchar(255),
  primary key (prompt_name, label),
  constraint prompt_labels_version_fkey foreign key (prompt_name, version) references prompt_templates (name, version)
);
create index ix_prompt_labels_version on prompt_labels (prompt_name, version);
comment on table prompt_labels is 'The labels that are stored; v_prompt_labels has production and latest beside them.';

create table prompt_label_moves (
  id           bigint generated always as identity primary key,
  prompt_name  varchar(255) not null,
  label        varchar(36) not null,
  from_version integer,
  to_version   integer,
  moved_at     timestamptz not null default clock_timestamp(),
  moved_by     varchar(255),
  reason       text
);
create index ix_prompt_label_moves_label on prompt_label_moves (prompt_name, label, id desc);
comment on table prompt_label_moves is
  'Every move of a label, written by triggers: from_version null, it was set first; to_version null, it was removed.';

-- Where each production label stood when this history began.
insert into prompt_label_moves (prompt_name, label, to_version, moved_by, reason)
select name, 'production', version, updated_by, 'active when the history of labels began'
from prompt_templates where is_active and ab_test_group is null order by name;

create function refuse_history_change() returns trigger
language plpgsql set search_path from current as $function$
begin
  raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op)
    using errcode = 'PS003', table = tg_table_name, hint = 'What happened stays on record. Add a row that corrects it.';
end
$function$;

create trigger trigger_refuse_history_change
  before update or delete or truncate on prompt_label_moves
  for each statement execute function refuse_history_change();

-- Who moved a label and why are settings of the transaction: set_config('prompt_service.actor', ..., true) and
-- 'prompt_service.reason'. The row's own author stands in for an actor that was not set.
create function record_label_move() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  actor text := nullif(current_setting('prompt_service.actor', true), '');
  why text := nullif(current_setting('prompt_service.reason', true), '');
  renamed boolean := tg_op = 'UPDATE' and (old.prompt_name, old.label) <> (new.prompt_name, new.label);
begin
  if tg_op = 'DELETE' or renamed then
    insert into prompt_label_moves (prompt_name, label, from_version, moved_by, reason)
    values (old.prompt_name, old.label, old.version, coalesce(actor, session_user), why);
  end if;
  if tg_op = 'INSERT' or renamed then
    insert into prompt_label_moves (prompt_name, label, to_version, moved_by, reason)
    values (new.prompt_name, new.label, new.version, coalesce(new.moved_by, actor), why);
  elsif tg_op = 'UPDATE' and old.version <> new.version then
    insert into prompt_label_moves (prompt_name, label, from_version, to_version, moved_by, reason)
    values (new.prompt_name, new.label, old.version, new.version, coalesce(new.moved_by, actor), why);
  end if;
  return null;
end
$function$;

create trigger trigger_record_label_move
  after insert or delete or update of prompt_name, label, version on prompt_labels
  for each row execute function record_label_move();

-- As in 0001, and it says while it retires the version before, so that the two updates are one move of production.
-- That version is looked for anew until it is retired or was deactivated by somebody else: whoever holds its row may
-- be waiting for the lock that is held here, with a row that is no longer active.
create or replace function enforce_single_active_template() returns trigger
language plpgsql set search_path from current as $function$
declare
  active uuid;
  tries integer := 200;
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
  perform set_config('prompt_service.retiring', new.name, true);
  loop
    select id into active from prompt_templates
    where name = new.name and ab_test_group is not distinct from new.ab_test_group and is_active and id <> new.id;
    exit when not found;
    begin
      if tries > 0 then
        perform from prompt_templates where id = active for no key update nowait;
      end if;
      update prompt_templates
      set is_active = false, deactivated_at = clock_timestamp(), updated_at = clock_timestamp(),
          deactivated_by = coalesce(new.updated_by, new.created_by)
      where id = active and is_active and ab_test_group is not distinct from new.ab_test_group;
    exception when lock_not_available then
      if tries = 0 then
        raise;
      end if;
      tries := tries - 1;
      perform pg_sleep(0.005);
    end;
  end loop;
  perform set_config('prompt_service.retiring', '', true);
  new.deactivated_at := null;
  new.deactivated_by := null;
  new.updated_at := clock_timestamp();
  return new;
end
$function$;

-- Production is where the active version is. What was recorded last and what is active now are compared, so that
-- neither a client of the earlier system nor a statement of several rows is missed or counted twice.
create function record_production_move() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  moved prompt_templates := case when tg_op = 'DELETE' then old else new end;
  recorded integer;
  served integer;
begin
  if current_setting('prompt_service.retiring', true) = moved.name or tg_op = 'INSERT' and not new.is_active then
    return null;
  end if;
  select version into served from prompt_templates
  where name = moved.name and is_active and ab_test_group is null;
  select to_version into recorded from prompt_label_moves
  where prompt_name = moved.name and label = 'production' order by id desc limit 1;
  if served is distinct from recorded then
    insert into prompt_label_moves (prompt_name, label, from_version, to_version, moved_by, reason)
    values (moved.name, 'production', recorded, served,
            coalesce(nullif(current_setting('prompt_service.actor', true), ''),
                     case when tg_op = 'DELETE' then session_user::text
                          when not moved.is_active then coalesce(moved.deactivated_by, moved.updated_by)
                          else coalesce(moved.updated_by, moved.created_by) end),
            nullif(current_setting('prompt_service.reason', true), ''));
  end if;
  if served is not null then
    update prompts set archived_at = null, archived_by = null where name = moved.name and archived_at is not null;
  end if;
  return null;
end
$function$;

create trigger trigger_record_production_move
  after insert or delete or update of is_active, ab_test_group on prompt_templates
  for each row execute function record_production_move();

-- An archived prompt is one that nothing points at: what a label points at leaves the archive, and a prompt that one
-- points at does not enter it. The lock is that of an activation.
create function keep_labelled_prompt() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  pointing text;
begin
  perform pg_advisory_xact_lock(hashtextextended('prompt_templates ' || new.name, 0));
  select string_agg(what, ', ' order by what) into pointing
  from (select format('the label %s (version %s)', label, version) as what from prompt_labels where prompt_name = new.name
        union all
        select format('the label production (version %s)', version) from prompt_templates
        where name = new.name and is_active and ab_test_group is null
        union all
        select 'the running experiment ' || name from ab_test_experiments
        where template_name = new.name and status = 'active') pointers;
  if pointing is not null then
    raise exception 'the prompt "%" is not archived: % points at it', new.name, pointing
      using errcode = 'PS005', table = tg_table_name,
      hint = 'Remove the labels, deactivate the active version, and stop the experiment first.';
  end if;
  return new;
end
$function$;

create trigger trigger_keep_labelled_prompt
  before update of archived_at on prompts
  for each row when (new.archived_at is not null and old.archived_at is null)
  execute function keep_labelled_prompt();

create function take_prompt_out_of_archive() returns trigger
language plpgsql security definer set search_path from current as $function$
begin
  perform from prompts where name = new.prompt_name for no key update;
  update prompts set archived_at = null, archived_by = null where name = new.prompt_name and archived_at is not null;
  return new;
end
$function$;

create trigger trigger_take_prompt_out_of_archive
  before insert on prompt_labels
  for each row execute function take_prompt_out_of_archive();

-- A version goes only when nothing points at it: the log keeps copies of its name and number, a label does not.
create function refuse_version_deletion() returns trigger
language plpgsql security definer set search_path from current as $function$
declare
  pointing text;
begin
  select string_agg('the label ' || label, ', ' order by label) into pointing
  from prompt_labels where prompt_name = old.name and version = old.version;
  if pointing is not null then
    raise exception 'version % of the prompt "%" is not deleted: % refers to it', old.version, old.name, pointing
      using errcode = 'PS002', table = tg_table_name, hint = 'Move or remove the labels first, or archive the prompt.';
  end if;
  return old;
end
$function$;

create trigger trigger_refuse_version_deletion
  before delete on prompt_templates
  for each row execute function refuse_version_deletion();

create view v_prompt_labels as
select prompt_name, label, version, moved_at, moved_by
from prompt_labels
union all
select t.name, 'production', t.version, m.moved_at, m.moved_by
from prompt_templates t
left join lateral (select moved_at, moved_by from prompt_label_moves
                   where prompt_name = t.name and label = 'production' order by id desc limit 1) m on true
where t.is_active and t.ab_test_group is null
union all
(select distinct on (name) name, 'latest', version, created_at, created_by
 from prompt_templates order by name, version desc);
comment on view v_prompt_labels is 'Every label of every prompt, also of archived ones, which have latest alone.';

-- A label, and a guardrail, may be removed by whoever may change it: deploy/roles.sql, which runs before there is a
-- schema, cannot grant it.
do $grants$
declare
  command text;
begin
  for command in
    select distinct format('grant delete on %s to %s', oid::regclass, grantee::regrole) from pg_class, aclexplode(relacl)
    where oid in ('prompt_labels'::regclass, 'prompt_guardrails'::regclass)
      and privilege_type = 'UPDATE' and grantee not in (0, relowner)
  loop
    execute command;
  end loop;
end
$grants$;
