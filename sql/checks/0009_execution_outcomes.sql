-- Proves that an execution can wait for its outcome, and says what chose its version.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  refused record;
  by_rule text;
  wrong text;
begin
  select string_agg(format('prompt_executions.%s is not as 0009 made it', c), '; ') into wrong
  from (values ('label', 'character varying(36)'), ('experiment_id', 'uuid'), ('model', 'character varying(255)'),
               ('input_tokens', 'bigint'), ('output_tokens', 'bigint'), ('score', 'double precision'),
               ('outcome_at', 'timestamp with time zone'), ('http_request_id', 'character varying(128)')) as expected (c, type)
  where not exists (select from pg_attribute where attrelid = 'prompt_executions'::regclass and attname = c
                    and not attisdropped and not attnotnull and format_type(atttypid, atttypmod) = type);
  if wrong is not null then
    raise exception '%', wrong using errcode = 'assert_failure';
  end if;
  insert into prompt_executions (template_name, template_version, input_variables, rendered_prompt, status, input_tokens)
  values (own, 0, '{}', '', 'rendered', 0);
  update prompt_executions set status = 'success', output_tokens = 9000000000, outcome_at = now() where template_name = own;
  for refused in select * from (values
    ('prompt_executions_status_check', 'status = ''waiting'''),
    ('prompt_executions_tokens_check', 'input_tokens = -1'),
    ('prompt_executions_tokens_check', 'output_tokens = -1')) as rules (name, change) loop
    begin
      execute format('update prompt_executions set %s where template_name = $1', refused.change) using own;
      raise exception '%: accepts "%"', refused.name, refused.change using errcode = 'assert_failure';
    exception when integrity_constraint_violation then
      get stacked diagnostics by_rule = constraint_name;
      if by_rule <> refused.name then
        raise exception '%: refused by % instead', refused.name, by_rule using errcode = 'assert_failure';
      end if;
    end;
  end loop;
end
$check$;
