// Prompts: what a name is, fetching with its caches, listing, archiving, the built-in copies, and who needs
// no key.
#include "contract.hpp"

using namespace contract;

TEST_CASE("a created prompt answers as version 1 with all its fields, and is fetched the same",
          "[TestPromptTemplateSchema]")
{
    auto& at = shared();
    auto const name = new_name("folder/sub.folder/Prompt_x");
    auto const made = at.service.send("POST", "/v1/prompts",
                                      json::object{{"name", name},
                                                   {"template", "Dear {{ who }}, {{ what | default('x') }}"},
                                                   {"category", "letters"},
                                                   {"description", "A letter."},
                                                   {"config", json::object{{"temperature", 0.5}}},
                                                   {"labels", json::array{"production", "staging"}},
                                                   {"commit_message", "first"}});
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("location").rfind("/v1/prompts/" + encoded(name), 0) == 0);
    CHECK(at.service.get(made.header("location")).status == 200);
    auto const got = at.service.get("/v1/prompts/" + encoded(name));
    REQUIRE(got.status == 200);
    for (auto const* const a : {&made, &got}) {
        CHECK(a->text("/name") == name);
        CHECK(a->number("/version") == 1);
        CHECK(a->text("/type") == "text");
        CHECK(a->text("/template") == "Dear {{ who }}, {{ what | default('x') }}");
        CHECK(a->at("/variables") == json::array{"who", "what"});
        CHECK(a->at("/required") == json::array{"who"});
        CHECK(a->at("/config") == json::object{{"temperature", 0.5}});
        CHECK(a->at("/labels") == json::array{"latest", "production", "staging"});
        CHECK(a->text("/category") == "letters");
        CHECK(a->text("/description") == "A letter.");
        CHECK(a->text("/commit_message") == "first");
        CHECK(a->text("/created_by") == "test admin");
        CHECK(a->text("/created_at").size() >= 20);
        CHECK(a->text("/source") == "database");
        CHECK_FALSE(a->content().as_object().contains("messages"));
    }
    auto const again =
        at.service.send("POST", "/v1/prompts", json::object{{"name", name}, {"template", "x"}});
    CHECK(again.status == 409);
    CHECK(again.code() == "prompt-exists");
}

TEST_CASE("a chat has messages instead of a template")
{
    auto& at = shared();
    auto const name = new_name("chat");
    json::array const messages{json::object{{"role", "system"}, {"content", "Be {{ how }}."}},
                               json::object{{"role", "user"}, {"content", "{{ question }}"}}};
    auto const made = at.service.send(
        "POST", "/v1/prompts",
        json::object{{"name", name}, {"messages", messages}, {"labels", json::array{"production"}}});
    REQUIRE(made.status == 201);
    auto const got = at.service.get("/v1/prompts/" + name);
    CHECK(got.text("/type") == "chat");
    CHECK(got.at("/messages") == messages);
    CHECK_FALSE(got.content().as_object().contains("template"));
    CHECK(got.at("/required") == json::array{"how", "question"});
    for (auto const& bad :
         {json::object{{"name", "n"}}, json::object{{"name", "n"}, {"template", "x"}, {"messages", messages}},
          json::object{{"name", "n"}, {"template", "x"}, {"type", "chat"}},
          json::object{{"name", "n"}, {"messages", messages}, {"type", "text"}},
          json::object{{"name", "n"}, {"messages", json::array{}}}}) {
        INFO(json::serialize(bad));
        CHECK(at.service.send("POST", "/v1/prompts", bad).status == 400);
    }
}

TEST_CASE("a name is parts of letters, digits, dots, dashes and underscores, joined by slashes, 255 at most")
{
    auto& at = shared();
    for (std::string const& good : {"a"s, "A.b_c-d"s, "0/1/2"s, new_name("x") + std::string(200, 'n')}) {
        INFO(good);
        CHECK(
            at.service.send("POST", "/v1/prompts", json::object{{"name", good}, {"template", "x"}}).status ==
            201);
        CHECK(at.service.get("/v1/prompts/" + encoded(good) + "?label=latest").text("/name") == good);
    }
    auto const longest = std::string(255, 'L');
    CHECK(at.service.send("POST", "/v1/prompts", json::object{{"name", longest}, {"template", "x"}}).status ==
          201);
    for (std::string const& bad :
         {""s, "/a"s, "a/"s, "a//b"s, ".a"s, "-a"s, "_a"s, "a/.b"s, "a/../b"s, "a b"s, "a%2Fb"s, "a\\b"s,
          "\xc3\xa4"s, "a\n"s, "a?b"s, std::string(256, 'n')}) {
        INFO(bad);
        auto const a = at.service.send("POST", "/v1/prompts", json::object{{"name", bad}, {"template", "x"}});
        CHECK(a.status == 400);
        CHECK(a.code() == "invalid-field");
    }
    CHECK(at.service.get("/v1/prompts/" + std::string(255, 'l') + "?label=latest").status ==
          404); // case matters
}

