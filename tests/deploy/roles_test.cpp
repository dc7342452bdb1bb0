// app/deploy/roles.sql with real logins: what each role can do, and what it cannot.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

constexpr auto refused_right = "42501";

/// A database with the three roles, made by a superuser or by the database's owner, and the service's
/// environment.
struct with_roles
{
    support::private_server& server = support::private_server::shared();
    std::unique_ptr<support::test_database> database = server.create_database();
    std::string prefix = "r_" + database->name();
    std::string owner = prefix + "_owner", migrator = prefix + "_migrator", runtime = prefix + "_runtime";
    std::string admin = prefix + "_admin";

    with_roles()
    {
        database->run("create role " + admin + " login createrole password 'Admin-Pass-1'; alter database " +
                      database->name() + " owner to " + admin + "; alter schema public owner to " + admin);
    }
    ~with_roles()
    {
        for (auto const& role : {runtime, migrator, owner}) {
            database->run("do $$ begin if to_regrole('" + role +
                          "') is not null then execute 'drop owned by " + role +
                          " cascade'; execute 'drop role " + role + "'; end if; end $$");
        }
        database->run("alter database " + database->name() +
                      " owner to current_user; alter schema public owner to "
                      "current_user; drop owned by " +
                      admin + "; drop role " + admin);
    }
    with_roles(with_roles const&) = delete;
    with_roles& operator=(with_roles const&) = delete;

    [[nodiscard]] std::string url(std::string const& role, std::string const& secret) const
    {
        return server.url(database->name(), role, secret);
    }
    void make_roles(bool by_superuser) const
    {
        auto const who = by_superuser ? database->admin_url() : url(admin, "Admin-Pass-1");
        auto const done = support::run_program(
            "/usr/bin/env",
            {"psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", "prefix=" + prefix, "-f", ROLES_SQL, who},
            {});
        INFO(done.out << done.err);
        REQUIRE(done.code == 0);
        CHECK(done.out == "");
        database->run("alter role " + migrator + " password 'Migrator-Pass-1'; alter role " + runtime +
                      " password 'Runtime-Pass-1'; alter role " + owner + " password 'Owner-Pass-1'");
    }
    [[nodiscard]] std::string as_runtime() const { return url(runtime, "Runtime-Pass-1"); }
    [[nodiscard]] std::string as_migrator() const { return url(migrator, "Migrator-Pass-1"); }
    [[nodiscard]] support::environment to_serve() const
    {
        return {{"DATABASE_URL", as_runtime()},
                {"MIGRATION_DATABASE_URL", as_migrator()},
                {"SCHEMAGATE_RUN_AS", owner}};
    }
};

/// The SQLSTATE, or "" for a statement that ran.
std::string result_of(std::string const& url, std::string const& sql)
{
    try {
        static_cast<void>(support::query(url, sql));
        return "";
    }
    catch (std::runtime_error const& e) {
        return std::string{e.what()}.substr(0, 5);
    }
}

} // namespace

TEST_CASE_METHOD(with_roles, "roles.sql: the migrator migrates as the owner, and the runtime role serves",
                 "[roles]")
{
    bool const by_superuser = GENERATE(true, false);
    INFO((by_superuser ? "made by a superuser" : "made by the database's owner"));
    make_roles(by_superuser);
    {
        service backend{to_serve()};
        auto const ready = backend.is_ready();
        INFO(backend.process().err());
        REQUIRE(ready);
        CHECK(backend.get("/v1/prompts/nlu_topic_extraction").status == 200);
        CHECK(backend.terminate() == 0);
    }
    CHECK(database->query("select distinct tableowner::text from pg_tables where schemaname in ('public', "
                          "'schemagate')") == support::rows{{owner}});
    // From now on the runtime role is enough, as for a replica that never migrates.
    auto const verified = prompt_service({"verify"}, {{"DATABASE_URL", as_runtime()}});
    INFO(verified.err);
    CHECK(verified.code == 0);
    service replica{{{"DATABASE_URL", as_runtime()}, {"SCHEMAGATE_MODE", "verify"}}};
    CHECK(replica.is_ready());
    CHECK(replica.terminate() == 0);
    // Whoever made the roles does not stay in them.
    CHECK(database->value("select pg_has_role('" + admin + "', '" + owner + "', 'usage')") == "f");
    // Again, on a database in use.
    make_roles(by_superuser);
}

