// TestPromptTemplateSchema: the tables, what they hold at first, and what they refuse.
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

TEST_CASE_METHOD(fixture, "the five tables are there, and those of later migrations, with their keys",
                 "[TestPromptTemplateSchema]")
{
    CHECK(
        value("select string_agg(c.relname, ' ' order by c.relname) from pg_class c join pg_constraint k on "
              "k.conrelid = c.oid and k.contype = 'p' where c.relnamespace = 'public'::regnamespace and not "
              "c.relispartition") ==
        "ab_test_experiments api_keys audit_log content_version idempotency_keys model_prices "
        "prompt_executions "
        "prompt_guardrails prompt_label_moves prompt_labels prompt_templates prompts schema_migrations");
}

TEST_CASE_METHOD(fixture, "three active prompts and three active guardrails are seeded",
                 "[TestPromptTemplateSchema]")
{
    CHECK(value("select string_agg(name, ' ' order by name) from prompt_templates where is_active and "
                "version = 1 "
                "and created_by = 'system' and ab_test_group is null") ==
          prompts::seeds[0] + ' ' + prompts::seeds[1] + ' ' + prompts::seeds[2]);
    CHECK(value("select string_agg(name, ' ' order by name) from prompt_guardrails where is_active and "
                "created_by = "
                "'system'") == "pii_detection_basic prompt_injection_detection toxic_content_filter");
}

TEST_CASE_METHOD(fixture, "a row of a template that makes no sense is refused, by the rule it breaks",
                 "[TestPromptTemplateSchema]")
{
    auto const [columns, values, rule] = GENERATE(table<std::string, std::string, std::string>({
        {"name", "null", "23502"},
        {"version", "0", "prompt_templates_version_check"},
        {"variables", "'{\"a\": 1}'", "prompt_templates_variables_check"},
        {"traffic_percentage", "101", "prompt_templates_traffic_percentage_check"},
        {"traffic_percentage", "-1", "prompt_templates_traffic_percentage_check"},
        {"category", "repeat('x', 101)", "22001"},
        {"parent_version_id", "gen_random_uuid()", "prompt_templates_parent_version_id_fkey"},
    }));
    auto const text = columns == "name" ? std::string{} : "name, ";
    CHECK_THAT(refusal("insert into prompt_templates (" + text + columns + ", template_text) values (" +
                       (text.empty() ? "" : "'own', ") + values + ", 'text')"),
               holds(rule));
    CHECK(value("select count(*) from prompt_templates") == "3");
}

TEST_CASE_METHOD(fixture, "times know their zone, and a row knows when it was made",
                 "[TestPromptTemplateSchema]")
{
    CHECK(
        value("select count(*) from information_schema.columns where table_schema = 'public' and data_type = "
              "'timestamp without time zone' and table_name in (select tablename from pg_tables)") == "0");
    add_version("own", 1, "text", false);
    CHECK(value("select created_at between now() - interval '1 minute' and now() and created_at = updated_at "
                "from prompt_templates where name = 'own'") == "t");
}
