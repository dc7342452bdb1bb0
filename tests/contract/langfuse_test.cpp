// POST /v1/import?format=langfuse: what Langfuse exports, as it is or not at all.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "contract.hpp"

using namespace contract;

namespace {

std::string sample()
{
    std::ifstream in{std::filesystem::path{SCHEMAGATE_SOURCE_DIR} / "tests/contract/langfuse_prompts.json"};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

answer import(backend const& at, std::string const& document, std::string const& more = {})
{
    return at.service.ask({"POST", "/v1/import?format=langfuse" + more, document, at.admin});
}

std::vector<std::string> refusals(answer const& report)
{
    std::vector<std::string> out;
    auto const content = report.content();
    for (auto const& item : content.at("items").as_array()) {
        if (item.at("status") == 422) {
            out.push_back(json::value_to<std::string>(item.at("prompt")) + ' ' +
                          std::to_string(item.at("version").as_int64()) + ' ' +
                          json::value_to<std::string>(item.at("code")));
        }
    }
    return out;
}

} // namespace

TEST_CASE("an export of Langfuse is taken as it is, and what cannot be is reported and not there at all",
          "[langfuse]")
{
    backend at;
    auto const before = at.service.get("/v1/export", at.admin).body;
    auto const dry = import(at, sample(), "&dry_run=true");
    INFO(dry.body);
    REQUIRE(dry.status == 200);
    CHECK(at.service.get("/v1/export", at.admin).body == before);
    auto const done = import(at, sample());
    REQUIRE(done.status == 200);
    CHECK(done.at("/items") == dry.at("/items"));
    CHECK(done.number("/created") == 3 + 3); // versions and labels
    CHECK(done.number("/refused") == 7);
    std::vector<std::string> const expected{"Weekly report (team A) 1 invalid-name",
                                            "with history 1 langfuse-placeholder",
                                            "composed 1 langfuse-reference",
                                            "sections 1 prompt-incomplete",
                                            "sections 2 template-invalid",
                                            "odd label 1 invalid-label",
                                            "odd config 1 invalid-field"};
    CHECK(refusals(done) == expected);
    CHECK(done.body.find("\"line\":2,\"column\":3") != std::string::npos); // of the section

    auto const newest = at.service.get("/v1/prompts/support%2Fanswer");
    CHECK(newest.number("/version") == 3);
    CHECK(newest.text("/template") == "Du bist {{persona}}, geduldig und genau.\n\n{{ question }}\n");
    CHECK(newest.at("/variables") == json::array{"persona", "question"});
    CHECK(newest.at("/labels") == json::array{"eu-rollout_2", "latest", "production"});
    CHECK(newest.at("/config/supported_languages/1") == "fr");
    CHECK(newest.text("/commit_message") == "geduldiger");
    CHECK(newest.text("/description") == "Langfuse tags: de, support");
    CHECK(newest.text("/created_by") == "API");
    CHECK(at.service.get("/v1/prompts/support%2Fanswer/versions/1")
              .text("/created_at")
              .find("2026-02-03T09:14:22.418") == 0);
    CHECK(at.service.get("/v1/prompts/support%2Fanswer/versions/2").status == 404);
    CHECK(at.service.render("support/answer", {{"persona", "Eva"}, {"question", "Wie?"}}).text("/rendered") ==
          "Du bist Eva, geduldig und genau.\n\nWie?\n");
    CHECK(at.service.get("/v1/prompts/movie-critic-chat?label=staging").text("/messages/1/content") ==
          "Do you like {{movie}}?");
    for (auto const* const refused : {"Weekly%20report%20%28team%20A%29", "with%20history", "composed",
                                      "sections", "odd%20label", "odd%20config"}) {
        CHECK(at.service.get(std::string{"/v1/prompts/"} + refused + "?label=latest").status == 404);
    }

    auto const again = import(at, sample());
    CHECK(again.number("/created") == 0);
    CHECK(again.number("/unchanged") == 6);
    CHECK(again.number("/conflicts") == 0);
}

TEST_CASE("one prompt of Langfuse's public API is an export too, and what is none is a 400", "[langfuse]")
{
    auto& at = shared();
    auto const name = new_name("langfuse/one");
    CHECK(import(at, R"({"name":")" + name + R"(","version":7,"prompt":"{{a}}","labels":["production"]})")
              .status == 200);
    CHECK(at.service.get("/v1/prompts/" + encoded(name)).number("/version") == 7);
    // The next number, where there is none.
    auto const twice =
        import(at, R"([{"name":"langfuse/twice","prompt":"a"},{"name":"langfuse/twice","prompt":"b"}])");
    CHECK(twice.number("/created") == 2);
    CHECK(at.service.get("/v1/prompts/langfuse%2Ftwice/versions/2").text("/template") == "b");
    CHECK(refusals(import(
              at, R"([{"name":"l","version":1,"prompt":"a"},{"name":"l","version":1,"prompt":"b"}])")) ==
          std::vector<std::string>{"l 1 prompt-incomplete", "l 1 version-twice"});
    CHECK(refusals(import(at, R"([{"name":"l","version":1,"prompt":"a","labels":["x"]},)"
                              R"({"name":"l","version":2,"prompt":"b","labels":["x"]}])")) ==
          std::vector<std::string>{"l 1 prompt-incomplete", "l 2 label-twice"});
    CHECK(refusals(import(at, R"({"name":"l","version":1,"prompt":7})")) ==
          std::vector<std::string>{"l 1 invalid-field"});
    for (auto const* const bad : {"7", "[1]", "[{}]", R"([{"name":""}])", R"([{"name":7}])", "null"}) {
        INFO(bad);
        CHECK(import(at, bad).status == 400);
    }
    CHECK(at.service.ask({"POST", "/v1/import?format=other", "[]", at.admin}).status == 400);
    CHECK(at.service.ask({"POST", "/v1/import?format=langfuse", "[]", at.write}).status == 403);
}
