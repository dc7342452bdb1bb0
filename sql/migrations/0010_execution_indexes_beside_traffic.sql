-- The indexes that 0012 needs, built beside the traffic of a database with a past. Elsewhere 0011 makes them.
-- schemagate: only-if-adopted 0001
-- schemagate: no-transaction
create unique index concurrently prompt_executions_id_time on prompt_executions (id, executed_at);
create index concurrently ix_prompt_executions_prompt on prompt_executions (template_name, executed_at desc, id desc);
