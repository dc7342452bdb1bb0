// TestHardcodedPromptsFallback: the prompts that the program brings with it need no file and no earlier
// database.
#include "prompt_database.hpp"

using support::holds;

TEST_CASE("on an empty database the prompts that are built in are served", "[TestHardcodedPromptsFallback]")
{
    auto const database = support::private_server::shared().create_database();
    programs::service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    for (auto const& name : prompts::seeds) {
        auto const answer = backend.get("/v1/prompts/" + name);
        REQUIRE(answer.status == 200);
        auto const prompt = boost::json::parse(answer.body).as_object();
        CHECK(programs::text(prompt, "created_by") == "system");
        CHECK(programs::text(prompt, "template").size() > 50);
    }
}

TEST_CASE_METHOD(prompts::served, "a built-in text stays readable under a newer one",
                 "[TestHardcodedPromptsFallback]")
{
    auto const built_in = programs::text(object("/v1/prompts/nlu_topic_extraction"), "template");
    add_version("nlu_topic_extraction", 2, "newer", true);
    REQUIRE(serves_version("nlu_topic_extraction", 2));
    CHECK(programs::text(object("/v1/prompts/nlu_topic_extraction"), "template") == "newer");
    CHECK(programs::text(object("/v1/prompts/nlu_topic_extraction?version=1"), "template") == built_in);
}

TEST_CASE_METHOD(prompts::served,
                 "a built-in prompt that the database lacks comes from the binary, and says so",
                 "[TestHardcodedPromptsFallback]")
{
    for (auto const& name : prompts::seeds) {
        auto const stored = object("/v1/prompts/" + name);
        CHECK(programs::text(stored, "source") == "database");
        run("update prompt_templates set is_active = false where name = '" + name + "'");
        REQUIRE(eventually("/v1/prompts/" + name, [](support::http_answer const& a) {
            return holds("\"source\":\"builtin\"").match(a.body);
        }));
        auto const copy = object("/v1/prompts/" + name);
        for (char const* field : {"template", "variables", "required", "type", "version", "category"}) {
            INFO(name << ' ' << field);
            CHECK(copy.at(field) == stored.at(field));
        }
    }
    CHECK(holds("prompt_service_builtin_prompts_total").match(get("/metrics").body));
    CHECK(get("/v1/prompts/nothing_of_this_name").status == 404);
}

TEST_CASE("a later boot leaves edited prompts as they are", "[TestHardcodedPromptsFallback]")
{
    prompts::fixture const f;
    f.add_version("nlu_topic_extraction", 2, "edited", true); // which is how a text is edited
    f.run("update prompt_templates set description = 'edited' where name = 'nlu_topic_extraction'");
    CHECK(programs::prompt_service({"migrate"}, {{"DATABASE_URL", f.database->url()}}).code == 0);
    CHECK(f.value("select template_text from prompt_templates where name = 'nlu_topic_extraction' and "
                  "is_active") == "edited");
    CHECK(f.value("select count(*) from prompt_templates where name = 'nlu_topic_extraction' and "
                  "description = 'edited'") == "2");
}
