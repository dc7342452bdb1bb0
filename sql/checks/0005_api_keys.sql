-- Proves that a key is a hash with a scope, and stored once.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  hash bytea := sha256(convert_to(own, 'UTF8'));
  refused record;
  by_rule text;
begin
  insert into api_keys (name, key_hash, scope) values (own, hash, 'read');
  if (select id is null or created_at is null or expires_at is not null or revoked_at is not null or created_by is not null
             or revoked_by is not null from api_keys where name = own) then
    raise exception 'api_keys: a new key has no id or date, or is revoked' using errcode = 'assert_failure';
  end if;
  insert into api_keys (name, key_hash, scope) values (own, sha256(hash), 'write'), (own, sha256(sha256(hash)), 'admin');
  for refused in select * from (values
    ('api_keys_key_hash_key', $q$insert into api_keys (name, key_hash, scope) values ($1, $2, 'admin')$q$),
    ('api_keys_key_hash_check', $q$insert into api_keys (name, key_hash, scope) values ($1, substr($2, 2), 'admin')$q$),
    ('api_keys_scope_check', $q$insert into api_keys (name, key_hash, scope) values ($1, sha256($1::bytea), 'root')$q$),
    ('api_keys_pkey', $q$insert into api_keys (id, name, key_hash, scope)
       select id, name, sha256($1::bytea), scope from api_keys where key_hash = $2$q$),
    ('name', $q$insert into api_keys (key_hash, scope) values (sha256($1::bytea), 'read')$q$),
    ('key_hash', $q$insert into api_keys (name, scope) values ($1, 'read')$q$),
    ('scope', $q$insert into api_keys (name, key_hash) values ($1, sha256($1::bytea))$q$),
    ('created_at', $q$update api_keys set created_at = null where name = $1$q$)) as rules (name, statement) loop
    begin
      execute refused.statement using own, hash;
      raise exception 'api_keys: % accepts what it must refuse', refused.name using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics by_rule = constraint_name;
      if by_rule = '' then
        get stacked diagnostics by_rule = column_name;
      end if;
      if by_rule <> refused.name then
        raise exception 'api_keys: refused by % instead of %', by_rule, refused.name using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
