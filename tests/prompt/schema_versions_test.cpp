// Versions are written once, and every prompt has a row of its own (0003).
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

TEST_CASE_METHOD(fixture, "the content of a version is never updated, and the refusal says what to do",
                 "[schema]")
{
    add_version("own", 1, "text", true);
    auto const set = GENERATE(values<std::string>(
        {"name = 'nlu_topic_extraction', version = 7", "version = 2", "type = 'chat'",
         "template_text = 'other'", "variables = '[\"a\"]'", "config = '{\"temperature\": 0}'",
         "commit_message = 'better'", "created_by = 'me'", "created_at = now() - interval '1 day'",
         "id = gen_random_uuid()"}));
    CHECK_THAT(refusal("update prompt_templates set " + set + " where name = 'own'"),
               holds("PS001") && holds("version 1 of the prompt \"own\" is immutable"));
    CHECK(value("select template_text from prompt_templates where name = 'own'") == "text");
}

TEST_CASE_METHOD(fixture, "what is not content may change, and content may be written again as it is",
                 "[schema]")
{
    add_version("own", 1, "text", false);
    CHECK(refusal("update prompt_templates set description = 'd', category = 'c', is_active = true, "
                  "ab_test_group = 'a', updated_by = 'me', updated_at = now(), traffic_percentage = 5, "
                  "template_text = template_text, variables = '[]' where name = 'own'") == "accepted");
}

TEST_CASE_METHOD(fixture, "a row of the earlier system's columns is a text without settings", "[schema]")
{
    add_version("own", 1, "text", true);
    CHECK(value("select (type, config, commit_message)::text from prompt_templates where name = 'own'") ==
          "(text,{},)");
    CHECK_THAT(refusal("insert into prompt_templates (name, template_text, type) values ('x', '', 'poem')"),
               holds("prompt_templates_type_check"));
    CHECK_THAT(refusal("insert into prompt_templates (name, template_text, config) values ('x', '', '[]')"),
               holds("prompt_templates_config_check"));
}

TEST_CASE_METHOD(fixture, "whoever adds a version makes its prompt", "[schema]")
{
    CHECK(value("select count(*) from prompts") == "3");
    run("insert into prompt_templates (name, version, template_text, created_at) values "
        "('own', 1, '', '2020-02-02 00:00:00+00'), ('own', 2, '', now())");
    CHECK(
        value(
            "select created_at = '2020-02-02 00:00:00+00' and archived_at is null from prompts where name = "
            "'own'") == "t");
    CHECK_THAT(refusal("delete from prompts where name = 'own'"), holds("prompt_templates_name_fkey"));
}

TEST_CASE_METHOD(fixture, "a role that knows the earlier tables alone adds, activates and retires versions",
                 "[schema]")
{
    auto& server = support::private_server::shared();
    auto const role = "earlier_" + database->name();
    run("create role " + role + " login password 'Earlier-Pass-1'; grant usage on schema public to " + role +
        "; grant select, insert, update on prompt_templates, prompt_executions, ab_test_experiments to " +
        role);
    {
        support::sql_session client{server.url(database->name(), role, "Earlier-Pass-1")};
        client("insert into prompt_templates (name, version, template_text, is_active, created_by) values "
               "('own', 1, '', true, 'old')");
        client("insert into prompt_templates (name, version, template_text, is_active, created_by) values "
               "('own', 2, '', true, 'old')");
        client("update prompt_templates set is_active = true, updated_by = 'old' where name = 'own' and "
               "version = 1");
        client("insert into ab_test_experiments (name, template_name, status, control_template_id, "
               "variant_template_ids, traffic_allocation, primary_metric) select 'x', name, 'draft', id, "
               "array[id], "
               "'{\"control\": 100}', 'm' from prompt_templates where name = 'own' and version = 1");
        client(
            "insert into prompt_executions (template_id, template_name, template_version, input_variables, "
            "rendered_prompt, status) select id, name, version, '{}', '', 'success' from prompt_templates "
            "where name = 'own'");
    }
    CHECK(
        value(
            "select string_agg(concat(from_version, '>', to_version, ' ', moved_by), ', ' order by id) from "
            "prompt_label_moves where prompt_name = 'own'") == ">1 old, 1>2 old, 2>1 old");
    CHECK(value("select variants ->> 0 from ab_test_experiments where name = 'x'") ==
          R"({"name": "control", "weight": 100, "version": 1})");
    CHECK(value("select sum(total_executions) from prompt_templates where name = 'own'") == "2");
    run("drop owned by " + role + "; drop role " + role);
}

TEST_CASE_METHOD(fixture, "a version that a label or an experiment names is not deleted, any other is",
                 "[schema]")
{
    for (int version = 1; version <= 4; ++version) {
        add_version("own", version, "text", version == 1);
    }
    run("insert into prompt_labels values ('own', 'staging', 2);"
        "insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric) select 'x', 'own', 'draft', a.id, array[b.id], "
        "'{\"control\": 50, \"b\": 50}', 'm' from prompt_templates a, prompt_templates b where a.name = "
        "'own' and "
        "b.name = 'own' and a.version = 1 and b.version = 3");
    auto const remove = [this](int version) {
        return refusal("delete from prompt_templates where name = 'own' and version = " +
                       std::to_string(version));
    };
    CHECK_THAT(remove(1), holds("ab_test_experiments_control_template_id_fkey"));
    CHECK_THAT(remove(2), holds("PS002") && holds("the label staging refers to it"));
    CHECK_THAT(remove(3), holds("PS002") && holds("the experiment x refers to it"));
    CHECK(remove(4) == "accepted");
    run("delete from prompt_labels; update ab_test_experiments set status = 'completed'");
    CHECK(remove(2) == "accepted");
    CHECK(remove(3) == "accepted");
}
