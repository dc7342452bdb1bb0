// The preflight: histories and ledgers that a leader finds before its first write.
#include "preflight_fixture.hpp"

using engine::made;
using engine::make;
using engine::preflighted;
using support::holds;
using support::memory_catalog;

TEST_CASE_METHOD(preflighted, "a history of ours in another schema is listed, and refused", "[preflight]")
{
    with.history_schema = GENERATE("elsewhere", "Else where");
    auto const name = with.history_schema;
    REQUIRE(boot(made("create table if not exists made (id int);\n")).applied() == 1);
    with.history_schema = "schemagate";
    auto const before = state();
    auto const refused = boot(made("create table if not exists made (id int);\n"));
    REQUIRE(refused.code() == "setting-invalid");
    CHECK(refused.failure->exit_code() == 78);
    CHECK_THAT(refused.failure->message(), holds('"' + name + '"'));
    CHECK_THAT(refused.failure->fix(), holds("SCHEMAGATE_HISTORY_SCHEMA=" + name));
    CHECK(state() == before);

    with.history_schema = name;
    CHECK(boot(made("create table if not exists made (id int);\n")).applied() == 0);
}

TEST_CASE_METHOD(preflighted, "all schemas that hold a history of ours are listed", "[preflight]")
{
    auto const shipped = made("create table if not exists made (id int);\n");
    with.history_schema = "first";
    REQUIRE(boot(shipped).applied() == 1);
    database->run("create schema second; create table second.history as table first.history; "
                  "grant usage on schema second to public; grant select on second.history to public");
    with.history_schema = "schemagate";
    auto const refused = boot(shipped);
    REQUIRE(refused.code() == "setting-invalid");
    CHECK_THAT(refused.failure->message(), holds("\"first\"") && holds("\"second\""));
}

TEST_CASE_METHOD(preflighted,
                 "a history of another catalog, of other scripts, or of no row is no reason to stop",
                 "[preflight]")
{
    with.history_schema = "elsewhere";
    REQUIRE(boot(memory_catalog({{"0001_other.sql", "create table other (id int);\n"}},
                                GENERATE("test", "another")))
                .applied() == 1);
    if (GENERATE(true, false)) {
        database->run("delete from elsewhere.history");
    }
    with.history_schema = "schemagate";
    CHECK(boot(made()).applied() == 1);
}

TEST_CASE_METHOD(preflighted, "a history that the role may not read is named, and the boot goes on",
                 "[preflight]")
{
    with.history_schema = "elsewhere";
    REQUIRE(boot(made("create table if not exists made (id int);\n")).applied() == 1);
    if (GENERATE(true, false)) {
        database->run("grant usage on schema elsewhere to " + role);
    }
    database->run("drop table made; grant create on schema public to " + role +
                  "; grant create on database " + database->name() + " to " + role);
    log_in_as_role();
    CHECK(boot(made()).applied() == 1);
    CHECK_THAT(warnings(), holds("schema \"elsewhere\" holds a history") && holds("cannot read"));
}

TEST_CASE_METHOD(preflighted, "a history that somebody holds locked is named, and the boot goes on",
                 "[preflight]")
{
    with.history_schema = "elsewhere";
    REQUIRE(boot(made("create table if not exists made (id int);\n")).applied() == 1);
    support::sql_session holder{database->admin_url()};
    holder("begin; lock table elsewhere.history");
    with.history_schema = "schemagate";
    CHECK(boot(made("create table if not exists made (id int);\n")).applied() == 1);
    CHECK_THAT(warnings(), holds("cannot read"));
}

