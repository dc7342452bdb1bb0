-- What a model costs, for executions whose caller reports tokens and no cost.
create table model_prices (
  model                  varchar(255) primary key,
  input_usd_per_million  numeric not null check (input_usd_per_million >= 0),
  output_usd_per_million numeric not null check (output_usd_per_million >= 0),
  updated_at             timestamptz not null default now(),
  updated_by             varchar(255)
);
