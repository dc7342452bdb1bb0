// TestPromptExecution: what a logged execution holds, and what it counts.
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

TEST_CASE_METHOD(fixture, "an execution is logged with its figures", "[TestPromptExecution]")
{
    log_execution("nlu_topic_extraction", "success",
                  ", token_count, execution_time_ms, cost_usd, environment, guardrail_action",
                  ", 150, 500, 0.000225, 'production', 'allow'");
    CHECK(value("select (token_count, execution_time_ms, cost_usd, status, environment, "
                "guardrail_violations)::text "
                "from prompt_executions") == "(150,500,0.000225,success,production,[])");
}

TEST_CASE_METHOD(fixture, "each execution counts for its template, with exact averages",
                 "[TestPromptExecution]")
{
    for (auto const* time : {"80", "90", "100"}) {
        log_execution("nlu_topic_extraction", "success", ", execution_time_ms", std::string{", "} + time);
    }
    log_execution("nlu_topic_extraction", "failure", ", execution_time_ms", ", 70");
    log_execution("nlu_topic_extraction", "failure"); // not measured: no part of the average
    log_execution("nlu_topic_extraction", "partial");
    CHECK(value("select (total_executions, success_count, failure_count, avg_response_time_ms, "
                "response_time_samples)::text from prompt_templates where name = 'nlu_topic_extraction'") ==
          "(6,3,2,85,4)");
    CHECK(value("select sum(total_executions) from prompt_templates where name <> 'nlu_topic_extraction'") ==
          "0");
}

TEST_CASE_METHOD(fixture, "a batch counts like its rows one by one", "[TestPromptExecution]")
{
    run("insert into prompt_executions (template_id, template_name, template_version, input_variables, "
        "rendered_prompt, status, token_count) select t.id, t.name, 1, '{}', '', 'success', n "
        "from prompt_templates t, generate_series(1, 40) n");
    CHECK(value("select string_agg(distinct total_executions || '/' || avg_token_count, ' ') from "
                "prompt_templates") == "40/20.5");
}

TEST_CASE_METHOD(fixture, "an execution of a group counts for the running experiment",
                 "[TestPromptExecution]")
{
    run("insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric) select 'x', name, 'active', id, array[id], "
        "'{\"control\": 50, \"variant_a\": 50}', 'm' from prompt_templates where name = "
        "'nlu_topic_extraction'");
    log_execution("nlu_topic_extraction", "success", ", ab_test_group", ", 'variant_a'");
    log_execution("nlu_topic_extraction", "success", ", ab_test_group", ", 'variant_a'");
    log_execution("nlu_topic_extraction", "success");
    log_execution("educational_script_generation", "success", ", ab_test_group", ", 'variant_a'");
    CHECK(value("select (total_executions, control_executions, variant_executions)::text from "
                "ab_test_experiments") == "(3,1,\"{\"\"variant_a\"\": 2}\")");
}

TEST_CASE_METHOD(fixture, "an execution that makes no sense is refused", "[TestPromptExecution]")
{
    auto const [columns, values, rule] = GENERATE(table<std::string, std::string, std::string>({
        {", environment", ", 'laptop'", "prompt_executions_environment_check"},
        {", guardrail_action", ", 'explode'", "prompt_executions_guardrail_action_check"},
        {", guardrail_violations", ", '{}'", "prompt_executions_guardrail_violations_check"},
    }));
    CHECK_THAT(refusal("insert into prompt_executions (template_name, template_version, input_variables, "
                       "rendered_prompt, status" +
                       columns + ") values ('own', 1, '{}', '', 'success'" + values + ")"),
               holds(rule));
    CHECK_THAT(refusal("insert into prompt_executions (template_name, template_version, input_variables, "
                       "rendered_prompt, status) values ('own', 1, '{}', '', 'error')"),
               holds("prompt_executions_status_check"));
}