TEST_CASE("names of an adopted database are served though they cannot be created")
{
    auto& at = shared();
    std::string const name = "Ümlaut prompt (old)/ x?";
    at.run("insert into prompt_templates (name, category, version, template_text, is_active) values (" +
           support::sql_literal(name) + ", 'nlu', 1, 'Hello {{ a }}', true)");
    CHECK(eventually([&] { return at.service.get("/v1/prompts/" + encoded(name)).status == 200; }, 5s));
    CHECK(at.service.render(name, {{"a", "b"}}).text("/rendered") == "Hello b");
}

TEST_CASE("an ETag saves the content: 304, and Cache-Control is private")
{
    auto& at = shared();
    auto const name = new_name("cached");
    create(at.service, name, "x");
    auto const first = at.service.get("/v1/prompts/" + name);
    auto const tag = first.header("etag");
    REQUIRE(tag.size() > 2);
    CHECK(first.header("cache-control").rfind("private, max-age=", 0) == 0);
    auto const asked_with = [&](std::string const& known, std::string const& target) {
        return at.service.ask({"GET", target, {}, at.read, {{"If-None-Match", known}}});
    };
    auto const path = "/v1/prompts/" + name;
    for (auto const& known : {tag, "\"other\", " + tag, "W/" + tag, "*"s}) {
        INFO(known);
        auto const same = asked_with(known, path);
        CHECK(same.status == 304);
        CHECK(same.body.empty());
        CHECK(same.header("etag") == tag);
    }
    CHECK(asked_with("\"other\"", path).status == 200);
    add_version(at.service, name, "y");
    CHECK(at.service.send("PUT", path + "/labels/production", json::object{{"version", 2}}).status == 200);
    auto const moved = asked_with(tag, path);
    CHECK(moved.status == 200);
    CHECK(moved.header("etag") != tag);
    // A version's own content is for good.
    auto const version = at.service.get(path + "/versions/1");
    CHECK(version.header("cache-control").find("immutable") != std::string::npos);
    CHECK(asked_with(version.header("etag"), path + "/versions/1").status == 304);
    auto const before = version.body;
    at.service.send("PATCH", path, json::object{{"category", "new"}, {"description", "new"}});
    at.service.send("PUT", path + "/labels/staging", json::object{{"version", 1}});
    CHECK(at.service.get(path + "/versions/1").body == before);
    for (char const* member : {"labels", "category", "description"}) {
        CHECK_FALSE(json::parse(before).as_object().contains(member));
    }
    CHECK(at.service.get(path).header("etag") != moved.header("etag")); // category and labels are in this one
}

TEST_CASE("the list is in pages by name, and filtered by category, label and words",
          "[TestPromptTemplateCRUD]")
{
    auto& at = shared();
    auto const mark = new_name("listing");
    for (int i = 0; i < 5; ++i) {
        auto const made =
            at.service.send("POST", "/v1/prompts",
                            json::object{{"name", mark + "/p" + std::to_string(i)},
                                         {"template", "x"},
                                         {"category", i < 3 ? mark + "-a" : mark + "-b"},
                                         {"description", i == 4 ? "The GREAT one " + mark : mark},
                                         {"labels", i == 0 ? json::array{"blue"} : json::array{}}});
        REQUIRE(made.status == 201);
    }
    auto const names = [&](std::string const& query) {
        std::vector<std::string> out;
        auto const a = at.service.get("/v1/prompts?" + query);
        REQUIRE(a.status == 200);
        auto const content = a.content();
        for (auto const& one : content.at("prompts").as_array()) {
            auto name = json::value_to<std::string>(one.at("name"));
            out.push_back(name.substr(name.rfind('/') + 1));
        }
        return out;
    };
    using list = std::vector<std::string>;
    CHECK(names("category=" + mark + "-a") == list{"p0", "p1", "p2"});
    CHECK(names("category=" + mark + "-a&label=blue") == list{"p0"});
    CHECK(names("q=" + mark) == list{"p0", "p1", "p2", "p3", "p4"});
    CHECK(names("q=great%20one%20" + mark) == list{"p4"});
    CHECK(names("label=latest&q=" + mark).size() == 5);
    list paged;
    std::string cursor;
    int pages = 0;
    do {
        auto const a = at.service.get("/v1/prompts?limit=2&q=" + mark +
                                      (cursor.empty() ? "" : "&cursor=" + encoded(cursor)));
        auto const content = a.content();
        for (auto const& one : content.at("prompts").as_array()) {
            paged.push_back(json::value_to<std::string>(one.at("name")));
        }
        cursor = a.text("/next_cursor");
        ++pages;
    } while (!cursor.empty() && pages < 10);
    CHECK(pages == 3);
    CHECK(paged.size() == 5);
    CHECK(std::is_sorted(paged.begin(), paged.end()));
    auto const one = at.service.get("/v1/prompts?label=blue&q=" + mark).at("/prompts/0");
    CHECK(one.at("labels") == json::object{{"blue", 1}, {"latest", 1}});
    CHECK(one.at("latest_version") == 1);
    CHECK(one.at("updated_at").is_string());
}

