-- A version is written once: its content never changes, and the database says so to whoever tries. A prompt gets a
-- row of its own, which is locked while a version is numbered or a label moved, and which says that it is archived.
--
-- Locks: ACCESS EXCLUSIVE on prompt_templates while its rows are read twice. It has one row per version, not one per
-- render.

-- Functions below act with their owner's rights, since a client may know prompt_templates alone. They look for tables
-- in this schema first and among temporary ones, which anybody can make, last.
select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

alter table prompt_templates
  add type varchar(10) not null default 'text' check (type in ('text', 'chat')),
  add config jsonb not null default '{}' check (jsonb_typeof(config) = 'object'),
  add commit_message text;
comment on column prompt_templates.type is 'Of a chat, template_text is a JSON array of {"role", "content"}.';
comment on column prompt_templates.config is 'What the caller hands to its model, as it was given.';

create table prompts (
  name        varchar(255) primary key,
  archived_at timestamptz,
  archived_by varchar(255),
  created_at  timestamptz not null default now()
);
comment on table prompts is
  'One row per name. Versions are numbered and labels moved under its row lock: select ... for update.';

insert into prompts (name, created_at)
select name, min(created_at) from prompt_templates group by name;

alter table prompt_templates add constraint prompt_templates_name_fkey foreign key (name) references prompts;

-- Whoever adds a version makes its prompt. The row lock comes before the version's key is taken: a client that waits
-- for the foreign key afterwards would hold the number that the other one, which has the row, is about to use.
create function add_prompt_of_version() returns trigger
language plpgsql security definer set search_path from current as $function$
begin
  insert into prompts (name, created_at) values (new.name, new.created_at) on conflict do nothing;
  perform from prompts where name = new.name for key share;
  return new;
end
$function$;

create trigger trigger_add_prompt_of_version
  before insert on prompt_templates
  for each row execute function add_prompt_of_version();

-- After the row's own checks, so that a value that no version may have is still refused as that.
create function refuse_version_change() returns trigger
language plpgsql set search_path from current as $function$
begin
  raise exception 'version % of the prompt "%" is immutable: its content cannot be changed', old.version, old.name
    using errcode = 'PS001', table = tg_table_name,
    hint = 'Insert a new version. Description, category, activation and A/B group may be changed.';
end
$function$;

create trigger trigger_refuse_version_change
  after update of id, name, version, type, template_text, variables, config, commit_message, created_by, created_at
  on prompt_templates
  for each row when (
    (new.id, new.name, new.version, new.type, new.template_text, new.variables, new.config, new.commit_message,
     new.created_by, new.created_at) is distinct from
    (old.id, old.name, old.version, old.type, old.template_text, old.variables, old.config, old.commit_message,
     old.created_by, old.created_at))
  execute function refuse_version_change();

-- Takes the row locks of all versions of a prompt, for an edit of what belongs to the prompt. A client of the earlier
-- system that activates one holds that row and wants another, so this never waits for one while it holds another: it
-- takes all or none, and tries again. After a second it waits like everybody else.
create function lock_prompt_versions(prompt text) returns void
language plpgsql set search_path from current as $function$
declare
  tries integer := 200;
begin
  loop
    begin
      if tries > 0 then
        perform from prompt_templates where name = prompt order by id for no key update nowait;
      else
        perform from prompt_templates where name = prompt order by id for no key update;
      end if;
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
