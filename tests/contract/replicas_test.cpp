// Two services on one database: what is changed through one is seen at the other within about a second.
#include "contract.hpp"

using namespace contract;

namespace {

struct pair : backend
{
    replica other{*this};

    /// Whether it becomes true at the other replica within the time that the contract gives, and what a
    /// loaded machine needs.
    template <class Condition>
    [[nodiscard]] static bool soon(Condition const& holds)
    {
        return eventually(holds, 3s);
    }
};

pair& both()
{
    (void)support::private_server::shared();
    static pair two;
    return two;
}

} // namespace

TEST_CASE("versions, labels, archiving and guardrails made on one replica are seen on the other")
{
    auto& two = both();
    create(two.service, "seen", "one");
    CHECK(pair::soon([&] { return two.other.get("/v1/prompts/seen").status == 200; }));
    add_version(two.other, "seen", "two");
    CHECK(pair::soon(
        [&] { return two.service.get("/v1/prompts/seen?label=latest").text("/template") == "two"; }));
    two.service.send("PUT", "/v1/prompts/seen/labels/production", json::object{{"version", 2}});
    CHECK(two.service.get("/v1/prompts/seen").text("/template") == "two"); // at once where it was made
    CHECK(pair::soon([&] { return two.other.render("seen", {}).text("/rendered") == "two"; }));
    two.other.remove("/v1/prompts/seen/labels/production");
    CHECK(pair::soon([&] { return two.service.get("/v1/prompts/seen").status == 404; }));
    two.service.send("POST", "/v1/guardrails",
                     json::object{{"name", "seen"},
                                  {"type", "content_policy"},
                                  {"severity", "low"},
                                  {"action", "block"},
                                  {"config", json::object{{"patterns", json::array{"forbidden"}}}}});
    CHECK(pair::soon([&] {
        return two.other
                   .send(
                       "POST", "/v1/preview",
                       json::object{{"template", "{{ a }}"}, {"variables", json::object{{"a", "forbidden"}}}})
                   .text("/guardrails/action") == "block";
    }));
    CHECK(pair::soon([&] {
        return two.other.get("/v1/export", two.admin).body == two.service.get("/v1/export", two.admin).body;
    }));
}

TEST_CASE("a revoked key ends on the other replica")
{
    auto& two = both();
    auto const made =
        two.service.send("POST", "/v1/keys", json::object{{"name", "short"}, {"scope", "write"}});
    auto const key = made.text("/key");
    CHECK(pair::soon([&] { return two.other.get("/v1/export", key).status == 200; }));
    CHECK(two.service.remove("/v1/keys/" + made.text("/id")).status == 204);
    CHECK(two.service.get("/v1/export", key).status == 401);
    CHECK(pair::soon([&] { return two.other.get("/v1/export", key).status == 401; }));
}

TEST_CASE("what a client of the earlier system activates by is_active is served by both",
          "[TestNoBreakingChanges]")
{
    auto& two = both();
    create(two.service, "by-sql", "one");
    add_version(two.service, "by-sql", "two");
    two.run("update prompt_templates set is_active = true where name = 'by-sql' and version = 2");
    for (auto const* const at : {&two.service, &two.other}) {
        CHECK(pair::soon([&] { return at->get("/v1/prompts/by-sql").number("/version") == 2; }));
    }
}

TEST_CASE("an execution rendered by one replica gets its outcome through the other, once it is stored")
{
    auto& two = both();
    create(two.service, "shared-log", "x");
    CHECK(pair::soon([&] { return two.other.get("/v1/prompts/shared-log").status == 200; }));
    auto const id = two.service.render("shared-log", {}, {}, "?durable=true").text("/execution_id");
    CHECK(two.other.ask({"PATCH", "/v1/executions/" + id, R"({"status":"success"})", two.read}).status ==
          200);
    CHECK(two.service.ask({"PATCH", "/v1/executions/" + id, R"({"status":"failure"})", two.read}).status ==
          409);
    CHECK(two.service.get("/v1/executions/" + id, two.write).text("/status") == "success");
}

TEST_CASE("two replicas that add versions and move labels of one prompt at once leave no gap and one active "
          "version")
{
    auto& two = both();
    create(two.service, "contended", "x");
    CHECK(pair::soon([&] { return two.other.get("/v1/prompts/contended").status == 200; }));
    std::vector<std::thread> threads;
    std::atomic<int> failed{0};
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&, i] {
            support::http_client client{(i % 2 == 0 ? two.service : two.other).port()};
            for (int n = 0; n < 5; ++n) {
                answer const made{
                    client.ask(request_of({"POST", "/v1/prompts/contended/versions",
                                           R"({"template":"y","labels":["production"]})", two.admin}))};
                failed += made.status == 201 ? 0 : 1;
            }
        });
    }
    for (auto& one : threads) {
        one.join();
    }
    CHECK(failed == 0);
    CHECK(two.value(
              "select count(*) = 41 and max(version) = 41 from prompt_templates where name = 'contended'") ==
          "t");
    CHECK(two.value("select count(*) from prompt_templates where name = 'contended' and is_active") == "1");
}
