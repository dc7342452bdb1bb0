-- Foreign tables, where the extension is there.
create schema far;
create extension if not exists postgres_fdw;
create server elsewhere foreign data wrapper postgres_fdw options (host 'example.invalid', dbname 'd');
create foreign table far.away (
  id   int options (column_name 'nr') not null,
  note varchar(9),
  check (id > 0)
) server elsewhere options (schema_name 's', table_name 't');