TEST_CASE_METHOD(with_roles, "roles.sql: the runtime role does the service's work and nothing else",
                 "[roles]")
{
    make_roles(true);
    REQUIRE(prompt_service({"migrate"}, to_serve()).code == 0);
    make_roles(true); // now that the earlier tool's ledger is there

    for (auto const* allowed :
         {"update prompt_templates set description = 'new' where name = 'nlu_topic_extraction'",
          "insert into prompt_templates (name, template_text, version, is_active) "
          "select name, template_text, 2, true from prompt_templates where name = 'nlu_topic_extraction'",
          "insert into prompt_executions (template_id, template_name, template_version, input_variables, "
          "rendered_prompt, status) select id, name, version, '{}', 'text', 'success' from prompt_templates "
          "limit 1",
          "select * from v_template_performance", "select * from v_recent_execution_errors",
          "select * from v_guardrail_violations_summary", "select * from v_active_ab_tests",
          "select * from schema_migrations", "select * from schemagate.history",
          "select * from schemagate.object"}) {
        INFO(allowed);
        CHECK(result_of(as_runtime(), allowed) == "");
    }
    CHECK(database->value("select sum(total_executions) from prompt_templates") == "1"); // by the trigger
    for (auto const* allowed :
         {"select from prompts where name = 'nlu_topic_extraction' for update",
          "insert into prompt_labels (prompt_name, label, version) values ('nlu_topic_extraction', "
          "'staging', 1)",
          "update prompt_labels set version = 2",
          "select * from v_prompt_labels",
          "select * from prompt_label_moves",
          "delete from prompt_labels",
          "update prompt_templates set is_active = true where name = 'nlu_topic_extraction' and version = 1",
          "select lock_prompt_versions('nlu_topic_extraction')",
          "insert into api_keys (name, key_hash, scope) values ('k', sha256('k'), 'read')",
          "update api_keys set revoked_at = now()",
          "insert into audit_log (action, object_type) values ('key.create', 'key')",
          "select * from audit_log",
          "insert into model_prices values ('m', 1, 1)",
          "update model_prices set updated_by = 'me'",
          "delete from model_prices",
          "insert into idempotency_keys values (gen_random_uuid(), 'k', sha256('k'), now(), 200, '[]', '')",
          "update idempotency_keys set created_at = now()",
          "delete from idempotency_keys",
          "insert into prompt_guardrails (name, guardrail_type, severity, action, config) values ('own', "
          "'content_policy', 'low', 'log', '{}')",
          "delete from prompt_guardrails where name = 'own'",
          "update prompt_executions set status = 'failure', outcome_at = now()",
          "insert into ab_test_experiments (name, template_name, status, control_template_id, "
          "variant_template_ids, "
          "traffic_allocation, primary_metric) select 'x', name, 'draft', id, array[id], '{\"control\": "
          "100}', 'm' from "
          "prompt_templates where name = 'nlu_topic_extraction' and version = 1",
          "update ab_test_experiments set status = 'active'",
          "select counter from content_version",
          "select * from ensure_execution_months(240)"}) {
        INFO(allowed);
        CHECK(result_of(as_runtime(), allowed) == "");
    }
    CHECK(database->value("select count(*) from prompt_label_moves where moved_by = '" + runtime + "'") ==
          "1");
    // A month that has to be made is made for it, and belongs to the owner.
    // The last one: on a month's last day the table that was reaches over the next.
    database->run(
        "drop table " +
        database->value("select name from execution_partitions() order by end_moment desc limit 1"));
    CHECK(result_of(as_runtime(), "select * from ensure_execution_months()") == "");
    CHECK(database->value(
              "select string_agg(distinct relowner::regrole::text, ' ') from pg_class join pg_inherits on "
              "inhrelid = oid where inhparent = 'prompt_executions'::regclass") == owner);
    for (auto const& denied : std::vector<std::string>{
             "create table mine (id int)",
             "create temp table mine (id int)",
             "create schema mine",
             "create table schemagate.mine (id int)",
             "drop table prompt_executions",
             "alter table prompt_templates add column mine int",
             "create index mine on prompt_templates (name)",
             "drop view v_active_ab_tests",
             "truncate prompt_executions",
             "delete from prompt_executions",
             "delete from prompt_templates",
             "alter table prompt_templates disable trigger user",
             "drop trigger trigger_enforce_single_active_template on prompt_templates",
             "insert into schema_migrations select * from schema_migrations",
             "update content_version set counter = 0",
             "insert into prompt_label_moves (prompt_name, label) values ('x', 'y')",
             "update prompt_label_moves set reason = 'x'",
             "update audit_log set actor = 'x'",
             "delete from audit_log",
             "delete from api_keys",
             "delete from prompts",
             "delete from ab_test_experiments",
             "select keep_execution_months(now(), 1)",
             "drop table prompt_executions_earlier",
             "create table mine partition of prompt_executions for values from ('2200-01-01') to "
             "('2200-02-01')",
             "insert into schemagate.history default values",
             "update schemagate.history set verified_at = null",
             "delete from schemagate.history",
             "truncate schemagate.history",
             "update schemagate.object set hash = hash",
             "drop schema schemagate cascade",
             "grant select on prompt_templates to public",
             "set role " + owner,
             "set role " + migrator,
             "create role mine"}) {
        INFO(denied);
        auto const state = result_of(as_runtime(), denied);
        // No right to grant is a warning in PostgreSQL, and nothing granted.
        CHECK((state == refused_right || (denied.starts_with("grant") && state == "")));
    }
    CHECK(database->value(
              "select count(*) from information_schema.role_table_grants where grantee = 'PUBLIC' and "
              "table_schema in ('public', 'schemagate')") == "0");
}

