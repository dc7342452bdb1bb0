-- What was done to the library, by whom: never a prompt's text, a variable's value or a key.
create table audit_log (
  id          bigint generated always as identity primary key,
  at          timestamptz not null default clock_timestamp(),
  actor       varchar(255),
  action      varchar(100) not null,
  object_type varchar(50) not null,
  object_name varchar(255),
  details     jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  request_id  varchar(128)
);
create index ix_audit_log_object on audit_log (object_type, object_name, id desc);

create trigger trigger_refuse_history_change
  before update or delete or truncate on audit_log
  for each statement execute function refuse_history_change();
