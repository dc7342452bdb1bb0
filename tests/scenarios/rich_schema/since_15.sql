-- What PostgreSQL 15 added.
create schema since_15;
create table since_15.single (id int, other int, constraint single_null unique nulls not distinct (id));
create unique index single_other on since_15.single (other) nulls not distinct;
create view since_15.invoked with (security_invoker) as select id from since_15.single;
