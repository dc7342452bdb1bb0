-- An invoice is a number and an amount; nothing of Schemagate's own appears here.
create table invoices (
  id     bigint generated always as identity primary key,
  amount numeric(12, 2) not null
);