TEST_CASE_METHOD(preflighted, "each tool's ledger is named, and refused only where the first script collides",
                 "[preflight]")
{
    auto const [tool, ledger] = GENERATE(table<std::string, std::string>({
        {"goose",
         "create table goose_db_version (id serial, version_id bigint not null, is_applied boolean not "
         "null, tstamp timestamp)"},
        {"golang-migrate",
         "create table schema_migrations (version bigint primary key, dirty boolean not null)"},
        {"dbmate", "create table schema_migrations (version varchar(128) primary key)"},
        {"Flyway",
         "create table flyway_schema_history (installed_rank int primary key, version varchar(50), "
         "description varchar(200), type varchar(20), script varchar(1000), checksum int, installed_by "
         "varchar(100), installed_on timestamp, execution_time int, success boolean)"},
        {"sqlx", "create table _sqlx_migrations (version bigint primary key, description text, installed_on "
                 "timestamptz, success boolean, checksum bytea, execution_time bigint)"},
        {"refinery", "create table refinery_schema_history (version int4 primary key, name varchar(255), "
                     "applied_on varchar(255), checksum varchar(255))"},
        {"Rails", "create table schema_migrations (version varchar primary key); create table "
                  "ar_internal_metadata (key varchar primary key, value varchar)"},
        {"Ecto", "create table schema_migrations (version bigint primary key, inserted_at timestamp(0))"},
        {"Alembic", "create table alembic_version (version_num varchar(32) primary key)"},
        {"Prisma",
         "create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64), "
         "finished_at timestamptz, migration_name varchar(255), logs text, rolled_back_at timestamptz, "
         "started_at timestamptz, applied_steps_count integer)"},
        {"Liquibase", "create table databasechangelog (id varchar(255), author varchar(255), filename "
                      "varchar(255), dateexecuted timestamp, orderexecuted int, exectype varchar(10), md5sum "
                      "varchar(35), description varchar(255), comments varchar(255), tag varchar(255), "
                      "liquibase varchar(20), contexts varchar(255), labels varchar(255), deployment_id "
                      "varchar(10))"},
        {"Django", "create table django_migrations (id bigint primary key, app varchar(255), name "
                   "varchar(255), applied timestamptz)"},
        {"TypeORM", "create table migrations (id serial primary key, timestamp bigint, name varchar)"},
        {"Entity Framework",
         "create table \"__EFMigrationsHistory\" (\"MigrationId\" varchar(150) primary key, "
         "\"ProductVersion\" varchar(32))"},
        {"Entity Framework", "create table \"__EFMigrationsHistory\" (migration_id varchar(150) primary key, "
                             "product_version varchar(32))"},
        {"Knex", "create table knex_migrations (id serial primary key, name varchar(255), batch int, "
                 "migration_time timestamptz)"},
        {"Diesel",
         "create table __diesel_schema_migrations (version varchar(50) primary key, run_on timestamp)"},
        {"Drizzle",
         "create table __drizzle_migrations (id serial primary key, hash text, created_at bigint)"},
        {"node-pg-migrate", "create table pgmigrations (id serial primary key, name varchar(255), run_on "
                            "timestamp)"},
        {"Atlas",
         "create table atlas_schema_revisions (version varchar primary key, description varchar, type "
         "bigint, applied bigint, total bigint, executed_at timestamptz, execution_time bigint, error "
         "text, error_stmt text, hash varchar, partial_hashes jsonb, operator_version varchar)"},
        {"the earlier Python runner", "create table schema_migrations (version varchar(255) primary key, "
                                      "description text, executed_at timestamp default now())"},
    }));
    INFO(tool);
    auto const schema = GENERATE("public", "app");
    if (schema == std::string{"app"}) {
        database->run("create schema app");
    }
    // As a role of its own, whose tables the migrating role may not read.
    database->run(std::string{"set search_path = "} + schema + "; " + ledger +
                  "; create table public.made ()");
    auto const before = state();
    auto const refused = boot(made());
    REQUIRE(refused.code() == "adoption-refused");
    CHECK(refused.failure->exit_code() == 76);
    CHECK(refused.failure->script() == "0001_make");
    CHECK_THAT(refused.failure->message(),
               holds("public.made") && holds(std::string{schema} + '.') && holds('(' + tool + ')'));
    CHECK_THAT(refused.failure->fix(), holds("adopts"));
    CHECK(state() == before);

    database->run("drop table public.made");
    CHECK(boot(made()).applied() == 1);
    CHECK_THAT(warnings(), holds('(' + tool + ')'));
    auto const told = warnings();
    CHECK(boot(memory_catalog({{"0001_make.sql", make}, {"0002_more.sql", "create table more (id int);\n"}}))
              .applied() == 1);
    CHECK(warnings() == told); // something of ours is recorded by now
}

TEST_CASE_METHOD(preflighted, "beside a foreign ledger, a script that may find its objects is not refused",
                 "[preflight]")
{
    database->run("create table alembic_version (version_num varchar(32)); create table made (id int); alter "
                  "table made owner to " +
                  std::string{support::private_server::owner});
    CHECK(boot(made(GENERATE("create table if not exists made (id int);\n",
                             "drop table made; create table made (id int);\n",
                             "alter table made rename to old; create table made (id int);\n",
                             "create schema app; set search_path = app; create table made (id int);\n",
                             "create schema app; create table app.made (id int);\n",
                             "create temp table made (id int);\n")))
              .applied() == 1);
    CHECK_THAT(warnings(), holds("(Alembic)"));
}

TEST_CASE_METHOD(preflighted, "a table that only has a ledger's name is none", "[preflight]")
{
    database->run(
        "create table schema_migrations (id int, what text); create view alembic_version as select 1 as "
        "version_num; create table flyway_schema_history (checksum int);"
        "create table migrations (id int, timestamp bigint, name text, batch int)");
    CHECK(boot(made()).applied() == 1);
    CHECK(warnings().empty());
}

TEST_CASE_METHOD(preflighted, "a ledger that is adopted is no foreign one", "[preflight]")
{
    database->run(
        "create table schema_migrations (version varchar primary key); insert into schema_migrations "
        "values ('1'); grant select on schema_migrations to public; create table made (id int primary "
        "key)");
    CHECK(
        boot(made("-- schemagate: adopts public.schema_migrations version=1\n" + std::string{make})).code() ==
        "done");
    CHECK(warnings().empty());
    CHECK(value("select kind from schemagate.history") == "adopted");
}