TEST_CASE_METHOD(with_roles, "roles.sql: a table of a later migration is usable without another GRANT",
                 "[roles]")
{
    make_roles(true);
    REQUIRE(prompt_service({"migrate"}, to_serve()).code == 0);
    CHECK(
        result_of(as_migrator(), "set role " + owner +
                                     "; create table later (id bigserial, note text); create view v_later as "
                                     "select * from later") == "");
    CHECK(result_of(as_runtime(),
                    "insert into later (note) values ('x'); update later set note = 'y'; select * "
                    "from v_later") == "");
    CHECK(result_of(as_runtime(), "delete from later") == refused_right);
}

TEST_CASE_METHOD(with_roles,
                 "roles.sql: the migrator has no right of its own, the owner no login, others no way in",
                 "[roles]")
{
    make_roles(true);
    REQUIRE(prompt_service({"migrate"}, to_serve()).code == 0);
    for (auto const* denied : {"select * from prompt_templates", "create table mine (id int)",
                               "create schema mine", "create role mine", "drop table prompt_templates"}) {
        INFO(denied);
        CHECK(result_of(as_migrator(), denied) == refused_right);
    }
    CHECK_THROWS_WITH(support::query(url(owner, "Owner-Pass-1"), "select 1"),
                      holds("not permitted to log in"));
    database->run("create role " + prefix + "_stranger login password 'Stranger-Pass-1'");
    CHECK_THROWS_WITH(support::query(url(prefix + "_stranger", "Stranger-Pass-1"), "select 1"),
                      holds("permission denied for database"));
    database->run("drop role " + prefix + "_stranger");
    CHECK(
        database->value(
            "select rolinherit or rolsuper or rolcreatedb or rolcreaterole from pg_roles where rolname = '" +
            migrator + "'") == "f");
}
