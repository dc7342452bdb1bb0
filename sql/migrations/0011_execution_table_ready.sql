-- Makes prompt_executions ready to become the first range of a partitioned table: what that would read under a lock
-- is read here, beside the traffic.
--
-- Locks: none that a reader or writer of rows meets, but for the two indexes where they are missing: a log that grew
-- on a schema of ours is closed to writers, not to readers, while they are built, about a second per million rows.
-- Run 0010's two statements by hand before the upgrade, and it is not.

-- Rows of no month, at infinity and the like, wait in what becomes the default partition; 0012 follows at once.
create table prompt_executions_default (like prompt_executions including all excluding indexes);
alter table prompt_executions_default drop constraint prompt_executions_earlier_check;

do $strays$
declare
  within text := (select pg_get_expr(conbin, conrelid) from pg_constraint
                  where conrelid = 'prompt_executions'::regclass and conname = 'prompt_executions_earlier_check');
begin
  execute format('with strays as (delete from prompt_executions where not (%s) returning *)
    insert into prompt_executions_default select * from strays', within);
end
$strays$;

alter table prompt_executions
  validate constraint prompt_executions_status_check,
  validate constraint prompt_executions_tokens_check,
  validate constraint prompt_executions_earlier_check;

do $indexes$
begin
  if to_regclass('prompt_executions_id_time') is null then
    create unique index prompt_executions_id_time on prompt_executions (id, executed_at);
  end if;
  if to_regclass('ix_prompt_executions_prompt') is null then
    create index ix_prompt_executions_prompt on prompt_executions (template_name, executed_at desc, id desc);
  end if;
end
$indexes$;
