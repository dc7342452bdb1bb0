-- What an execution says beside its render: the label and the experiment that chose the version, and the outcome that
-- its caller reports later; until then it is "rendered". And a bound in time for the rows that are there, which makes
-- the table one range of 0012's.
--
-- Locks: ACCESS EXCLUSIVE on prompt_executions for a moment: no row is read or written. The checks bind new rows from
-- here on; 0011 reads the old ones.

alter table prompt_executions
  add label varchar(36),
  add experiment_id uuid,
  add model varchar(255),
  add input_tokens bigint,
  add output_tokens bigint,
  add score double precision,
  add outcome_at timestamptz,
  add http_request_id varchar(128),
  drop constraint prompt_executions_status_check,
  add constraint prompt_executions_status_check
    check (status in ('rendered', 'success', 'failure', 'partial', 'blocked')) not valid,
  add constraint prompt_executions_tokens_check check (input_tokens >= 0 and output_tokens >= 0) not valid;
comment on column prompt_executions.label is 'The label that was asked for; null where a version or an experiment was.';
comment on column prompt_executions.token_count is 'Input and output tokens together.';
comment on column prompt_executions.outcome_at is 'When the caller reported the outcome; null before, and where a row came with it.';
comment on column prompt_executions.http_request_id is 'X-Request-Id. Filled by the service; null for rows of other clients.';

-- The next month in UTC; on the last day of a month the one after it, since these scripts may end past midnight.
do $bound$
begin
  execute format('alter table prompt_executions add constraint prompt_executions_earlier_check
    check (executed_at >= ''0001-01-01 00:00:00+00'' and executed_at < %L) not valid',
    date_trunc('month', now() + interval '1 day', 'UTC') + interval '1 month');
end
$bound$;
