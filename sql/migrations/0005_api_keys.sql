-- Who may call the service. Of a key only its SHA-256 is kept: a copy of this table opens nothing.
create table api_keys (
  id         uuid primary key default gen_random_uuid(),
  name       varchar(255) not null,
  key_hash   bytea not null unique check (octet_length(key_hash) = 32),
  scope      varchar(10) not null check (scope in ('read', 'write', 'admin')),
  created_at timestamptz not null default now(),
  created_by varchar(255),
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by varchar(255)
);
comment on column api_keys.key_hash is 'SHA-256 of the whole key, as the client sends it.';
