-- Proves that nothing of the way to partitions was left behind.
do $check$
declare
  wrong text;
begin
  select string_agg(format('constraint %s on %s is not validated, or no longer needed', conname, conrelid::regclass), '; ')
  into wrong
  from pg_constraint
  where (conrelid = 'prompt_executions'::regclass
         or conrelid in (select inhrelid from pg_inherits where inhparent = 'prompt_executions'::regclass))
    and (not convalidated or conname = 'prompt_executions_earlier_check');
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
end
$check$;
