// A database that is in use when 0003 and later come: an adopted one, and one of ours. The old log is not
// rewritten, and nothing that somebody put around it is lost.
#include <fstream>
#include <iterator>

#include "prompt_database.hpp"

using support::holds;

namespace {

std::string scenario(std::string const& file)
{
    std::ifstream in{std::string{SCENARIOS_FOLDER} + "/earlier_system/" + file, std::ios::binary};
    REQUIRE(in.is_open());
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct at_0002
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();

    explicit at_0002(bool adopted)
    {
        if (adopted) {
            database->run("grant create on schema public to public");
            static_cast<void>(support::query(database->url(), scenario("schema.sql")));
            static_cast<void>(support::query(database->url(), scenario("rows.sql")));
        }
        CHECK(migrate({"migrate", "--to", "0002"}).code == 0);
    }
    [[nodiscard]] programs::ended migrate(std::vector<std::string> const& arguments = {"migrate"}) const
    {
        auto done = programs::prompt_service(arguments, {{"DATABASE_URL", database->url()}});
        INFO(done.err);
        CHECK((done.code == 0 || !done.code_name.empty()));
        return done;
    }
    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    /// As the role that owns the schema.
    void run(std::string const& sql) const { static_cast<void>(support::query(database->url(), sql)); }

    /// Rows of every time that the earlier schema took. Their ids end in fff, which no row of the scenario
    /// does.
    void fill() const
    {
        run("insert into prompt_executions (id, template_id, template_name, template_version, user_id, "
            "input_variables, "
            "rendered_prompt, status, executed_at) select overlay(md5(n::text) placing 'fff' from 30)::uuid, "
            "id, name, version, n::text, '{}', '', 'success', timestamptz "
            "'2025-01-01' + n * interval '2 hours' from prompt_templates, generate_series(1, 500) n where "
            "name = "
            "'nlu_topic_extraction'");
        run("insert into prompt_executions (id, template_name, template_version, user_id, input_variables, "
            "rendered_prompt, "
            "status, executed_at) select overlay(md5(at::text) placing 'fff' from 30)::uuid, 'odd', 1, "
            "'odd', '{}', '', 'failure', at from unnest(array['infinity', '-infinity', "
            "'2300-01-01', '0044-03-15 BC']::timestamptz[]) at");
    }
};

} // namespace

TEST_CASE("the old log becomes the first range as it lies: no row is written, and none is lost", "[schema]")
{
    bool const adopted = GENERATE(true, false);
    INFO((adopted ? "adopted" : "of ours"));
    at_0002 const f{adopted};
    f.fill();
    auto const rows =
        f.value("select count(*) || md5(string_agg(id::text || executed_at::text, ' ' order by id)) from "
                "prompt_executions");
    auto const file = f.value("select pg_relation_filenode('prompt_executions')");
    auto const places = "select md5(string_agg(ctid::text || xmin::text, ' ' order by id)) from ";
    auto const before = f.value(places + std::string{"prompt_executions where user_id <> 'odd'"});
    auto const counted =
        f.value("select total_executions from prompt_templates where name = 'nlu_topic_extraction'");

    REQUIRE(f.migrate().code == 0);
    CHECK(f.value("select pg_relation_filenode('prompt_executions_earlier')") == file);
    CHECK(f.value(places + std::string{"prompt_executions_earlier where user_id <> 'odd'"}) == before);
    CHECK(f.value("select count(*) || md5(string_agg(id::text || executed_at::text, ' ' order by id)) from "
                  "prompt_executions") == rows);
    CHECK(f.value("select string_agg(distinct tableoid::regclass::text, ' ') from prompt_executions where "
                  "user_id = 'odd'") == "prompt_executions_default");
    CHECK(f.value("select total_executions from prompt_templates where name = 'nlu_topic_extraction'") ==
          counted);
    CHECK(f.value("select end_moment = date_trunc('month', now() + interval '1 day', 'UTC') + interval '1 "
                  "month' from "
                  "execution_partitions() where name = 'prompt_executions_earlier'") == "t");
    CHECK(f.value("select count(*) from v_recent_execution_errors where template_name = 'odd'") == "4");
    if (adopted) {
        auto const expectations = support::query(f.database->url(), scenario("expected.sql"));
        for (auto const& row : expectations) {
            INFO(row.at(0));
            // 500 and four executions are ours.
            CHECK((row.at(1) == "t" || row.at(0) == "no execution is lost"));
        }
    }
    auto const verified = f.migrate({"verify"});
    INFO(verified.out);
    CHECK(verified.code == 0);
}

