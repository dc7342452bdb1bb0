// TestPromptTemplateCRUD: create, read, update, delete.
#include "prompt_database.hpp"

using prompts::fixture;
using prompts::served;
using support::holds;

TEST_CASE_METHOD(served, "a prompt that was created is read back through the service",
                 "[TestPromptTemplateCRUD]")
{
    CHECK(get("/v1/prompts/own").status == 404);
    add_version("own", 1, "Say {{ word }}.", true);
    REQUIRE(serves_version("own", 1));
    auto const read = object("/v1/prompts/own");
    CHECK(read.at("name") == "own");
    CHECK(read.at("category") == "nlu");
    CHECK(read.at("version") == 1);
    CHECK(boost::json::serialize(read.at("labels")) == R"(["latest","production"])");
    CHECK(programs::text(read, "template") == "Say {{ word }}.");
}

TEST_CASE_METHOD(served, "an update is a new version; the old one stays readable", "[TestPromptTemplateCRUD]")
{
    add_version("own", 1, "first", true);
    add_version("own", 2, "second", true);
    REQUIRE(serves_version("own", 2));
    CHECK(programs::text(object("/v1/prompts/own"), "template") == "second");
    CHECK(programs::text(object("/v1/prompts/own?version=1"), "template") == "first");
    CHECK(object("/v1/prompts/own?version=1").at("labels").as_array().empty());
}

TEST_CASE_METHOD(served, "the list holds every prompt, and those in production where it is asked for them",
                 "[TestPromptTemplateCRUD]")
{
    add_version("own", 1, "text", true);
    REQUIRE(serves_version("own", 1));
    auto const names = [this](std::string const& query) {
        std::string all;
        auto const page = object("/v1/prompts" + query);
        for (auto const& each : page.at("prompts").as_array()) {
            all += programs::text(each.as_object(), "name") + ' ';
        }
        return all;
    };
    auto const seeds = prompts::seeds[0] + ' ' + prompts::seeds[1] + ' ' + prompts::seeds[2] + ' ';
    CHECK(names("") == seeds + "own ");
    CHECK(names("?label=production") == seeds + "own ");
    run("update prompt_templates set is_active = false where name = 'own'");
    REQUIRE(eventually("/v1/prompts/own", [](support::http_answer const& a) { return a.status == 404; }));
    CHECK(names("") == seeds + "own ");
    CHECK(names("?label=production") == seeds);
}

TEST_CASE_METHOD(fixture, "one version exists once", "[TestPromptTemplateCRUD]")
{
    add_version("own", 1, "text", false);
    CHECK_THAT(refusal("insert into prompt_templates (name, template_text) values ('own', 'other')"),
               holds("uq_prompt_templates_name_version"));
}

TEST_CASE_METHOD(fixture, "deleting a template keeps the log of what it rendered", "[TestPromptTemplateCRUD]")
{
    add_version("own", 1, "text", true);
    log_execution("own", "success");
    run("delete from prompt_templates where name = 'own'");
    CHECK(value("select template_id is null and template_version = 1 from prompt_executions where "
                "template_name = "
                "'own'") == "t");
}

TEST_CASE_METHOD(fixture, "a template that an experiment stands on is not deleted",
                 "[TestPromptTemplateCRUD]")
{
    add_version("own", 1, "text", true);
    run("insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, "
        "traffic_allocation, primary_metric) select 'x', name, 'draft', id, array[id], '{\"control\": 100}', "
        "'m' "
        "from prompt_templates where name = 'own'");
    CHECK_THAT(refusal("delete from prompt_templates where name = 'own'"),
               holds("ab_test_experiments_control_template_id_fkey"));
}
