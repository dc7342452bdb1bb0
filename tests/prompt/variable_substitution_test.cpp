// TestPromptVariableSubstitution: the names that a text uses, and the list of them that is stored and served.
#include "prompt_database.hpp"

using prompts::fixture;
using prompts::served;
using support::holds;

TEST_CASE_METHOD(served, "the variables are served as a list of names", "[TestPromptVariableSubstitution]")
{
    auto const [name, expected] = GENERATE(table<std::string, std::string>({
        {"nlu_topic_extraction", R"(["student_query","interests"])"},
        {"clarification_question_generation", R"(["student_query","interests"])"},
        {"educational_script_generation",
         R"(["topics","rag_context","grade_level","duration_seconds","interests"])"},
    }));
    CHECK(boost::json::serialize(object("/v1/prompts/" + name).at("variables")) == expected);
}

TEST_CASE_METHOD(fixture, "each listed variable occurs in its text, and each that occurs is listed",
                 "[TestPromptVariableSubstitution]")
{
    CHECK(value("select count(*) from prompt_templates, jsonb_array_elements_text(variables) v "
                "where template_text !~ ('\\{[{%][^}]*\\y' || v || '\\y')") == "0");
    CHECK(value("select count(*) from prompt_templates, regexp_matches(template_text, '\\{\\{\\s*(\\w+)', "
                "'g') used "
                "where not variables ? used[1]") == "0");
    CHECK(value("select count(*) from prompt_templates, regexp_matches(template_text, "
                "'\\{%\\s*if\\s+(\\w+)', 'g') "
                "used where not variables ? used[1]") == "0");
}

TEST_CASE_METHOD(served, "braces, quotes and every script reach the caller byte for byte",
                 "[TestPromptVariableSubstitution]")
{
    std::string const text = "{{ a }} {% if b %}\"b\\n\" 'c' :d $1 %s{% endif %}\n\tPr\xC3\xBC"
                             "fung \xE8\xA9\xA6\xE9\xA8\x93 {{{x}}}";
    add_version("own", 1, text, true);
    REQUIRE(serves_version("own", 1));
    CHECK(programs::text(object("/v1/prompts/own"), "template") == text);
}

TEST_CASE_METHOD(fixture, "variables are a list, and nothing else", "[TestPromptVariableSubstitution]")
{
    for (std::string const wrong : {"'{\"a\": 1}'", "'\"a\"'", "'null'", "null"}) {
        INFO(wrong);
        CHECK_THAT(
            refusal("insert into prompt_templates (name, template_text, variables) values ('own', '', " +
                    wrong + ")"),
            holds(wrong == "null" ? "23502" : "prompt_templates_variables_check"));
    }
}

TEST_CASE_METHOD(fixture, "an execution keeps the values it was given", "[TestPromptVariableSubstitution]")
{
    log_execution("nlu_topic_extraction", "success");
    run("update prompt_executions set input_variables = "
        "'{\"student_query\": \"why?\", \"interests\": [\"chess\", \"go\"]}'");
    CHECK(value("select input_variables ->> 'student_query' || ' ' || (input_variables -> 'interests' ->> 1) "
                "from prompt_executions") == "why? go");
}
