// `prompt-service verify`: the six checks come first, in their order, and each fails for what it is there
// for.
#include <algorithm>

#include "catch.hpp"
#include "programs.hpp"

using programs::ended;
using programs::prompt_service;
using support::holds;

namespace {

std::vector<std::string> const six{"tables", "indexes", "seed data", "views", "triggers", "migration record"};

struct verified
{
    ended done;
    boost::json::array items;

    // Item number `at` of the list, as "name result found/expected message".
    [[nodiscard]] std::string line(std::size_t at) const
    {
        auto const& item = items.at(at).as_object();
        auto const* const expected = item.if_contains("expected");
        return programs::text(item, "name") + ' ' + programs::text(item, "result") +
               (expected == nullptr ? ""
                                    : ' ' + boost::json::serialize(item.at("found")) + '/' +
                                          boost::json::serialize(*expected)) +
               ' ' + programs::text(item, "message");
    }
};

verified verify(std::string const& url)
{
    verified result{prompt_service({"verify", "--json"}, {{"DATABASE_URL", url}}), {}};
    INFO(result.done.out << result.done.err);
    auto const line = boost::json::parse(result.done.out.substr(0, result.done.out.find('\n')));
    REQUIRE(line.is_object());
    result.items = line.at("items").as_array();
    CHECK(line.at("passed").as_bool() == (result.done.code == 0));
    REQUIRE(result.items.size() > six.size());
    for (std::size_t i = 0; i < six.size(); ++i) {
        CHECK(programs::text(result.items[i].as_object(), "name") == six[i]);
    }
    return result;
}

} // namespace

TEST_CASE("verify prints the six checks first, each with its count, and the others after them", "[verify]")
{
    auto const database = programs::migrated_database();
    auto const seen = verify(database->url());
    CHECK(seen.done.code == 0);
    CHECK(seen.line(0) == "tables passed 5/5 ");
    CHECK(seen.line(1) == "indexes passed 16/16 ");
    CHECK(seen.line(2) == "seed data passed 6/6 3 prompts and 3 guardrails");
    CHECK(seen.line(3) == "views passed 4/4 queryable");
    CHECK(seen.line(4) == "triggers passed 3/3 each by its effect");
    CHECK(seen.line(5) == "migration record passed 1/1 enterprise_prompt_system_phase1");
    CHECK(programs::text(seen.items[6].as_object(), "name") == "history");

    auto const text = prompt_service({"verify"}, {{"DATABASE_URL", database->url()}});
    CHECK(text.code == 0);
    CHECK(text.out.rfind("✔ tables  5/5\n✔ indexes  16/16\n✔ seed data  6/6  3 prompts and 3 guardrails\n"
                         "✔ views  4/4  queryable\n✔ triggers  3/3  each by its effect\n"
                         "✔ migration record  1/1  enterprise_prompt_system_phase1\n✔ history  ",
                         0) == 0);
}

TEST_CASE("verify leaves nothing of its own behind", "[verify]")
{
    auto const database = programs::migrated_database();
    auto const rows = [&] {
        return database->value(
            "select (select count(*) from prompt_templates) || ' ' || (select count(*) from "
            "prompt_executions) || ' ' || (select count(*) from ab_test_experiments)");
    };
    auto const before = rows();
    REQUIRE(verify(database->url()).done.code == 0);
    CHECK(rows() == before);
}

TEST_CASE("each of the six checks fails alone, and says what is wrong", "[verify]")
{
    struct damage
    {
        std::string sql;
        std::size_t at;
        std::string line;
    };
    auto const [sql, at, line] = GENERATE(values<damage>({
        {"drop table schema_migrations", 0, "tables failed 4/5 schema_migrations is missing"},
        {"drop index idx_prompt_executions_user", 1,
         "indexes failed 15/16 idx_prompt_executions_user is missing"},
        {"update pg_index set indisvalid = false where indexrelid = 'idx_prompt_guardrails_active'::regclass",
         1, "indexes failed 15/16 idx_prompt_guardrails_active is not valid"},
        {"delete from prompt_templates where name = 'nlu_topic_extraction'", 2,
         "seed data failed 5/6 2 prompts and 3 guardrails; the prompt nlu_topic_extraction is missing"},
        {"delete from prompt_guardrails where name = 'toxic_content_filter'", 2,
         "seed data failed 5/6 3 prompts and 2 guardrails; the guardrail toxic_content_filter is missing"},
        {"drop view v_active_ab_tests", 3,
         "views failed 3/4 v_active_ab_tests cannot be queried (relation \"v_active_ab_tests\" does not "
         "exist)"},
        // It parses and plans, and fails once a row is asked for.
        {"drop view v_template_performance; create view v_template_performance as "
         "select 1 / (version - version) as broken from prompt_templates; alter view v_template_performance "
         "owner to backend",
         3, "views failed 3/4 v_template_performance cannot be queried (division by zero)"},
        {"alter table prompt_executions disable trigger trigger_update_template_statistics", 4,
         "triggers failed 2/3 trigger_update_template_statistics has no effect"},
        {"drop trigger trigger_update_ab_test_statistics on prompt_executions", 4,
         "triggers failed 2/3 trigger_update_ab_test_statistics has no effect"},
        // There and enabled, and yet it does nothing.
        {"create or replace function enforce_single_active_template() returns trigger language plpgsql as "
         "'begin return new; end'",
         4, "triggers failed 2/3 trigger_enforce_single_active_template has no effect (duplicate key"},
        {"delete from schema_migrations", 5,
         "migration record failed 0/1 schema_migrations has no row enterprise_prompt_system_phase1"},
    }));
    auto const database = programs::migrated_database();
    database->run(sql);
    auto const seen = verify(database->url());
    INFO(sql);
    CHECK(seen.done.code == 76);
    CHECK(seen.done.code_name == "check-failed");
    CHECK_THAT(seen.line(at), holds(line));
    for (std::size_t i = 0; i < six.size(); ++i) {
        // Without its table the record cannot be there either.
        if (i != at && !(at == 0 && i == 5)) {
            CHECK_THAT(seen.line(i), holds(six[i] + " passed "));
        }
    }
    CHECK_THAT(prompt_service({"verify"}, {{"DATABASE_URL", database->url()}}).out, holds("✘ " + six[at]));
}

