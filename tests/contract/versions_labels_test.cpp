// Versions are immutable and numbered without gaps; labels point to them, and remember their moves.
#include "contract.hpp"

#include <set>

using namespace contract;

namespace {

struct prompt
{
    backend& at = shared();
    std::string name = new_name("versioned");
    std::string path = "/v1/prompts/" + name;

    prompt() { create(at.service, name, "one"); }
    answer move(std::string const& label, std::int64_t version, json::value const& reason = nullptr) const
    {
        json::object body{{"version", version}};
        if (!reason.is_null()) {
            body["reason"] = reason;
        }
        return at.service.send("PUT", path + "/labels/" + label, body);
    }
};

} // namespace

TEST_CASE_METHOD(prompt, "16 clients at once get versions without a gap, each its own",
                 "[TestPromptVersioning]")
{
    constexpr int clients = 16, each = 5;
    std::vector<std::thread> threads;
    std::array<std::vector<std::int64_t>, clients> numbers;
    std::atomic<int> refused{0};
    for (int i = 0; i < clients; ++i) {
        threads.emplace_back([&, i] {
            support::http_client client{at.service.port()};
            for (int n = 0; n < each; ++n) {
                auto const mark = std::to_string(i) + '.' + std::to_string(n);
                answer const a{client.ask(
                    request_of({"POST", path + "/versions", R"({"template":")" + mark + "\"}", at.admin}))};
                if (a.status != 201 || a.text("/template") != mark) {
                    ++refused;
                }
                numbers[static_cast<std::size_t>(i)].push_back(a.number("/version"));
            }
        });
    }
    for (auto& one : threads) {
        one.join();
    }
    CHECK(refused == 0);
    std::set<std::int64_t> all;
    for (auto const& list : numbers) {
        all.insert(list.begin(), list.end());
        CHECK(std::is_sorted(list.begin(), list.end()));
    }
    CHECK(all.size() == clients * each);
    CHECK(*all.begin() == 2);
    CHECK(*all.rbegin() == clients * each + 1);
}

TEST_CASE_METHOD(prompt, "with If-Match, of clients that know the same version one wins")
{
    constexpr int clients = 8;
    std::vector<std::thread> threads;
    std::atomic<int> made{0}, conflicts{0};
    for (int i = 0; i < clients; ++i) {
        threads.emplace_back([&] {
            support::http_client client{at.service.port()};
            answer const a{client.ask(request_of(
                {"POST", path + "/versions", R"({"template":"x"})", at.admin, {{"If-Match", "\"1\""}}}))};
            made += a.status == 201 ? 1 : 0;
            conflicts += a.status == 412 && a.code() == "version-conflict" ? 1 : 0;
        });
    }
    for (auto& one : threads) {
        one.join();
    }
    CHECK(made == 1);
    CHECK(conflicts == clients - 1);
    auto const with = [&](std::string const& if_match) {
        return at.service
            .ask({"POST", path + "/versions", R"({"template":"x"})", at.admin, {{"If-Match", if_match}}})
            .status;
    };
    CHECK(with("\"2\"") == 201);
    CHECK(with("\"2\"") == 412);
    CHECK(with("\"99\"") == 412);
    CHECK(with("*") == 201);
    for (auto const* const bad :
         {"2", "\"\"", "\"x\"", "W/\"2\"", "\"-1\"", "\"99999999999999999999\"", "\"1\", \"2\""}) {
        INFO(bad);
        auto const status = with(bad);
        CHECK(status >= 400);
        CHECK(status < 500);
    }
}

