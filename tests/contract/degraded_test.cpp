// The database is lost after the start: what is in memory is served, nothing is written, nothing is lost or
// written twice.
#include "contract.hpp"

#include <csignal>
#include <mutex>

using namespace contract;

namespace {

// A server of its own, which may be stopped without harm to other cases.
struct stoppable
{
    support::private_server server{
        {.config = {"synchronous_commit = on"}}}; // it is killed: what it committed must stay
    std::unique_ptr<database_with_keys> database;
    std::unique_ptr<replica> service;

    explicit stoppable(support::environment more = {})
    {
        auto made = server.create_database();
        auto const migrated = programs::prompt_service({"migrate"}, {{"DATABASE_URL", made->url()}});
        INFO(migrated.err);
        REQUIRE(migrated.code == 0);
        database = std::make_unique<database_with_keys>(std::move(made));
        service = std::make_unique<replica>(*database, std::move(more));
        create(*service, "kept", "Hello {{ a }}");
    }
    [[nodiscard]] bool is_degraded() const
    {
        auto const ready = service->get("/readyz");
        return ready.status == 200 && ready.at("/degraded") == true;
    }
};

} // namespace

TEST_CASE("while the database is stopped reads and renders go on, writes are 503, and it heals with every "
          "execution written once")
{
    stoppable at;
    auto const before = at.service->render("kept", {{"a", "0"}}, {}, "?durable=true").text("/execution_id");
    at.server.stop();
    // At once, before anybody has noticed: never another answer than the usual one or a 503.
    std::vector<std::string> ids;
    for (int i = 0; i < 20; ++i) {
        auto const a = at.service->render("kept", {{"a", std::to_string(i)}});
        REQUIRE(a.status == 200);
        CHECK(a.text("/rendered") == "Hello " + std::to_string(i));
        ids.push_back(a.text("/execution_id"));
    }
    CHECK(eventually([&] { return at.is_degraded(); }, 15s));
    auto const fetched = at.service->get("/v1/prompts/kept");
    CHECK(fetched.status == 200);
    CHECK(eventually([&] { return !at.service->get("/v1/prompts/kept").header("age").empty(); }, 10s));
    CHECK(std::stoi("0" + at.service->get("/v1/prompts/kept").header("age")) >= 2);
    CHECK(at.service->get("/v1/prompts").status == 200);
    CHECK(at.service->get("/v1/export", at.database->write).status == 200);
    CHECK(at.service->send("POST", "/v1/preview", json::object{{"template", "x"}}).status == 200);
    CHECK(at.service->get("/v1/keys", "sgk_wrong").status == 401); // keys are known from memory
    struct refused
    {
        char const* method;
        std::string target;
        std::optional<std::string> body;
    };
    for (auto const& [method, target, body] :
         std::vector<refused>{{"POST", "/v1/prompts", R"({"name":"new","template":"x"})"},
                              {"POST", "/v1/prompts/kept/versions", R"({"template":"x"})"},
                              {"PATCH", "/v1/prompts/kept", R"({"category":"x"})"},
                              {"DELETE", "/v1/prompts/kept", {}},
                              {"PUT", "/v1/prompts/kept/labels/a", R"({"version":1})"},
                              {"DELETE", "/v1/prompts/kept/labels/production", {}},
                              {"POST", "/v1/prompts/kept/render?durable=true", R"({"variables":{"a":"x"}})"},
                              {"GET", "/v1/prompts/kept/labels/production/history", {}},
                              {"GET", "/v1/executions", {}},
                              {"GET", "/v1/executions/" + before, {}},
                              {"PATCH", "/v1/executions/" + before, R"({"status":"success"})"},
                              {"GET", "/v1/keys", {}},
                              {"POST", "/v1/keys", R"({"name":"k","scope":"read"})"},
                              {"GET", "/v1/audit", {}},
                              {"DELETE", "/v1/guardrails/pii_detection_basic", {}},
                              {"POST", "/v1/import", R"({"format":"prompt-service/1"})"}}) {
        auto const begin = std::chrono::steady_clock::now();
        auto const a = at.service->ask({method, target, body, at.database->admin});
        auto const took = std::chrono::steady_clock::now() - begin;
        INFO(method << ' ' << target << " -> " << a.status << ' ' << a.body);
        CHECK(a.status == 503);
        CHECK_FALSE(a.header("retry-after").empty());
        CHECK(took < 3s);
    }
    // What is queued can be found, and take its outcome.
    CHECK(at.service->get("/v1/executions/" + ids[0], at.database->write).status == 200);
    CHECK(at.service->ask({"PATCH", "/v1/executions/" + ids[0], R"({"status":"success"})", at.database->read})
              .status == 200);
    auto const metrics = at.service->get("/metrics").body;
    CHECK(metrics.find("snapshot_age") != std::string::npos);
    at.server.start();
    CHECK(eventually([&] { return at.service->get("/readyz").at("/degraded") != true; }, 20s));
    CHECK(eventually(
        [&] {
            return at.service->send("PUT", "/v1/prompts/kept/labels/a", json::object{{"version", 1}})
                       .status == 200;
        },
        10s));
    std::string list;
    for (auto const& id : ids) {
        list += (list.empty() ? "'" : ",'") + id + "'";
    }
    CHECK(eventually(
        [&] {
            return at.database->value("select count(*) from prompt_executions where id in (" + list + ")") ==
                   "20";
        },
        15s));
    CHECK(at.database->value("select count(*) from prompt_executions where template_name = 'kept'") == "21");
    CHECK(at.database->value("select status from prompt_executions where id = '" + ids[0] + "'") ==
          "success");
    CHECK(eventually([&] { return at.service->get("/v1/prompts/kept").header("age").empty(); }, 5s));
    CHECK(at.database->value("select count(*) from prompt_templates where name = 'new'") == "0");
    // What was changed meanwhile by others is served.
    at.database->run("update prompt_templates set description = 'by sql' where name = 'kept'");
    CHECK(
        eventually([&] { return at.service->get("/v1/prompts/kept").text("/description") == "by sql"; }, 5s));
    CHECK(at.service->process().terminate(15s) == 0);
}