TEST_CASE("PATCH changes category and description; null takes them away, absent leaves them",
          "[TestPromptTemplateCRUD]")
{
    auto& at = shared();
    auto const name = new_name("patched");
    create(at.service, name, "x");
    auto const path = "/v1/prompts/" + name;
    auto const patched = [&](json::object const& body) {
        CHECK(at.service.send("PATCH", path, body).status == 200);
        return at.service.get(path);
    };
    CHECK(patched({{"category", "c"}, {"description", "d"}}).text("/category") == "c");
    auto const half = patched({{"category", nullptr}});
    CHECK(half.at("/category").is_null());
    CHECK(half.text("/description") == "d");
    CHECK(half.number("/version") == 1);
    CHECK(at.service.send("PATCH", path, json::object{}).status == 400);
    CHECK(at.service.send("PATCH", "/v1/prompts/none", json::object{{"category", "c"}}).status == 404);
}

TEST_CASE("archiving takes a prompt out of service and deletes nothing; a label holds it",
          "[TestPromptTemplateCRUD]")
{
    auto& at = shared();
    auto const name = new_name("archived");
    create(at.service, name, "Hi {{ a }}", {"production", "staging"});
    auto const path = "/v1/prompts/" + name;
    for (auto const* const label : {"production", "staging"}) {
        auto const refused = at.service.remove(path);
        CHECK(refused.status == 409);
        CHECK(refused.code() == "prompt-labelled");
        CHECK(at.service.remove(path + "/labels/" + label).status == 204);
    }
    CHECK(at.service.remove(path).status == 204);
    CHECK(at.service.get(path).status == 404);
    CHECK(at.service.get(path + "?label=latest").status == 404);
    CHECK(at.service.render(name, {{"a", "b"}}).status == 404);
    CHECK(at.service.get("/v1/prompts?q=" + name).at("/prompts") == json::array{});
    CHECK(at.service.get(path + "/versions/1").status == 200); // history stays
    CHECK(at.value("select count(*) from prompt_templates where name = '" + name + "'") == "1");
    CHECK(at.service.send("POST", "/v1/prompts", json::object{{"name", name}, {"template", "x"}}).status ==
          409);
    CHECK(at.service.remove("/v1/prompts/none").status == 404);
    // A label brings it back.
    CHECK(at.service.send("PUT", path + "/labels/production", json::object{{"version", 1}}).status == 200);
    CHECK(at.service.get(path).status == 200);
}

TEST_CASE("a template that is refused names line and column, and all its problems")
{
    auto& at = shared();
    auto const a = at.service.send(
        "POST", "/v1/prompts",
        json::object{{"name", new_name("bad")}, {"template", "ok\n  {{ f() }}\n{% set a = 1 %}"}});
    CHECK(a.status == 422);
    CHECK(a.code() == "template-invalid");
    CHECK(a.number("/line") == 2);
    CHECK(a.number("/column") >= 1);
    CHECK(a.at("/problems").as_array().size() >= 1);
    for (auto const* const text :
         {"{{ a", "{% if a %}", "{% endfor %}", "{{ a + 1 }}", "{% macro m() %}{% endmacro %}",
          "{% include 'x' %}", "{{ a | unknown }}", "{# open", "{% raw %}", "{{ a.__class__() }}"}) {
        INFO(text);
        auto const refused = at.service.send("POST", "/v1/prompts",
                                             json::object{{"name", new_name("bad")}, {"template", text}});
        CHECK(refused.status == 422);
        CHECK(refused.code() == "template-invalid");
    }
    auto const large = at.service.send(
        "POST", "/v1/prompts",
        json::object{{"name", new_name("bad")}, {"template", std::string(256 * 1024 + 1, 'x')}});
    CHECK(large.status == 422);
    CHECK(at.service
              .send("POST", "/v1/prompts",
                    json::object{{"name", new_name("big")}, {"template", std::string(256 * 1024, 'x')}})
              .status == 201);
}