TEST_CASE_METHOD(prompt, "history is newest first, in pages, with author and message")
{
    for (int i = 2; i <= 5; ++i) {
        at.service.ask(
            {"POST", path + "/versions",
             R"({"template":"t)" + std::to_string(i) + R"(","commit_message":"m)" + std::to_string(i) + "\"}",
             at.write});
    }
    auto const all = at.service.get(path + "/versions");
    REQUIRE(all.at("/versions").as_array().size() == 5);
    for (int i = 0; i < 5; ++i) {
        auto const here = "/versions/" + std::to_string(i);
        CHECK(all.number(here + "/version") == 5 - i);
        CHECK(all.text(here + "/created_by") == (i == 4 ? "test admin" : "test writer"));
        CHECK(all.text(here + "/commit_message") == (i == 4 ? "" : "m" + std::to_string(5 - i)));
    }
    CHECK(all.at("/next_cursor").is_null());
    auto const page = at.service.get(path + "/versions?limit=2");
    CHECK(page.number("/versions/1/version") == 4);
    auto const next = at.service.get(path + "/versions?limit=2&cursor=" + page.text("/next_cursor"));
    CHECK(next.number("/versions/0/version") == 3);
    auto const last = at.service.get(path + "/versions?limit=2&cursor=" + next.text("/next_cursor"));
    CHECK(last.number("/versions/0/version") == 1);
    CHECK(last.at("/next_cursor").is_null());
    CHECK(at.service.get(path + "/versions/3").text("/template") == "t3");
    CHECK(at.service.get(path + "/versions/6").status == 404);
    CHECK(at.service.get(path + "?version=3").text("/template") == "t3");
    CHECK(at.service.get(path + "?version=6").code() == "version-not-found");
    CHECK(at.service.get(path + "?version=3&label=latest").status == 400);
    auto const difference = at.service.get(path + "/diff?from=2&to=3").text("/unified");
    CHECK(difference.find("-t2") != std::string::npos);
    CHECK(difference.find("+t3") != std::string::npos);
    CHECK(at.service.get(path + "/diff?from=2&to=2").text("/unified").empty());
    CHECK(at.service.get(path + "/diff?from=2").status == 400);
    CHECK(at.service.get(path + "/diff?from=2&to=9").status == 404);
    CHECK(at.service.send("POST", "/v1/prompts/none/versions", json::object{{"template", "x"}}).status ==
          404);
}

TEST_CASE_METHOD(prompt, "content cannot be changed by anybody, as the database itself refuses",
                 "[TestPromptTemplateSchema]")
{
    CHECK_THROWS_WITH(
        at.run("update prompt_templates set template_text = 'other' where name = '" + name + "'"),
        support::holds("PS001"));
    CHECK(at.service.get(path).text("/template") == "one");
}

TEST_CASE_METHOD(prompt, "latest is always the newest, and production what a fetch gets",
                 "[TestPromptVersioning]")
{
    add_version(at.service, name, "two");
    CHECK(at.service.get(path).text("/template") == "one");
    CHECK(at.service.get(path + "?label=latest").text("/template") == "two");
    auto const moved = move("production", 2, "better");
    CHECK(moved.status == 200);
    CHECK(moved.number("/version") == 2);
    CHECK(at.service.get(path).text("/template") == "two");
    CHECK(at.service.get(path).at("/labels") == json::array{"latest", "production"});
    CHECK(move("latest", 1).status == 400);
    CHECK(at.service.remove(path + "/labels/latest").status == 400);
    CHECK(move("production", 9).status == 404);
    CHECK(move("staging", 9).status == 404);
    CHECK(move("production", 0).status == 400);
    for (auto const* const bad : {"UPPER", ".dot", "-dash", "a%2Fb", "%C3%A4"}) {
        INFO(bad);
        CHECK(move(bad, 1).status == 400);
    }
    CHECK(move(std::string(36, 'a'), 1).status == 200);
    CHECK(move(std::string(37, 'a'), 1).status == 400);
    CHECK(at.service.remove(path + "/labels/production").status == 204);
    auto const none = at.service.get(path);
    CHECK(none.status == 404);
    CHECK(none.code() == "label-not-found");
    CHECK(at.service.remove(path + "/labels/production").status == 404);
}

TEST_CASE_METHOD(prompt, "every move is kept: from, to, who, when and why, newest first",
                 "[TestPromptVersioning]")
{
    add_version(at.service, name, "two");
    for (std::string const label : {"production", "staging"}) {
        INFO(label);
        move(label, 2, "promoted because");
        at.service.ask(
            {"PUT", path + "/labels/" + label, R"({"version":1,"reason":"rolled back"})", at.write});
        CHECK(move(label, 1, "no move").status == 200); // where it is already: no entry
        at.service.remove(path + "/labels/" + label);
        auto const history = at.service.get(path + "/labels/" + label + "/history");
        auto const list = history.at("/history").as_array();
        std::size_t const expected = label == "production" ? 4 : 3; // creation put production there
        REQUIRE(list.size() == expected);
        CHECK(list[0].at("from") == 1);
        CHECK(list[0].at("to").is_null());
        CHECK(list[0].at("moved_by") == "test admin");
        CHECK(list[1].at("from") == 2);
        CHECK(list[1].at("to") == 1);
        CHECK(list[1].at("reason") == "rolled back");
        CHECK(list[1].at("moved_by") == "test writer");
        CHECK(list[2].at("to") == 2);
        CHECK(list[2].at("reason") == "promoted because");
        CHECK(list[2].at("moved_at").as_string().size() >= 20);
        auto const page = at.service.get(path + "/labels/" + label + "/history?limit=1");
        CHECK(page.at("/history/0") == list[0]);
        auto const next = at.service.get(path + "/labels/" + label +
                                         "/history?limit=1&cursor=" + page.text("/next_cursor"));
        CHECK(next.at("/history/0") == list[1]);
    }
}

