// Counters follow outcomes (0013), and a counter of what is served (0014).
#include "prompt_database.hpp"

using prompts::fixture;
using support::holds;

namespace {

struct counted : fixture
{
    counted() { add_version("own", 1, "one", true); }

    /// All, successes and failures; the mean and how many it stands for, of time, tokens and cost.
    [[nodiscard]] std::string counters() const
    {
        return value(
            "select concat_ws(' ', total_executions, success_count, failure_count, '|', "
            "avg_response_time_ms, "
            "response_time_samples, '|', round(avg_token_count::numeric, 2), token_count_samples, '|', "
            "round(avg_cost_usd, 4), cost_samples) from prompt_templates where name = 'own'");
    }
    [[nodiscard]] long version() const { return std::stol(value("select counter from content_version")); }
};

} // namespace

TEST_CASE_METHOD(counted, "an outcome counts when it is reported, and only then", "[schema]")
{
    for (int i = 0; i < 3; ++i) {
        log_execution("own", "rendered", ", user_id, http_request_id", ", 'u" + std::to_string(i) + "', 'r'");
    }
    CHECK(counters() == "3 0 0 | 0 | 0 | 0");
    run("update prompt_executions set status = 'success', execution_time_ms = 100, token_count = 10, "
        "cost_usd = 0.5, "
        "outcome_at = now() where user_id = 'u0'");
    run("update prompt_executions set status = 'failure', execution_time_ms = 50, outcome_at = now() where "
        "user_id = 'u1'");
    CHECK(counters() == "3 1 1 | 75 2 | 10.00 1 | 0.5000 1");
    run("update prompt_executions set status = 'partial', token_count = 20 where user_id = 'u2'");
    CHECK(counters() == "3 1 1 | 75 2 | 15.00 2 | 0.5000 1");
    run("update prompt_executions set model = 'm', score = 0.5");
    CHECK(counters() == "3 1 1 | 75 2 | 15.00 2 | 0.5000 1");
}

TEST_CASE_METHOD(counted,
                 "many outcomes in one statement count like one by one, over several versions and months",
                 "[schema]")
{
    add_version("own", 2, "two", true);
    run("insert into prompt_executions (template_id, template_name, template_version, input_variables, "
        "rendered_prompt, status, "
        "user_id, executed_at) select id, name, version, '{}', '', 'rendered', n::text, now() + n * interval "
        "'3 days' "
        "from prompt_templates, generate_series(1, 20) n where name = 'own'");
    run("update prompt_executions set status = case when user_id::int % 4 = 0 then 'failure' else 'success' "
        "end, "
        "execution_time_ms = user_id::int where template_name = 'own'");
    CHECK(value("select string_agg(concat_ws(' ', total_executions, success_count, failure_count, "
                "avg_response_time_ms), ', ') "
                "from prompt_templates where name = 'own'") == "20 15 5 10.5, 20 15 5 10.5");
}

TEST_CASE_METHOD(counted, "rows that name their experiment count for it, also when it has ended", "[schema]")
{
    run("insert into ab_test_experiments (id, name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric) select '00000000-0000-0000-0000-000000000001', 'x', name, "
        "'active', id, array[id], "
        "'{\"control\": 50, \"b\": 50}', 'm' from prompt_templates where name = 'own'");
    auto const log = [this](std::string const& variant, std::string const& request) {
        log_execution("own", "rendered", ", ab_test_group, experiment_id, http_request_id",
                      ", " + variant + ", " +
                          (variant == "null" ? "null" : "'00000000-0000-0000-0000-000000000001'") + ", " +
                          request);
    };
    log("'b'", "'r'");
    log("'control'", "'r'");
    log("null", "'r'"); // the service's, and of no experiment: a version that was asked for
    run("update ab_test_experiments set status = 'completed'");
    log("'b'", "'r'");
    CHECK(value("select concat_ws(' ', total_executions, control_executions, variant_executions) from "
                "ab_test_experiments") == R"(3 1 {"b": 2})");
}

TEST_CASE_METHOD(counted, "what is served is counted once per transaction, and announced", "[schema]")
{
    support::sql_session session{database->url()};
    auto const before = version();
    session("begin; update prompt_templates set description = 'a'; insert into prompt_labels values ('own', "
            "'x', 1); "
            "insert into model_prices values ('m', 1, 1); update prompt_guardrails set is_active = false");
    CHECK(session.value("select counter from content_version") == std::to_string(before)); // last of all
    session("commit");
    CHECK(version() == before + 1);
    session("begin; update prompt_templates set description = 'b'; rollback");
    CHECK(version() == before + 1);
    session("begin; savepoint s; update prompt_templates set description = 'b'; set constraints all "
            "immediate; rollback to s; "
            "update prompt_templates set description = 'c'; commit");
    CHECK(version() == before + 2);
}

TEST_CASE_METHOD(counted, "each kind of content counts, and statistics do not", "[schema]")
{
    run("insert into prompt_guardrails (name, guardrail_type, severity, action, config) values ('g', "
        "'content_policy', 'low', "
        "'log', '{}'); insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric) select 'x', name, 'active', id, array[id], '{\"control\": "
        "100}', 'm' from "
        "prompt_templates where name = 'own'; insert into api_keys (name, key_hash, scope) values ('k', "
        "sha256('k'), 'read'); "
        "insert into model_prices values ('m', 1, 1); insert into prompt_labels values ('own', 'x', 1)");
    for (auto const* counts :
         {"update prompt_templates set is_active = false where name = 'own'",
          "update prompts set created_at = now()", "update prompt_labels set moved_by = 'x'",
          "update prompt_guardrails set config = '{\"a\": 1}' where name = 'g'",
          "update ab_test_experiments set status = 'paused'", "update api_keys set revoked_at = now()",
          "update model_prices set output_usd_per_million = 2", "delete from api_keys",
          "delete from prompt_labels", "delete from prompt_guardrails where name = 'g'",
          "delete from model_prices", "delete from ab_test_experiments",
          "delete from prompt_templates where name = 'own'", "delete from prompts where name = 'own'"}) {
        INFO(counts);
        auto const before = version();
        run(counts);
        CHECK(version() == before + 1);
    }
    for (auto const* silent :
         {"insert into prompt_executions (template_id, template_name, template_version, input_variables, "
          "rendered_prompt, "
          "status) select id, name, 1, '{}', '', 'rendered' from prompt_templates",
          "update prompt_executions set status = 'success', execution_time_ms = 5",
          "update prompt_guardrails set total_checks = 5, violation_count = 2, false_positive_count = 1",
          "update ab_test_experiments set total_executions = 5, statistical_significance = 0.5",
          "insert into audit_log (action, object_type) values ('a', 'b')",
          "update prompt_templates set description = 'x' where false"}) {
        INFO(silent);
        auto const before = version();
        run(silent);
        CHECK(version() == before);
    }
}
