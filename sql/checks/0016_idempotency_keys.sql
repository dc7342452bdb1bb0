-- Proves that an answer is kept once for each holder and key, and only that of a request that was carried out.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  holder_id uuid := gen_random_uuid();
  hash bytea := sha256(own::bytea);
  refused record;
  by_rule text;
begin
  insert into idempotency_keys (holder, key, fingerprint, status, headers, body) values
    (holder_id, own, hash, 201, '[]', ''), (gen_random_uuid(), own, hash, 200, '["ETag", "1"]', '{}');
  if (select created_at is null from idempotency_keys where holder = holder_id) then
    raise exception 'idempotency_keys: an answer has no time' using errcode = 'assert_failure';
  end if;
  for refused in select * from (values
    ('idempotency_keys_pkey', $q$insert into idempotency_keys values ($1, $2, $3, now(), 200, '[]', '')$q$),
    ('idempotency_keys_fingerprint_check', $q$insert into idempotency_keys values ($1, $2 || '!', substr($3, 2), now(), 200, '[]', '')$q$),
    ('idempotency_keys_status_check', $q$insert into idempotency_keys values ($1, $2 || '!', $3, now(), 422, '[]', '')$q$),
    ('idempotency_keys_headers_check', $q$insert into idempotency_keys values ($1, $2 || '!', $3, now(), 200, '{}', '')$q$),
    ('body', $q$insert into idempotency_keys values ($1, $2 || '!', $3, now(), 200, '[]', null)$q$)) as rules (name, statement) loop
    begin
      execute refused.statement using holder_id, own, hash;
      raise exception 'idempotency_keys: % accepts what it must refuse', refused.name using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics by_rule = constraint_name;
      if by_rule = '' then
        get stacked diagnostics by_rule = column_name;
      end if;
      if by_rule <> refused.name then
        raise exception 'idempotency_keys: refused by % instead of %', by_rule, refused.name using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
