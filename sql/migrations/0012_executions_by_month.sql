-- prompt_executions is partitioned by month. What was the table becomes its first range as it is, up to a month that
-- has not begun; later months have partitions of their own, which ensure_execution_months() makes and drops.
--
-- Locks: ACCESS EXCLUSIVE on prompt_executions, and for the foreign key on prompt_templates, for some milliseconds:
-- 0011 has read what would be read here, and no row moves.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Views follow the table, not its name: they are remade below. What cannot be is better found now.
do $guard$
declare
  found text;
begin
  select string_agg(what, '; ' order by what) into found from (
    select format('trigger %I', tgname) as what from pg_trigger
    where tgrelid = 'prompt_executions'::regclass and not tgisinternal
      and tgname not in ('trigger_update_template_statistics', 'trigger_update_ab_test_statistics')
    union all
    select format('materialized view %s', c.oid::regclass)
    from pg_rewrite r join pg_class c on c.oid = r.ev_class and c.relkind = 'm'
    where exists (select from pg_depend d where d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
                  and d.refclassid = 'pg_class'::regclass and d.refobjid = 'prompt_executions'::regclass)
    union all
    select format('foreign key %I of %s', conname, conrelid::regclass) from pg_constraint
    where contype = 'f' and confrelid = 'prompt_executions'::regclass
    union all
    select format('policy %I', polname) from pg_policy where polrelid = 'prompt_executions'::regclass
    union all
    select format('rule %I', rulename) from pg_rewrite where ev_class = 'prompt_executions'::regclass
    union all
    select format('table %s, which inherits', inhrelid::regclass) from pg_inherits
    where inhparent = 'prompt_executions'::regclass) objects;
  if found is not null then
    raise exception 'prompt_executions cannot become a partitioned table beside these objects of others: %', found
      using errcode = 'object_not_in_prerequisite_state',
      hint = 'Nothing was changed. Drop them, migrate, and make them again on the partitioned table.';
  end if;
  perform set_config('prompt_service.views', coalesce(jsonb_agg(jsonb_build_object(
    'name', v.oid::regclass, 'options', array_to_string(v.reloptions, ', '), 'text', pg_get_viewdef(v.oid)))::text, '[]'), true)
  from (select distinct c.oid, c.reloptions
        from pg_depend d join pg_rewrite r on r.oid = d.objid join pg_class c on c.oid = r.ev_class and c.relkind = 'v'
        where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
          and d.refobjid = 'prompt_executions'::regclass) v;
end
$guard$;

alter table prompt_executions rename to prompt_executions_earlier;
drop trigger trigger_update_template_statistics on prompt_executions_earlier;
drop trigger trigger_update_ab_test_statistics on prompt_executions_earlier;
alter table prompt_executions_earlier
  drop constraint prompt_executions_pkey,
  add constraint prompt_executions_earlier_pkey primary key using index prompt_executions_id_time;

-- Columns, defaults, checks, indexes and comments are those of the table that was.
create table prompt_executions (like prompt_executions_earlier including all) partition by range (executed_at);
alter table prompt_executions
  drop constraint prompt_executions_earlier_check,
  add constraint prompt_executions_template_id_fkey
    foreign key (template_id) references prompt_templates on delete set null;
comment on table prompt_executions is 'The log of renders, by month. It outlives its templates: name and version are copies.';

do $partitions$
declare
  bound text := (select substring(pg_get_expr(conbin, conrelid) from '< ''([^'']+)''') from pg_constraint
                 where conrelid = 'prompt_executions_earlier'::regclass
                   and conname = 'prompt_executions_earlier_check');
