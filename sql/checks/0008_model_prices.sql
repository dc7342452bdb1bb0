-- Proves that a model has one price, and none below zero.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  refused record;
  by_rule text;
begin
  insert into model_prices (model, input_usd_per_million, output_usd_per_million) values (own, 0, 0.075);
  if (select updated_at is null or updated_by is not null or output_usd_per_million <> 0.075 from model_prices where model = own) then
    raise exception 'model_prices: a row is not as it was written' using errcode = 'assert_failure';
  end if;
  for refused in select * from (values
    ('model_prices_pkey', $q$insert into model_prices values ($1, 0, 0)$q$),
    ('model_prices_input_usd_per_million_check', $q$insert into model_prices values ($1 || '!', -1, 0)$q$),
    ('model_prices_output_usd_per_million_check', $q$insert into model_prices values ($1 || '!', 0, -1)$q$),
    ('input_usd_per_million', $q$insert into model_prices values ($1 || '!', null, 0)$q$),
    ('output_usd_per_million', $q$insert into model_prices values ($1 || '!', 0, null)$q$),
    ('updated_at', $q$update model_prices set updated_at = null where model = $1$q$)) as rules (name, statement) loop
    begin
      execute refused.statement using own;
      raise exception 'model_prices: % accepts what it must refuse', refused.name using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics by_rule = constraint_name;
      if by_rule = '' then
        get stacked diagnostics by_rule = column_name;
      end if;
      if by_rule <> refused.name then
        raise exception 'model_prices: refused by % instead of %', by_rule, refused.name using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
