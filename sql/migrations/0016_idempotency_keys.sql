-- What a POST with an Idempotency-Key was answered, for a day. The row comes in the transaction of what the POST changes,
-- so that both are there or neither is. It may be deleted by whoever may write it.
create table idempotency_keys (
  holder      uuid not null,
  key         varchar(255) not null,
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  created_at  timestamptz not null default now(),
  status      smallint not null check (status between 200 and 299),
  headers     jsonb not null check (jsonb_typeof(headers) = 'array'),
  body        text not null,
  primary key (holder, key)
);
create index ix_idempotency_keys_created on idempotency_keys (created_at);
comment on column idempotency_keys.holder is 'The API key that asked: api_keys.id.';
comment on column idempotency_keys.fingerprint is 'SHA-256 of method, path, If-Match and body.';
comment on column idempotency_keys.headers is 'Names and values in turn.';

-- As in 0004: deploy/roles.sql, which may have run before, cannot grant it.
do $grants$
declare
  command text;
begin
  for command in
    select distinct format('grant delete on %s to %s', oid::regclass, grantee::regrole) from pg_class, aclexplode(relacl)
    where oid = 'idempotency_keys'::regclass
      and privilege_type = 'UPDATE' and grantee not in (0, relowner)
  loop
    execute command;
  end loop;
end
$grants$;