TEST_CASE(
    "the three built-in prompts are served from the binary when the database has none of them, and counted",
    "[TestHardcodedPromptsFallback]")
{
    backend at;
    std::string const name = "nlu_topic_extraction";
    auto const stored = at.service.get("/v1/prompts/" + name);
    CHECK(stored.text("/source") == "database");
    CHECK(at.service.get("/v1/prompts/" + name + "?label=nothing").code() == "label-not-found");
    at.run("delete from prompt_templates");
    CHECK(eventually([&] { return at.service.get("/v1/prompts/" + name).text("/source") == "builtin"; }, 5s));
    auto const copy = at.service.get("/v1/prompts/" + name);
    CHECK(copy.text("/template") == stored.text("/template"));
    CHECK(copy.at("/variables") == stored.at("/variables"));
    CHECK(copy.header("cache-control") == "no-store");
    json::object variables;
    auto const required = copy.at("/required").as_array();
    for (auto const& one : required) {
        variables[one.as_string()] = "a";
    }
    auto const rendered = at.service.render(name, variables, {}, "?durable=true");
    CHECK(rendered.status == 200);
    CHECK(rendered.text("/source") == "builtin");
    CHECK(at.service.get("/v1/prompts/" + name + "?label=staging").status == 404);
    CHECK(at.service.get("/v1/prompts/" + name + "?version=1").status == 404);
    CHECK(at.service.get("/v1/prompts/other").status == 404);
    CHECK(at.service.get("/metrics").body.find("builtin") != std::string::npos);
}

TEST_CASE("PROMPT_SERVICE_ANONYMOUS=none asks everybody for a key; on loopback reads need none")
{
    auto const path = "/v1/prompts/nlu_topic_extraction"s;
    auto const without_key = [](replica const& at, std::string const& method, std::string const& target,
                                std::optional<std::string> body = {}) {
        return at.ask({method, target, std::move(body)}).status;
    };
    auto& open = shared();
    for (auto const& target : {"/v1/prompts"s, path, path + "/versions", path + "/versions/1",
                               path + "/diff?from=1&to=1", path + "/labels/production/history"}) {
        CHECK(without_key(open.service, "GET", target) == 200);
    }
    CHECK(without_key(open.service, "POST", "/v1/preview", R"({"template":"x"})") == 200);
    CHECK(without_key(open.service, "POST", path + "/render", "{}") == 401);
    CHECK(open.service.ask({"GET", path, {}, "sgk_wrong"}).status == 401); // a wrong key is not nobody
    backend shut{{{"PROMPT_SERVICE_ANONYMOUS", "none"}}};
    for (auto const& target : {"/v1/prompts"s, path, path + "/versions"}) {
        CHECK(without_key(shut.service, "GET", target) == 401);
        CHECK(shut.service.get(target).status == 200);
    }
    CHECK(without_key(shut.service, "POST", "/v1/preview", R"({"template":"x"})") == 401);
    for (auto const* const probe : {"/livez", "/readyz", "/metrics", "/openapi.json"}) {
        CHECK(without_key(shut.service, "GET", probe) == 200);
    }
}

TEST_CASE("a prompt is made with 100 labels at most, and that many hold up nobody's next write")
{
    auto& at = shared();
    auto const with_labels = [&](int count) {
        json::array labels;
        for (int i = 0; i < count; ++i) {
            labels.emplace_back("l" + std::to_string(i));
        }
        return at.service.send("POST", "/v1/prompts",
                               {{"name", new_name("labels")}, {"template", "x"}, {"labels", labels}});
    };
    CHECK(with_labels(101).code() == "invalid-field");
    auto const most = with_labels(100);
    CHECK(most.status == 201);
    CHECK(most.at("/labels").as_array().size() == 101); // and latest
}

TEST_CASE("a guardrail without a detector is warned of once, however often the library changes")
{
    backend at;
    for (int i = 0; i < 3; ++i) {
        create(at.service, new_name("warned"), "x");
    }
    std::string const warning = "guardrail name=\"toxic_content_filter\" effective=false";
    REQUIRE(eventually([&] { return at.service.log().find(warning) != std::string::npos; }));
    std::this_thread::sleep_for(1500ms); // one more poll of the change counter
    auto const log = at.service.log();
    CHECK(log.find(warning) == log.rfind(warning));
}