TEST_CASE("a lost table fails every check that stands on it, and no other", "[verify]")
{
    auto const database = programs::migrated_database();
    database->run("drop table prompt_guardrails cascade");
    auto const seen = verify(database->url());
    CHECK(seen.done.code == 76);
    CHECK(seen.line(0) == "tables failed 4/5 prompt_guardrails is missing");
    CHECK_THAT(seen.line(1), holds("indexes failed 12/16 "));
    CHECK_THAT(seen.line(2), holds("seed data failed 3/6 3 prompts and 0 guardrails; "));
    CHECK_THAT(seen.line(4), holds("triggers failed 1/3 "));
    CHECK_THAT(seen.line(5), holds("migration record passed 1/1 "));
}

TEST_CASE("on an empty database the six checks count nothing, and fail", "[verify]")
{
    auto const database = support::private_server::shared().create_database();
    auto const seen = verify(database->url());
    CHECK(seen.done.code == 76);
    CHECK_THAT(seen.line(0), holds("tables failed 0/5 "));
    CHECK_THAT(seen.line(1), holds("indexes failed 0/16 "));
    CHECK_THAT(seen.line(2), holds("seed data failed 0/6 "));
    CHECK_THAT(seen.line(3), holds("views failed 0/4 "));
    CHECK_THAT(seen.line(4), holds("triggers failed 0/3 "));
    CHECK_THAT(seen.line(5), holds("migration record failed 0/1 "));
    CHECK(database->value("select count(*) from pg_class where relnamespace = 'public'::regnamespace") ==
          "0");
}

TEST_CASE("where the server takes no writes, only what needs them is not run", "[verify]")
{
    auto const database = programs::migrated_database();
    database->run("alter database " + database->name() + " set default_transaction_read_only = on");
    auto const seen = verify(database->url());
    CHECK(seen.done.code == 0);
    for (std::size_t i = 0; i < six.size(); ++i) {
        CHECK_THAT(seen.line(i), holds(i == 4 ? "triggers not_run null/3 the server is a standby or read-only"
                                              : six[i] + " passed "));
    }
    auto const text = prompt_service({"verify"}, {{"DATABASE_URL", database->url()}});
    CHECK_THAT(text.out, holds("– triggers  not run  the server is a standby or read-only"));
    CHECK_THAT(text.out, holds("– 0001_enterprise_prompt_system_phase1  the server is a standby"));
    CHECK_THAT(text.out, holds("✔ 0002_earlier_system_mended"));
}

TEST_CASE("for a role that may only read, what has to write is not run, and nothing is said to be broken",
          "[verify]")
{
    auto& server = support::private_server::shared();
    auto const database = programs::migrated_database();
    auto const role = "reader_of_" + database->name();
    database->run("create role " + role +
                  " login password 'Reader-Pass-1'; grant usage on schema public, schemagate to " + role +
                  "; grant select on all tables in schema public, schemagate to " + role);
    auto const url = server.url(database->name(), role, "Reader-Pass-1");
    auto const seen = verify(url);
    CHECK(seen.done.code == 0);
    for (std::size_t i = 0; i < six.size(); ++i) {
        CHECK_THAT(seen.line(i), holds(i == 4 ? "triggers not_run null/3 the role " + role + " may not write"
                                              : std::string{six[i]} + " passed "));
    }
    auto const text = prompt_service({"verify"}, {{"DATABASE_URL", url}});
    CHECK_THAT(text.out, holds("– 0001_enterprise_prompt_system_phase1  the role " + role));

    SECTION("with a right to write there, a trigger that is gone is found")
    {
        database->run("grant insert, update on all tables in schema public to " + role +
                      "; drop trigger trigger_update_template_statistics on prompt_executions");
        auto const broken = verify(url);
        CHECK(broken.done.code == 76);
        CHECK_THAT(broken.line(4),
                   holds("triggers failed 2/3 trigger_update_template_statistics has no effect"));
    }
    SECTION("one that migrates is told of every right that it lacks")
    {
        database->run("alter table prompt_templates owner to postgres; revoke all on prompt_templates from " +
                      std::string{support::private_server::owner});
        CHECK(verify(database->url()).done.code == 76);
    }
    database->run("drop owned by " + role + " cascade; drop role " + role);
}

TEST_CASE("a seed that was switched off or superseded is no damage", "[verify]")
{
    auto const database = programs::migrated_database();
    database->run("update prompt_guardrails set is_active = false;"
                  "insert into prompt_templates (name, version, template_text, is_active) "
                  "values ('nlu_topic_extraction', 2, 'new words', true)");
    CHECK(verify(database->url()).done.code == 0);
}

TEST_CASE("verify says that a lock was in its way, not that the schema is damaged", "[verify]")
{
    auto const database = programs::migrated_database();
    support::sql_session blocker{database->admin_url()};
    blocker("begin; lock table prompt_templates in access exclusive mode");
    auto const done = programs::prompt_service(
        {"verify"}, {{"DATABASE_URL", database->url()}, {"SCHEMAGATE_STATEMENT_TIMEOUT", "1s"}});
    INFO(done.out << done.err);
    CHECK(done.code == 75);
    CHECK_THAT(done.message, support::holds("could not be run"));
}