TEST_CASE_METHOD(prompt,
                 "clients of the earlier system move production by is_active, and that is kept as well",
                 "[TestNoBreakingChanges]")
{
    add_version(at.service, name, "two");
    at.run("update prompt_templates set is_active = true, updated_by = 'old client' where version = 2 and "
           "name = '" +
           name + "'");
    CHECK(eventually([&] { return at.service.get(path).number("/version") == 2; }, 3s));
    CHECK(at.value("select count(*) from prompt_templates where is_active and name = '" + name + "'") == "1");
    auto const history = at.service.get(path + "/labels/production/history");
    CHECK(history.number("/history/0/from") == 1);
    CHECK(history.number("/history/0/to") == 2);
    CHECK(history.text("/history/0/moved_by") == "old client");
}

TEST_CASE_METHOD(prompt, "clients that move one label at once leave one version active, and no move is lost")
{
    for (int i = 0; i < 3; ++i) {
        add_version(at.service, name, "more");
    }
    std::vector<std::thread> threads;
    std::atomic<int> moved{0};
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&, i] {
            support::http_client client{at.service.port()};
            for (std::string const label : {"production", "staging"}) {
                auto const a =
                    client.ask(request_of({"PUT", path + "/labels/" + label,
                                           R"({"version":)" + std::to_string(i % 4 + 1) + '}', at.admin}));
                moved += a.status == 200 ? 1 : 0;
            }
        });
    }
    for (auto& one : threads) {
        one.join();
    }
    CHECK(moved == 32);
    CHECK(at.value("select count(*) from prompt_templates where is_active and name = '" + name + "'") == "1");
    for (std::string const label : {"production", "staging"}) {
        auto const list = at.service.get(path + "/labels/" + label + "/history").at("/history").as_array();
        for (std::size_t i = 0; i + 1 < list.size(); ++i) {
            CHECK(list[i].at("from") == list[i + 1].at("to")); // a chain
        }
        CHECK(list.front().at("to") == at.service.get(path + "?label=" + label).at("/version"));
    }
}

TEST_CASE("a protected label is moved by admin only, by every way")
{
    backend at{{{"PROMPT_SERVICE_PROTECTED_LABELS", "production,golden"}}};
    auto const name = "kept"s;
    create(at.service, name, "x");
    auto const path = "/v1/prompts/kept"s;
    auto const as_writer = [&](std::string const& method, std::string const& target,
                               std::optional<std::string> body) {
        return at.service.ask({method, target, std::move(body), at.write});
    };
    for (std::string const label : {"production", "golden"}) {
        auto const refused = as_writer("PUT", path + "/labels/" + label, R"({"version":1})");
        CHECK(refused.status == 403);
        CHECK(refused.code() == "label-protected");
        CHECK(as_writer("DELETE", path + "/labels/" + label, {}).status == 403);
        CHECK(
            as_writer("POST", path + "/versions", R"({"template":"y","labels":[")" + label + "\"]}").status ==
            403);
        CHECK(
            as_writer("POST", "/v1/prompts", R"({"name":"other","template":"y","labels":[")" + label + "\"]}")
                .status == 403);
        CHECK(at.service.send("PUT", path + "/labels/" + label, json::object{{"version", 1}}).status == 200);
    }
    CHECK(as_writer("PUT", path + "/labels/staging", R"({"version":1})").status == 200);
    CHECK(at.service.get(path + "/versions").at("/versions").as_array().size() == 1); // nothing by halves
    CHECK(at.service.get("/v1/prompts/other?label=latest").status == 404);
}

TEST_CASE("the list of labels has where each points, and null for one that was removed")
{
    auto& at = shared();
    auto const name = new_name("labels");
    create(at.service, name, "one");
    add_version(at.service, name, "two");
    auto const path = "/v1/prompts/" + name + "/labels";
    at.service.send("PUT", path + "/staging", json::object{{"version", 2}});
    at.service.send("PUT", path + "/tried", json::object{{"version", 2}});
    CHECK(at.service.remove(path + "/tried").status == 204);
    auto const all = at.service.get(path);
    CHECK(all.status == 200);
    CHECK(all.at("/labels") ==
          json::value{{"production", 1}, {"latest", 2}, {"staging", 2}, {"tried", nullptr}});
    CHECK(at.service.get("/v1/prompts/no-such-prompt/labels").status == 404);
}
