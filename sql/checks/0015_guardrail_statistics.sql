-- Proves that guardrails count what they have looked at, and that this is no change of content.
do $check$
declare
  own text := 'schemagate check ' || gen_random_uuid();
  one uuid;
  before bigint;
  found text;
begin
  insert into prompt_templates (name, version, template_text, is_active, category) values (own, 1, '', true, own || ' c')
  returning id into one;
  insert into prompt_guardrails (name, guardrail_type, severity, action, config, is_active, applies_to_templates, applies_to_categories)
  values (own || ' name', 'content_policy', 'low', 'log', '{}', true, array[own], '{}'),
         (own || ' category', 'content_policy', 'low', 'log', '{}', true, '{}', array[own || ' c']),
         (own || ' idle', 'content_policy', 'low', 'log', '{}', false, array[own], '{}'),
         (own || ' other', 'content_policy', 'low', 'log', '{}', true, array[own || '!'], '{}');
  set constraints all immediate;
  set constraints all deferred;
  perform set_config('prompt_service.counted', '', true);
  select counter into before from content_version;
  insert into prompt_executions (template_id, template_name, template_version, input_variables, rendered_prompt, status,
                                 http_request_id, guardrail_violations)
  select one, own, 1, '{}', '', 'rendered', request,
         case when n = 1 then jsonb_build_array(jsonb_build_object('guardrail_name', own || ' name'),
                                                jsonb_build_object('guardrail_name', own || ' name'),
                                                jsonb_build_object('guardrail_name', own || ' gone')) else '[]' end
  from (values (1, 'r'), (2, 'r'), (3, 'r'), (1, null)) as rows (n, request);
  select string_agg(concat_ws(' ', substr(name, length(own) + 2), total_checks, violation_count), ', ' order by name) into found
  from prompt_guardrails where name like own || ' %';
  if found is distinct from 'category 3 0, idle 0 0, name 3 1, other 0 0' then
    raise exception 'trigger_update_violation_statistics: "%" instead of category 3 0, idle 0 0, name 3 1, other 0 0', found
      using errcode = 'assert_failure';
  end if;
  set constraints all immediate;
  set constraints all deferred;
  if (select counter from content_version) <> before then
    raise exception 'trigger_update_violation_statistics: it moves the change counter' using errcode = 'assert_failure';
  end if;
end
$check$;
