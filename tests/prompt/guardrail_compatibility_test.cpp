// TestGuardrailBackwardsCompatibility: rules that were written for the earlier system keep their meaning.
#include "prompt_database.hpp"

using prompts::fixture;
using prompts::served;

TEST_CASE_METHOD(fixture, "the three guardrails keep name, kind, severity and action",
                 "[TestGuardrailBackwardsCompatibility]")
{
    CHECK(
        value("select string_agg(concat_ws('/', name, guardrail_type, severity, action), ' ' order by name) "
              "from prompt_guardrails") == "pii_detection_basic/pii_detection/critical/block "
                                           "prompt_injection_detection/prompt_injection/critical/block "
                                           "toxic_content_filter/toxic_content/high/block");
}

TEST_CASE_METHOD(fixture, "a rule can be made to warn or log instead, or be switched off, without losing it",
                 "[TestGuardrailBackwardsCompatibility]")
{
    for (std::string const action : {"warn", "log", "block"}) {
        CHECK(refusal("update prompt_guardrails set action = '" + action + "'") == "accepted");
    }
    run("update prompt_guardrails set is_active = false where name = 'toxic_content_filter'");
    CHECK(value("select count(*) from prompt_guardrails") == "3");
    CHECK(programs::prompt_service({"verify"}, {{"DATABASE_URL", database->url()}}).code == 0);
}

TEST_CASE_METHOD(fixture, "the scopes mean what they meant: both empty is every prompt",
                 "[TestGuardrailBackwardsCompatibility]")
{
    auto const applying = [this] {
        return value(
            "select count(*) from prompt_guardrails where is_active and (applies_to_templates = '{}' and "
            "applies_to_categories = '{}' or 'own' = any (applies_to_templates) or "
            "'nlu' = any (applies_to_categories))");
    };
    CHECK(applying() == "3");
    run("update prompt_guardrails set applies_to_templates = '{other}' where name = 'pii_detection_basic'");
    CHECK(applying() == "2");
    run("update prompt_guardrails set applies_to_categories = '{nlu}' where name = 'pii_detection_basic'");
    CHECK(applying() == "3");
}

TEST_CASE_METHOD(fixture, "an execution that was logged without guardrails needs none",
                 "[TestGuardrailBackwardsCompatibility]")
{
    log_execution("nlu_topic_extraction", "success");
    CHECK(value("select guardrail_violations = '[]' and guardrail_action is null from prompt_executions") ==
          "t");
    CHECK(value("select count(*) from v_guardrail_violations_summary") == "0");
}

TEST_CASE_METHOD(served, "reading a prompt asks no guardrail", "[TestGuardrailBackwardsCompatibility]")
{
    run("delete from prompt_guardrails");
    CHECK(get("/v1/prompts/nlu_topic_extraction").status == 200);
}
