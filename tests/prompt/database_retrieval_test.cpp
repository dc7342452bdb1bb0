// TestDatabasePromptRetrieval: by name, by version, by category.
#include "prompt_database.hpp"

using prompts::served;

TEST_CASE_METHOD(served, "a prompt is found by its name, with what describes it",
                 "[TestDatabasePromptRetrieval]")
{
    auto const prompt = object("/v1/prompts/educational_script_generation");
    CHECK(programs::text(prompt, "category") == "script_generation");
    CHECK(prompt.at("version") == 1);
    CHECK_FALSE(programs::text(prompt, "description").empty());
    CHECK(programs::text(prompt, "template") ==
          value("select template_text from prompt_templates where name = 'educational_script_generation'"));
}

TEST_CASE_METHOD(served, "an unknown name or version is 404, a version that is no number 400",
                 "[TestDatabasePromptRetrieval]")
{
    CHECK(get("/v1/prompts/nothing_of_this_name").status == 404);
    CHECK(get("/v1/prompts/nlu_topic_extraction?version=2").status == 404);
    CHECK(get("/v1/prompts/nlu_topic_extraction?version=first").status == 400);
    // A name is data: nothing in it reaches the statement.
    CHECK(get("/v1/prompts/x%27%20or%20%271%27=%271").status == 404);
}

TEST_CASE_METHOD(served, "what an SQL client writes is served within about a second",
                 "[TestDatabasePromptRetrieval]")
{
    REQUIRE(get("/v1/prompts/nlu_topic_extraction").status == 200);
    add_version("nlu_topic_extraction", 2, "changed", true);
    REQUIRE(serves_version("nlu_topic_extraction", 2));
    CHECK(programs::text(object("/v1/prompts/nlu_topic_extraction"), "template") == "changed");
    run("delete from prompt_templates where name = 'nlu_topic_extraction' and version = 1");
    CHECK(eventually("/v1/prompts/nlu_topic_extraction?version=1",
                     [](support::http_answer const& a) { return a.status == 404; }));
}

TEST_CASE_METHOD(served, "a group's version is not handed to everybody", "[TestDatabasePromptRetrieval]")
{
    run("insert into prompt_templates (name, version, template_text, is_active, ab_test_group) values "
        "('nlu_topic_extraction', 2, 'experiment', true, 'variant_a')");
    REQUIRE(eventually("/v1/prompts/nlu_topic_extraction?version=2",
                       [](support::http_answer const& a) { return a.status == 200; }));
    CHECK(object("/v1/prompts/nlu_topic_extraction").at("version") == 1);
}

TEST_CASE_METHOD(served, "the list can be asked for one category, page by page",
                 "[TestDatabasePromptRetrieval]")
{
    add_version("another", 1, "text", true);
    REQUIRE(serves_version("another", 1));
    auto const first = object("/v1/prompts?category=nlu&limit=1");
    REQUIRE(first.at("prompts").as_array().size() == 1);
    CHECK(programs::text(first.at("prompts").as_array()[0].as_object(), "name") == "another");
    auto const second =
        object("/v1/prompts?category=nlu&limit=1&cursor=" + programs::text(first, "next_cursor"));
    REQUIRE(second.at("prompts").as_array().size() == 1);
    CHECK(programs::text(second.at("prompts").as_array()[0].as_object(), "name") == "nlu_topic_extraction");
}
