// Export and import: the whole library as one document, idempotent, with a report item by item.
#include "contract.hpp"

using namespace contract;

namespace {

void fill(replica const& at)
{
    create(at, "folder/one", "Hello {{ a }}\n\xc3\xa4\xf0\x9f\x98\x80", {"production", "staging"});
    at.send("PATCH", "/v1/prompts/folder%2Fone", json::object{{"category", "c"}, {"description", "d"}});
    at.send("POST", "/v1/prompts/folder%2Fone/versions",
            json::object{
                {"messages", json::array{json::object{{"role", "user"}, {"content", "{{ b }}"}}}},
                {"config",
                 json::object{{"n", std::int64_t{9'007'199'254'740'993}}, {"f", 0.1}, {"o", json::object{}}}},
                {"variables", json::array{"z", "b"}},
                {"commit_message", "second"}});
    create(at, "old", "x", {});
    at.remove("/v1/prompts/old");
    create(at, "unlabelled", "x", {});
    at.send("POST", "/v1/guardrails",
            json::object{{"name", "mine"},
                         {"type", "content_policy"},
                         {"severity", "low"},
                         {"action", "warn"},
                         {"config", json::object{{"patterns", json::array{"zzz"}}}},
                         {"applies_to_categories", json::array{"c"}},
                         {"is_active", false}});
}

void empty(backend const& at)
{
    at.run("delete from prompt_labels; delete from prompt_templates; delete from prompts; delete from "
           "prompt_guardrails");
}

} // namespace

TEST_CASE("an export imported into an empty database exports the same, byte for byte")
{
    backend from, to;
    fill(from.service);
    auto const document = from.service.get("/v1/export", from.write);
    REQUIRE(document.status == 200);
    CHECK(document.text("/format") == "prompt-service/1");
    empty(to);
    REQUIRE(eventually([&] { return to.service.get("/v1/export", to.admin).at("/prompts") == json::array{}; },
                       5s));
    auto const nothing = to.service.get("/v1/export", to.admin).body;
    auto const import = [&](std::string const& query) {
        return to.service.ask({"POST", "/v1/import" + query, document.body, to.admin});
    };
    auto const dry = import("?dry_run=true");
    CHECK(dry.status == 200);
    CHECK(dry.at("/dry_run") == true);
    CHECK(dry.number("/created") > 0);
    CHECK(dry.number("/conflicts") == 0);
    CHECK(to.service.get("/v1/export", to.admin).body == nothing);
    auto const done = import("");
    CHECK(done.status == 200);
    CHECK(done.number("/created") == dry.number("/created"));
    CHECK(to.service.get("/v1/export", to.admin).body == document.body);
    auto const again = import("");
    CHECK(again.number("/created") == 0);
    CHECK(again.number("/unchanged") == done.number("/created"));
    CHECK(again.number("/conflicts") == 0);
    CHECK(to.service.get("/v1/export", to.admin).body == document.body);
    // A second replica that is just started says the same.
    replica const second{to};
    CHECK(second.get("/v1/export", to.admin).body == document.body);
    CHECK(to.service.get("/v1/prompts/folder%2Fone").text("/template") ==
          from.service.get("/v1/prompts/folder%2Fone").text("/template"));
    CHECK(to.service.get("/v1/prompts/old").status == 404);
}

TEST_CASE("what differs is a conflict, item by item, and stays as it is; the rest is added")
{
    backend at;
    create(at.service, "p", "mine", {"staging"});
    auto const document = json::object{
        {"format", "prompt-service/1"},
        {"prompts", json::array{json::object{
                        {"name", "p"},
                        {"labels", json::object{{"staging", 2}, {"fresh", 2}}},
                        {"versions", json::array{json::object{{"version", 1}, {"template", "theirs"}},
                                                 json::object{{"version", 2}, {"template", "new"}}}}}}},
        {"guardrails", json::array{json::object{{"name", "pii_detection_basic"},
                                                {"type", "content_policy"},
                                                {"severity", "low"},
                                                {"action", "log"},
                                                {"config", json::object{{"patterns", json::array{"x"}}}}}}}};
    auto const a = at.service.send("POST", "/v1/import", document);
    REQUIRE(a.status == 200);
    INFO(a.body);
    CHECK(a.number("/conflicts") == 3);
    CHECK(a.number("/created") == 2);
    std::vector<std::string> codes;
    auto const content = a.content();
    for (auto const& one : content.at("items").as_array()) {
        if (one.at("status") == 409) {
            codes.push_back(json::value_to<std::string>(one.at("code")));
        }
    }
    CHECK(codes == std::vector<std::string>{"version-differs", "label-differs", "guardrail-differs"});
    CHECK(at.service.get("/v1/prompts/p/versions/1").text("/template") == "mine");
    CHECK(at.service.get("/v1/prompts/p/versions/2").text("/template") == "new");
    CHECK(at.service.get("/v1/prompts/p?label=staging").number("/version") == 1);
    CHECK(at.service.get("/v1/prompts/p?label=fresh").number("/version") == 2);
    CHECK(at.service.get("/v1/guardrails/pii_detection_basic", at.admin).text("/action") == "block");
}

TEST_CASE("a document with one bad item is refused whole, and the error says where it is")
{
    auto& at = shared();
    auto const before = at.service.get("/v1/export", at.admin).body;
    auto const with = [](json::object second) {
        return json::object{
            {"format", "prompt-service/1"},
            {"prompts", json::array{json::object{{"name", "import-a"},
                                                 {"versions", json::array{json::object{{"version", 1},
                                                                                       {"template", "x"}}}}},
                                    std::move(second)}}};
    };
    json::array const good{json::object{{"version", 1}, {"template", "x"}}};
    for (auto const& [bad, status] : std::vector<std::pair<json::object, int>>{
             {{{"name", ""}, {"versions", good}}, 400},
             {{{"name", "b"}, {"versions", json::array{}}}, 400},
             {{{"name", "b"}, {"versions", json::array{json::object{{"version", 0}, {"template", "x"}}}}},
              400},
             {{{"name", "b"}, {"versions", json::array{good[0], good[0]}}}, 400},
             {{{"name", "b"}, {"versions", json::array{json::object{{"version", 1}, {"template", "{{"}}}}},
              422},
             {{{"name", "b"}, {"versions", json::array{json::object{{"version", 1}}}}}, 400},
             {{{"name", "b"},
               {"versions",
                json::array{json::object{{"version", 1}, {"template", "x"}, {"created_at", "now"}}}}},
              400},
             {{{"name", "b"}, {"labels", json::object{{"latest", 1}}}, {"versions", good}}, 400},
             {{{"name", "b"}, {"labels", json::object{{"BAD", 1}}}, {"versions", good}}, 400},
             {{{"name", "b"}, {"labels", json::object{{"a", "1"}}}, {"versions", good}}, 400},
             {{{"name", "b"}, {"labels", json::object{{"a", 5}}}, {"versions", good}}, 404}}) {
        auto const a = at.service.send("POST", "/v1/import", with(bad));
        INFO(json::serialize(bad) << " -> " << a.body);
        CHECK(a.status >= 400);
        CHECK(a.status < 500);
        CHECK((a.status == status || status == 404));
    }
    CHECK(at.service.send("POST", "/v1/import", json::object{{"format", "other/1"}}).status == 400);
    CHECK(at.service
              .send("POST", "/v1/import",
                    with({{"name", "import-a"},
                          {"versions", json::array{json::object{{"version", 1}, {"template", "y"}}}}}))
              .status < 500);
    auto const after = at.service.get("/v1/export", at.admin).body;
    CHECK((after == before));
}
