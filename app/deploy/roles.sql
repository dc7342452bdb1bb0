-- Three roles for one database, each with the least that it needs. Run it with psql, connected to that database, as a
-- superuser, or as the database's owner with CREATEROLE; again whenever you like: it only adds what is missing.
--
--   psql -v ON_ERROR_STOP=1 -f roles.sql "$ADMIN_URL"                         (-v prefix=orders for other names)
--
--   <prefix>_owner     owns the schema's objects and the history. Nobody logs in as it.
--   <prefix>_migrator  logs in to migrate, and becomes the owner for that alone: MIGRATION_DATABASE_URL, together with
--                      SCHEMAGATE_RUN_AS=<prefix>_owner. It inherits nothing, so that a mistake in its session is not
--                      the owner's.
--   <prefix>_runtime   serves: DATABASE_URL. It reads and writes rows, and reads the history. It makes, changes and
--                      drops nothing, but for the months of the log, through ensure_execution_months(). It deletes
--                      labels, guardrails, prices and answers kept for a day, and nothing else: versions and logs
--                      outlive the service.
--
-- Passwords are not set here, where a log or an argument would hold them. Afterwards, in psql, which sends a hash:
--   \password prompt_migrator
--   \password prompt_runtime
\if :{?prefix}
\else
  \set prefix prompt
\endif
\set owner :prefix _owner
\set migrator :prefix _migrator
\set runtime :prefix _runtime
\set ON_ERROR_STOP on

select not exists (select from pg_roles where rolname = :'owner') as missing \gset
\if :missing
  create role :"owner" nologin noinherit;
\endif
select not exists (select from pg_roles where rolname = :'migrator') as missing \gset
\if :missing
  -- Two boots may meet: one works, the other looks; a few more for a person.
  create role :"migrator" login noinherit connection limit 10;
\endif
select not exists (select from pg_roles where rolname = :'runtime') as missing \gset
\if :missing
  create role :"runtime" login noinherit;
\endif

begin;

-- The migrator may become the owner. From PostgreSQL 16 on a grant itself says whether it is inherited, and takes that
-- from the member's attribute, NOINHERIT.
grant :"owner" to :"migrator";

-- An administrator who is no superuser has to be the owner's member to speak for it below, until the end of this file.
select not pg_has_role(:'owner', 'usage') as borrow \gset
\if :borrow
  select current_setting('server_version_num')::int >= 160000 as explicit \gset
  \if :explicit
    grant :"owner" to current_user with inherit true, set true;
  \else
    grant :"owner" to current_user;
  \endif
\endif

-- The database: who may connect, and who may make the history's schema.
select format('revoke all on database %I from public', current_database()) \gexec
select format('grant connect on database %I to %I, %I', current_database(), :'migrator', :'runtime') \gexec
select format('grant create on database %I to %I', current_database(), :'owner') \gexec

-- The schema: until PostgreSQL 15 everybody may create in it.
revoke create on schema public from public;
grant usage, create on schema public to :"owner";
grant usage on schema public to :"runtime";

-- What a later migration makes is usable as soon as it is there; what is there already is granted below. The history
-- lies in a schema of its own, where this says nothing: the boot itself grants the runtime role SELECT there.
alter default privileges for role :"owner" in schema public grant select, insert, update on tables to :"runtime";
alter default privileges for role :"owner" in schema public grant usage on sequences to :"runtime";
alter default privileges for role :"owner" in schema public grant execute on functions to :"runtime";
grant select, insert, update on all tables in schema public to :"runtime";
grant usage on all sequences in schema public to :"runtime";

-- What is for reading alone, and what may be deleted or called. Where migrations have made them since, run this file
-- again: the grants are there already, given by the migrations, and this takes back what the default gave too much.
select to_regclass('public.schema_migrations') is not null as ledger,
       to_regclass('public.content_version') is not null as complete \gset
\if :ledger
  revoke insert, update on public.schema_migrations from :"runtime";
\endif
\if :complete
  revoke insert, update on public.content_version, public.prompt_label_moves from :"runtime";
  revoke update on public.audit_log from :"runtime";
  grant delete on public.prompt_labels, public.prompt_guardrails, public.model_prices to :"runtime";
  grant execute on function public.ensure_execution_months(integer) to :"runtime";
  revoke execute on function public.keep_execution_months(timestamptz, integer) from :"runtime";
\endif

select to_regclass('public.idempotency_keys') is not null as keyed \gset
\if :keyed
  grant delete on public.idempotency_keys to :"runtime";
\endif

\if :borrow
  revoke :"owner" from current_user;
\endif

commit;