TEST_CASE("views, indexes and rights of others follow the log", "[schema]")
{
    at_0002 const f{false};
    f.fill();
    auto const role = "reader_" + f.database->name();
    f.database->run("create role " + role + "; grant select on prompt_executions to " + role +
                    "; grant update (model_response) on prompt_executions to " + role +
                    "; grant insert on prompt_executions to " + role +
                    "; grant select on v_recent_execution_errors to " + role);
    f.run("create view v_mine with (security_barrier) as select user_id, count(*) as n from "
          "prompt_executions group by 1;"
          "create view v_of_mine as select * from v_mine; comment on view v_mine is 'kept';"
          "create index mine on prompt_executions (session_id) where session_id is not null");
    auto const mine = f.value("select string_agg(user_id || ' ' || n, ',' order by user_id) from v_of_mine");
    REQUIRE(f.migrate().code == 0);
    CHECK(f.value("select string_agg(user_id || ' ' || n, ',' order by user_id) from v_of_mine") == mine);
    f.run("insert into prompt_executions (template_name, template_version, user_id, input_variables, "
          "rendered_prompt, status, "
          "executed_at) values ('x', 1, 'later', '{}', '', 'rendered', now() + interval '1 month')");
    CHECK(f.value("select n from v_of_mine where user_id = 'later'") == "1");
    CHECK(f.value("select obj_description('v_mine'::regclass) || array_to_string(reloptions, '') from "
                  "pg_class where oid = "
                  "'v_mine'::regclass") == "keptsecurity_barrier=true");
    CHECK(f.value("select count(*) from pg_inherits where inhparent = 'mine'::regclass") ==
          f.value("select count(*) from pg_inherits where inhparent = 'prompt_executions'::regclass"));
    CHECK(f.value("select has_table_privilege('" + role +
                  "', 'prompt_executions', 'select') and has_column_privilege('" + role +
                  "', 'prompt_executions', 'model_response', 'update') and not has_table_privilege('" + role +
                  "', 'prompt_executions', 'update') and has_table_privilege('" + role +
                  "', 'v_recent_execution_errors', 'select') and has_function_privilege('" + role +
                  "', 'ensure_execution_months(integer)', 'execute')") == "t");
    f.database->run("drop owned by " + role + "; drop role " + role);
}

TEST_CASE("what cannot follow the log is named, and nothing is changed", "[schema]")
{
    at_0002 const f{false};
    f.fill();
    auto const [make, name] = GENERATE(table<std::string, std::string>({
        {"create materialized view m_mine as select count(*) from prompt_executions",
         "materialized view m_mine"},
        {"create table mine (e uuid references prompt_executions)", "foreign key mine_e_fkey of mine"},
        {"create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger "
         "mine before insert on "
         "prompt_executions for each row execute function f()",
         "trigger mine"},
        {"create table mine () inherits (prompt_executions)", "table mine, which inherits"},
    }));
    INFO(make);
    f.run(make);
    auto const refused = programs::prompt_service(
        {"migrate"}, {{"DATABASE_URL", f.database->url()}, {"SCHEMAGATE_LOG_SQL", "1"}});
    INFO(refused.err);
    CHECK(refused.code == 65);
    CHECK(refused.script == "0012_executions_by_month");
    CHECK_THAT(refused.message + refused.err, holds(name));
    CHECK(f.value("select relkind from pg_class where oid = 'prompt_executions'::regclass") == "r");
}

TEST_CASE("an index that was built by hand before the upgrade is taken as it is", "[schema]")
{
    at_0002 const f{false};
    f.fill();
    f.run(
        "create unique index concurrently prompt_executions_id_time on prompt_executions (id, executed_at)");
    auto const file = f.value("select pg_relation_filenode('prompt_executions_id_time')");
    REQUIRE(f.migrate().code == 0);
    CHECK(f.value("select pg_relation_filenode('prompt_executions_earlier_pkey')") == file);
}

TEST_CASE("labels begin where production stands, and experiments say what they said", "[schema]")
{
    at_0002 const f{true};
    REQUIRE(f.migrate().code == 0);
    CHECK(f.value("select count(*) = (select count(*) from prompt_templates where is_active and "
                  "ab_test_group is null) and "
                  "bool_and(from_version is null and label = 'production' and reason is not null) from "
                  "prompt_label_moves") == "t");
    CHECK(f.value("select count(distinct name) from prompt_templates") ==
          f.value("select count(*) from prompts"));
    CHECK(f.value("select version from v_prompt_labels where prompt_name = 'twice active' and label = "
                  "'production'") == "2");
    CHECK(f.value("select string_agg(right(id::text, 3), ' ' order by id) from ab_test_experiments where "
                  "variants is null") == "701 702 706"); // variants of another prompt
    CHECK(f.value("select variants from ab_test_experiments where name = 'unknown status'") ==
          R"([{"name": "control", "weight": 100, "version": 1}])");
    // A version of the earlier system is edited as any other: by a new one.
    f.run("insert into prompt_templates (name, version, template_text, is_active) values ('repeated', 6, "
          "'new', true)");
    CHECK(f.value("select to_version from prompt_label_moves where prompt_name = 'repeated'") == "6");
}
