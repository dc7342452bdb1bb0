-- Proves that the audit log takes rows and gives none back.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  refused record;
  by_rule text;
  statement text;
begin
  insert into audit_log (action, object_type, object_name) values ('check', 'schema', own);
  if (select id is null or at is null or details <> '{}' or actor is not null or request_id is not null
      from audit_log where object_name = own) then
    raise exception 'audit_log: a row is not as it was written' using errcode = 'assert_failure';
  end if;
  foreach statement in array array['update audit_log set action = action where false', 'delete from audit_log where false'] loop
    begin
      execute statement;
      raise exception 'audit_log: "%" is accepted', statement using errcode = 'assert_failure';
    exception
      when sqlstate 'PS003' then null;
      when insufficient_privilege then null;
    end;
  end loop;
  if not exists (select from pg_trigger where tgrelid = 'audit_log'::regclass and tgname = 'trigger_refuse_history_change'
                 and tgtype = 2 + 8 + 16 + 32 and tgenabled in ('O', 'A')) then
    raise exception 'audit_log: trigger_refuse_history_change leaves a way' using errcode = 'assert_failure';
  end if;
  if not exists (select from pg_index where indexrelid = to_regclass('ix_audit_log_object') and indisvalid)
     or not exists (select from pg_index where indexrelid = to_regclass('audit_log_pkey') and indisprimary) then
    raise exception 'audit_log: ix_audit_log_object or the primary key is missing' using errcode = 'assert_failure';
  end if;
  for refused in select * from (values
    ('audit_log_details_check', $q$insert into audit_log (action, object_type, details) values ('a', 'b', '[]')$q$),
    ('action', $q$insert into audit_log (object_type) values ('b')$q$),
    ('object_type', $q$insert into audit_log (action) values ('a')$q$),
    ('at', $q$insert into audit_log (action, object_type, at) values ('a', 'b', null)$q$),
    ('details', $q$insert into audit_log (action, object_type, details) values ('a', 'b', null)$q$)) as rules (name, statement) loop
    begin
      execute refused.statement;
      raise exception 'audit_log: % accepts what it must refuse', refused.name using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics by_rule = constraint_name;
      if by_rule = '' then
        get stacked diagnostics by_rule = column_name;
      end if;
      if by_rule <> refused.name then
        raise exception 'audit_log: refused by % instead of %', by_rule, refused.name using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
