// TestNoBreakingChanges: what callers of the earlier system rely on.
#include "prompt_database.hpp"

using prompts::fixture;
using prompts::served;

TEST_CASE_METHOD(served, "the three prompts keep their names, and hold a text", "[TestNoBreakingChanges]")
{
    for (auto const& name : prompts::seeds) {
        CHECK(programs::text(object("/v1/prompts/" + name), "template").size() > 50);
    }
}

TEST_CASE_METHOD(served, "an answer has the fields of the contract", "[TestNoBreakingChanges]")
{
    auto const prompt = object("/v1/prompts/nlu_topic_extraction");
    for (std::string const field :
         {"name", "version", "type", "template", "variables", "required", "config", "labels", "category",
          "description", "commit_message", "created_at", "created_by", "source"}) {
        INFO(field);
        CHECK(prompt.contains(field));
    }
    CHECK(prompt.at("variables").is_array());
    CHECK(prompt.at("version").is_int64());
}

TEST_CASE_METHOD(fixture, "every column that the earlier system had is there", "[TestNoBreakingChanges]")
{
    auto const [relation, columns] = GENERATE(table<std::string, std::string>({
        {"prompt_templates",
         "id name description category template_text variables version parent_version_id is_active "
         "ab_test_group "
         "traffic_percentage ab_test_start_date ab_test_end_date total_executions success_count "
         "failure_count "
         "avg_response_time_ms avg_token_count avg_cost_usd created_by updated_by deactivated_by created_at "
         "updated_at deactivated_at"},
        {"prompt_executions", "id template_id template_name template_version ab_test_group user_id "
                              "request_id session_id input_variables "
                              "rendered_prompt model_response execution_time_ms token_count cost_usd status "
                              "error_message error_type "
                              "guardrail_violations guardrail_action executed_at environment"},
        {"prompt_guardrails",
         "id name description guardrail_type is_active severity action config applies_to_templates "
         "applies_to_categories total_checks violation_count false_positive_count created_by created_at "
         "updated_by "
         "updated_at"},
        {"v_template_performance",
         "id name category version is_active ab_test_group total_executions success_count failure_count "
         "success_rate_percentage avg_response_time_ms avg_token_count avg_cost_usd created_at updated_at"},
        {"v_recent_execution_errors",
         "id template_name template_version error_type error_message executed_at user_id request_id"},
        {"v_guardrail_violations_summary",
         "template_name guardrail_name guardrail_type violation_count affected_users last_violation"},
    }));
    INFO(relation);
    CHECK(value("select coalesce(string_agg(c, ' '), '') from regexp_split_to_table('" + columns +
                "', ' ') c where not exists (select from pg_attribute where attrelid = '" + relation +
                "'::regclass and attname = c and not attisdropped)") == "");
}

TEST_CASE_METHOD(fixture, "the earlier system's statements still run", "[TestNoBreakingChanges]")
{
    run("insert into prompt_templates (name, category, template_text, variables, version, is_active, "
        "created_by) "
        "values ('own', 'nlu', 'text', '[\"a\"]', 1, true, 'me')");
    run("insert into prompt_executions (template_id, template_name, template_version, input_variables, "
        "rendered_prompt, execution_time_ms, token_count, cost_usd, status, environment) "
        "select id, name, version, '{}', 'text', 500, 150, 0.0002, 'success', 'dev' from prompt_templates "
        "where name = 'own'");
    CHECK(value("select total_executions from v_template_performance where name = 'own'") == "1");
    CHECK(value("select count(*) from schema_migrations where version = 'enterprise_prompt_system_phase1'") ==
          "1");
}