begin
  execute format('alter table prompt_executions attach partition prompt_executions_earlier
    for values from (''0001-01-01 00:00:00+00'') to (%L)', bound);
end
$partitions$;
alter table prompt_executions_earlier drop constraint prompt_executions_earlier_check;
alter table prompt_executions attach partition prompt_executions_default default;

-- The names of the indexes belong to the whole table, the rights on it too, and the views show all of it.
do $names$
declare
  each record;
begin
  for each in
    select whole.oid::regclass as index, part.oid::regclass as of_part, part.relname as name
    from pg_inherits i
    join pg_class whole on whole.oid = i.inhparent
    join pg_index x on x.indexrelid = i.inhparent and x.indrelid = 'prompt_executions'::regclass and not x.indisprimary
    join pg_class part on part.oid = i.inhrelid
    join pg_index y on y.indexrelid = i.inhrelid and y.indrelid = 'prompt_executions_earlier'::regclass
  loop
    execute format('alter index %s rename to %I', each.of_part, left('earlier_' || each.name, 63));
    execute format('alter index %s rename to %I', each.index, each.name);
  end loop;

  for each in
    select format('grant %s on prompt_executions to %s%s', privilege, case grantee when 0 then 'public'
                  else grantee::regrole::text end, case when is_grantable then ' with grant option' else '' end) as command
    from (select acl.privilege_type as privilege, acl.grantee, acl.is_grantable, c.relowner
          from pg_class c cross join aclexplode(c.relacl) acl where c.oid = 'prompt_executions_earlier'::regclass
          union all
          select format('%s (%I)', acl.privilege_type, a.attname), acl.grantee, acl.is_grantable, c.relowner
          from pg_class c join pg_attribute a on a.attrelid = c.oid cross join aclexplode(a.attacl) acl
          where c.oid = 'prompt_executions_earlier'::regclass) rights
    where grantee <> relowner
  loop
    execute each.command;
  end loop;

  for each in
    select * from jsonb_to_recordset(current_setting('prompt_service.views')::jsonb)
      as views (name text, options text, text text)
  loop
    execute format('create or replace view %s %s as %s', each.name, 'with (' || each.options || ')', each.text);
  end loop;
end
$names$;
comment on index idx_prompt_executions_errors is
  'Also serves "the last N days" of everything: name all five statuses, status in (...) and executed_at >= ...';

create trigger trigger_update_template_statistics
  after insert on prompt_executions referencing new table as logged
  for each statement execute function update_template_statistics();
create trigger trigger_update_ab_test_statistics
  after insert on prompt_executions referencing new table as logged
  for each statement execute function update_ab_test_statistics();

-- The months from `today` on that have no partition get one, and of those before, what is past retention goes. It
-- says what it did: created, dropped, or busy for a partition that somebody read for longer than the lock timeout,
-- which stays for the next call. An error 55P03 is the same for a new month: call again.
--
-- A month that rows came for before its partition was there has them in the default partition: they move. Writers are
-- kept out meanwhile, since a row that is on its way to the default partition would be refused there; who reads the
-- other partitions is not.
create function keep_execution_months(today timestamptz, retention_months integer)
returns table (partition_name text, change text)
language plpgsql set search_path from current set timezone = 'UTC' set datestyle = 'ISO' set lock_timeout = '50ms'
as $function$
declare
  this_month timestamptz := date_trunc('month', today);
  oldest timestamptz := date_trunc('month', today) - make_interval(months => retention_months);
  month timestamptz;
  part record;
begin
  perform pg_advisory_xact_lock(hashtextextended('prompt_executions months', 0));
  for month in select generate_series(this_month, this_month + interval '2 months', interval '1 month') loop
    if exists (select from execution_partitions() p where month >= p.first_moment and month < p.end_moment) then
      continue;
    end if;
    lock table only prompt_executions in share row exclusive mode;
    lock table prompt_executions_default in access exclusive mode;
    partition_name := 'prompt_executions_' || to_char(month, 'YYYY_MM');
    execute format('create table %I (like prompt_executions including all)', partition_name);
    execute format('with strays as (delete from prompt_executions_default where executed_at >= %1$L
        and executed_at < %2$L returning *) insert into %3$I select * from strays',
      month, month + interval '1 month', partition_name);
    execute format('alter table prompt_executions attach partition %I for values from (%L) to (%L)',
      partition_name, month, month + interval '1 month');
    change := 'created';
    return next;
  end loop;

  for part in select * from execution_partitions() p where p.end_moment <= oldest order by p.end_moment loop
    partition_name := part.name;
    begin
      execute format('drop table %I', part.name);
      change := 'dropped';
    exception when lock_not_available then
      change := 'busy';
    end;
    return next;
  end loop;
  delete from prompt_executions_default where executed_at < oldest and isfinite(executed_at);
end
$function$;

-- Those with a range: all but the default one.
create function execution_partitions() returns table (name text, first_moment timestamptz, end_moment timestamptz)
language sql stable set search_path from current set timezone = 'UTC' set datestyle = 'ISO' as $function$
  select name, substring(bounds from 'FROM \(''([^'']+)''\)')::timestamptz, substring(bounds from 'TO \(''([^'']+)''\)')::timestamptz
  from (select c.relname::text as name, pg_get_expr(c.relpartbound, c.oid) as bounds
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'prompt_executions'::regclass) partitions
  where bounds <> 'DEFAULT'
$function$;

-- For the role that serves, which has no right to make or drop a table. Called with nothing to do it takes no lock.
create function ensure_execution_months(retention_months integer default null)
returns table (partition_name text, change text)
language plpgsql security definer set search_path from current set timezone = 'UTC' as $function$
declare
  this_month timestamptz := date_trunc('month', now());
begin
  if retention_months < 1 then
    raise exception 'retention is % months: it is at least 1, or null to keep everything', retention_months
      using errcode = 'invalid_parameter_value';
  end if;
  if exists (select from generate_series(this_month, this_month + interval '2 months', interval '1 month') month
             where not exists (select from execution_partitions() p
                               where month >= p.first_moment and month < p.end_moment))
     or exists (select from execution_partitions() p
                where p.end_moment <= this_month - make_interval(months => retention_months))
     or exists (select from prompt_executions_default
                where executed_at < this_month - make_interval(months => retention_months) and isfinite(executed_at)) then
    return query select * from keep_execution_months(now(), retention_months);
  end if;
end
$function$;
revoke execute on function ensure_execution_months(integer), keep_execution_months(timestamptz, integer) from public;

do $grants$
declare
  role text;
begin
  for role in
    select distinct grantee::regrole::text from pg_class, aclexplode(relacl)
    where oid = 'prompt_executions'::regclass and privilege_type = 'INSERT' and grantee not in (0, relowner)
  loop
    execute format('grant execute on function ensure_execution_months(integer) to %s', role);
  end loop;
end
$grants$;

select * from ensure_execution_months();