TEST_CASE("the server is killed and comes back several times under load: nothing of it is lost or twice")
{
    stoppable at;
    std::atomic<bool> stop{false};
    std::atomic<int> rendered{0}, other{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            support::http_client client{at.service->port()};
            while (!stop) {
                auto const a = client.ask(request_of(
                    {"POST", "/v1/prompts/kept/render", R"({"variables":{"a":"load"}})", at.database->read}));
                ++(a.status == 200 ? rendered : other);
                std::this_thread::sleep_for(2ms);
            }
        });
    }
    for (int i = 0; i < 2; ++i) {
        std::this_thread::sleep_for(700ms);
        at.server.kill();
        std::this_thread::sleep_for(1s);
        at.server.start();
    }
    std::this_thread::sleep_for(500ms);
    stop = true;
    for (auto& one : threads) {
        one.join();
    }
    CHECK(other == 0);
    CHECK(rendered > 50);
    auto const wanted = std::to_string(rendered);
    CHECK(eventually(
        [&] {
            return at.database->value(
                       "select count(*) from prompt_executions where template_name = 'kept'") == wanted;
        },
        20s));
    CHECK(at.database->value("select count(*) from prompt_executions where template_name = 'kept'") ==
          wanted);
}

TEST_CASE(
    "a full queue refuses the render with 503 and Retry-After, or drops and counts, as the setting says")
{
    auto const mode = GENERATE("refuse"s, "drop"s);
    stoppable at{{{"PROMPT_SERVICE_LOG_QUEUE_MB", "1"}, {"PROMPT_SERVICE_LOG_FULL", mode}}};
    at.server.stop();
    std::string const text(100'000, 'x');
    int refused = 0;
    for (int i = 0; i < 15; ++i) {
        auto const a = at.service->render("kept", {{"a", text}});
        if (a.status == 503) {
            ++refused;
            CHECK(a.code() == "log-full");
            CHECK_FALSE(a.header("retry-after").empty());
        }
        else {
            CHECK(a.status == 200);
        }
    }
    CHECK((mode == "refuse" ? refused > 0 : refused == 0));
    CHECK(at.service->get("/v1/prompts/kept").status == 200);
}

TEST_CASE("requests that wait behind statements that hang are told so in time, however many they are")
{
    stoppable at;
    support::sql_session holder{at.database->database->admin_url()};
    holder("begin");
    holder("lock table prompt_executions in access exclusive mode");
    std::mutex mutex;
    std::vector<answer> answers;
    auto const begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (int i = 0; i < 40; ++i) { // ten for each connection, each of which may take 5 s
        threads.emplace_back([&] {
            support::http_client client{at.service->port(), 60s};
            answer a{client.ask(request_of({"GET", "/v1/executions", {}, at.database->write}))};
            std::lock_guard const lock{mutex};
            answers.push_back(std::move(a));
        });
    }
    for (auto& one : threads) {
        one.join();
    }
    CHECK(std::chrono::steady_clock::now() - begin < 8s);
    for (auto const& a : answers) {
        INFO(a.body);
        CHECK(broken_rule(a).empty());
        CHECK(a.status == 503);
        CHECK(a.code() == "busy");
        CHECK_FALSE(a.header("retry-after").empty());
    }
    holder("rollback");
    CHECK(at.service->get("/v1/executions", at.database->write).status == 200);
}
