// Keys and their scopes take effect at once, and everything that changes something is in the audit log.
#include "contract.hpp"

using namespace contract;

TEST_CASE("a key is shown once, and only its SHA-256 is kept")
{
    auto& at = shared();
    auto const name = new_name("key");
    auto const made = at.service.send("POST", "/v1/keys", json::object{{"name", name}, {"scope", "read"}});
    REQUIRE(made.status == 201);
    auto const key = made.text("/key");
    CHECK(key.rfind("sgk_", 0) == 0);
    CHECK(key.size() >= 40);
    CHECK(made.text("/scope") == "read");
    CHECK(at.value("select key_hash = sha256('" + key + "') from api_keys where name = '" + name + "'") ==
          "t");
    auto const list = at.service.get("/v1/keys", at.admin);
    CHECK(list.body.find(name) != std::string::npos);
    CHECK(list.body.find(key) == std::string::npos);
    CHECK(at.service.get("/v1/audit?object_type=key&limit=100", at.admin).body.find(key) ==
          std::string::npos);
    CHECK(at.service.log().find(key) == std::string::npos);
    for (auto const& bad :
         {json::object{{"name", ""}, {"scope", "read"}}, json::object{{"name", "a"}, {"scope", "root"}},
          json::object{{"name", "a"}}, json::object{{"name", std::string(256, 'a')}, {"scope", "read"}},
          json::object{{"name", "a"}, {"scope", "read"}, {"expires_at", "tomorrow"}}}) {
        CHECK(at.service.send("POST", "/v1/keys", bad).status == 400);
    }
}

TEST_CASE("a new key works in the next request, a revoked one in none")
{
    auto& at = shared();
    auto const made =
        at.service.send("POST", "/v1/keys", json::object{{"name", new_name("key")}, {"scope", "write"}});
    auto const key = made.text("/key");
    CHECK(at.service.get("/v1/export", key).status == 200);
    CHECK(at.service.get("/v1/keys", key).status == 403);
    CHECK(at.service.remove("/v1/keys/" + made.text("/id")).status == 204);
    auto const refused = at.service.get("/v1/export", key);
    CHECK(refused.status == 401);
    CHECK(refused.code() == "key-invalid");
    CHECK(at.service.get("/v1/prompts", key).status == 401);
    CHECK(at.service.remove("/v1/keys/" + made.text("/id")).status == 404);
    CHECK(at.service.remove("/v1/keys/no-uuid").status == 404);
}

