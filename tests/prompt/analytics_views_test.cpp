// TestAnalyticsViews: each view answers, with the figures that were logged.
#include "prompt_database.hpp"

using prompts::fixture;

TEST_CASE_METHOD(fixture, "all four views answer before anything was logged", "[TestAnalyticsViews]")
{
    CHECK(value("select count(*) from v_template_performance") == "3");
    CHECK(value("select bool_and(success_rate_percentage = 0) from v_template_performance") == "t");
    CHECK(value("select count(*) from v_recent_execution_errors") == "0");
    CHECK(value("select count(*) from v_guardrail_violations_summary") == "0");
    CHECK(value("select count(*) from v_active_ab_tests") == "0");
}

TEST_CASE_METHOD(fixture, "v_template_performance shows the rate, the busiest first", "[TestAnalyticsViews]")
{
    log_execution("nlu_topic_extraction", "success");
    log_execution("nlu_topic_extraction", "success");
    log_execution("nlu_topic_extraction", "failure");
    CHECK(value("select (name, total_executions, success_rate_percentage)::text from v_template_performance "
                "limit 1") == "(nlu_topic_extraction,3,66.67)");
}

TEST_CASE_METHOD(fixture, "v_recent_execution_errors holds the newest 100 that did not succeed",
                 "[TestAnalyticsViews]")
{
    run("insert into prompt_executions (template_name, template_version, input_variables, rendered_prompt, "
        "status, "
        "error_type, executed_at) select 'own', 1, '{}', '', case n % 2 when 0 then 'failure' else 'success' "
        "end, "
        "n::text, timestamptz '2026-01-01' + n * interval '1 minute' from generate_series(1, 300) n");
    CHECK(value("select (count(*), min(error_type::int), max(error_type::int), bool_and(status = "
                "'failure'))::text "
                "from v_recent_execution_errors") == "(100,102,300,t)");
    CHECK(value("select error_type from v_recent_execution_errors limit 1") == "300");
}

TEST_CASE_METHOD(fixture, "v_guardrail_violations_summary counts violations and people",
                 "[TestAnalyticsViews]")
{
    for (auto const* user : {"'u1'", "'u1'", "'u2'"}) {
        log_execution("nlu_topic_extraction", "blocked", ", user_id, guardrail_violations",
                      std::string{", "} + user + R"(, '[{"guardrail_name": "toxic_content_filter"}]')");
    }
    run("delete from prompt_guardrails where name = 'toxic_content_filter'"); // its past stays
    CHECK(value("select (template_name, guardrail_name, violation_count, affected_users)::text from "
                "v_guardrail_violations_summary") == "(nlu_topic_extraction,toxic_content_filter,3,2)");
}

TEST_CASE_METHOD(fixture, "v_active_ab_tests says when a sample is sufficient", "[TestAnalyticsViews]")
{
    run("insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric, minimum_sample_size) select 'x', name, 'active', id, array[id], "
        "'{\"control\": 100}', 'm', 2 from prompt_templates where name = 'nlu_topic_extraction'");
    log_execution("nlu_topic_extraction", "success");
    CHECK(value("select sample_status from v_active_ab_tests") == "collecting");
    log_execution("nlu_topic_extraction", "success");
    CHECK(value("select sample_status from v_active_ab_tests") == "sufficient");
    run("update ab_test_experiments set status = 'completed'");
    CHECK(value("select count(*) from v_active_ab_tests") == "0");
}