TEST_CASE("a key ends when it expires")
{
    auto& at = shared();
    auto const soon = at.value("select to_char((now() + interval '3 seconds') at time zone 'UTC', "
                               "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
    auto const made = at.service.send(
        "POST", "/v1/keys", json::object{{"name", new_name("key")}, {"scope", "read"}, {"expires_at", soon}});
    REQUIRE(made.status == 201);
    CHECK(at.service.get("/v1/prompts", made.text("/key")).status == 200);
    CHECK(eventually([&] { return at.service.get("/v1/prompts", made.text("/key")).status == 401; }, 6s));
    auto const past = at.service.send(
        "POST", "/v1/keys",
        json::object{{"name", new_name("key")}, {"scope", "read"}, {"expires_at", "2020-01-01T00:00:00Z"}});
    if (past.status == 201) {
        CHECK(at.service.get("/v1/prompts", past.text("/key")).status == 401);
    }
}

TEST_CASE("keys create prints a key that the service takes")
{
    auto& at = shared();
    auto const made = programs::prompt_service({"keys", "create", "--scope", "admin", "--name", "by hand"},
                                               {{"DATABASE_URL", at.database->url()}});
    REQUIRE(made.code == 0);
    auto const key = made.out.substr(0, made.out.find('\n'));
    CHECK(eventually([&] { return at.service.get("/v1/keys", key).status == 200; }, 3s));
    CHECK(programs::prompt_service({"keys", "create", "--scope", "root", "--name", "x"},
                                   {{"DATABASE_URL", at.database->url()}})
              .code != 0);
    CHECK(programs::prompt_service({"keys", "create", "--scope", "read"},
                                   {{"DATABASE_URL", at.database->url()}})
              .code != 0);
    auto const empty = support::private_server::shared().create_database();
    CHECK(programs::prompt_service({"keys", "create", "--scope", "admin", "--name", "x"},
                                   {{"DATABASE_URL", empty->url()}})
              .code == 76);
}

TEST_CASE(
    "every change is in the audit log with its actor and request id, newest first, and nothing takes it out")
{
    auto& at = shared();
    auto const name = new_name("audited");
    auto const path = "/v1/prompts/" + name;
    auto const text = "Text-That-Is-Not-Audited-4242"s;
    auto const by_writer = [&](std::string const& method, std::string const& target,
                               std::optional<std::string> body, std::string const& id) {
        return at.service.ask({method, target, std::move(body), at.write, {{"X-Request-Id", id}}}).status;
    };
    CHECK(by_writer("POST", "/v1/prompts", R"({"name":")" + name + R"(","template":")" + text + "\"}",
                    "r1") == 201);
    CHECK(by_writer("POST", path + "/versions", R"({"template":")" + text + "\"}", "r2") == 201);
    CHECK(by_writer("PUT", path + "/labels/staging", R"({"version":2,"reason":"why not"})", "r3") == 200);
    CHECK(by_writer("PATCH", path, R"({"category":"c"})", "r4") == 200);
    CHECK(by_writer("DELETE", path + "/labels/staging", {}, "r5") == 204);
    CHECK(by_writer("DELETE", path, {}, "r6") == 204);
    CHECK(by_writer("DELETE", path + "/labels/staging", {}, "refused") == 404);
    auto const all = at.service.get("/v1/audit?object_name=" + name, at.admin);
    auto const list = all.at("/audit").as_array();
    REQUIRE(list.size() == 6);
    for (std::size_t i = 0; auto const* const action : {"prompt.archive", "label.remove", "prompt.patch",
                                                        "label.move", "prompt.version", "prompt.create"}) {
        INFO(i);
        CHECK(list[i].at("action") == action);
        CHECK(list[i].at("actor") == "test writer");
        CHECK(list[i].at("object_type") == "prompt");
        CHECK(list[i].at("request_id") == json::value("r" + std::to_string(6 - i)));
        ++i;
    }
    CHECK(all.body.find("why not") != std::string::npos);
    CHECK(all.body.find(text) == std::string::npos);
    auto const page = at.service.get("/v1/audit?limit=2&object_name=" + name, at.admin);
    CHECK(page.at("/audit/1") == list[1]);
    CHECK(at.service
              .get("/v1/audit?limit=2&object_name=" + name + "&cursor=" + page.text("/next_cursor"), at.admin)
              .at("/audit/0") == list[2]);
    CHECK(at.service.get("/v1/audit?action=label.move&object_name=" + name, at.admin)
              .at("/audit")
              .as_array()
              .size() == 1);
    CHECK(at.service.get("/v1/audit?actor=nobody&object_name=" + name, at.admin).at("/audit") ==
          json::array{});
    CHECK_THROWS(at.run("delete from audit_log"));
    CHECK_THROWS(at.run("update audit_log set actor = 'x'"));
    auto const rule = new_name("audited-rule");
    at.service.send("POST", "/v1/guardrails",
                    json::object{{"name", rule},
                                 {"type", "content_policy"},
                                 {"severity", "low"},
                                 {"action", "log"},
                                 {"config", json::object{{"patterns", json::array{"zzz"}}}}});
    at.service.remove("/v1/guardrails/" + rule);
    CHECK(at.service.get("/v1/audit?object_type=guardrail&object_name=" + rule, at.admin)
              .at("/audit")
              .as_array()
              .size() == 2);
}

TEST_CASE("what changes nothing leaves no row in the audit log")
{
    auto& at = shared();
    auto const name = new_name("unchanged");
    create(at.service, name, "text");
    auto const rows = [&](std::string const& action) {
        return at.service.get("/v1/audit?action=" + action + "&object_name=" + name, at.admin)
            .at("/audit")
            .as_array()
            .size();
    };
    auto const label = "/v1/prompts/" + name + "/labels/production";
    CHECK(at.service.send("PUT", label, json::object{{"version", 1}}).status == 200);
    CHECK(rows("label.move") == 0);
    CHECK(at.service.remove(label).status == 204);
    CHECK(at.service.remove("/v1/prompts/" + name).status == 204);
    CHECK(at.service.remove("/v1/prompts/" + name).status == 204);
    CHECK(rows("prompt.archive") == 1);
}

TEST_CASE("an outcome without a status is refused")
{
    auto& at = shared();
    auto const name = new_name("outcome");
    create(at.service, name, "text");
    auto const id = at.service.render(name, {}).text("/execution_id");
    CHECK(at.service.ask({"PATCH", "/v1/executions/" + id, "{}", at.read}).status == 400);
    CHECK(at.service.ask({"PATCH", "/v1/executions/" + id, R"({"score":1})", at.read}).status == 400);
}
