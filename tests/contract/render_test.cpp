// Rendering and previewing: look-up, variables, limits, dry runs, and experiments.
#include "contract.hpp"

#include <set>

using namespace contract;

namespace {

std::string experiment(backend& at, std::string const& name, std::string const& variants)
{
    auto const id = at.value(
        "insert into ab_test_experiments (name, template_name, status, control_template_id, "
        "variant_template_ids, traffic_allocation, primary_metric, variants) select " +
        support::sql_literal("e-" + name) +
        ", name, 'active', id, array[id], '[{\"variant\": "
        "\"control\", \"weight\": 100}]', 'success_rate', '" +
        variants + "' from prompt_templates where version = 1 and name = " + support::sql_literal(name) +
        " returning id");
    REQUIRE(eventually(
        [&] {
            return at.service.render(name, {}, {{"dry_run", true}})
                .content()
                .as_object()
                .contains("experiment");
        },
        5s));
    return id;
}

// The contract's part 3: the first 8 bytes of SHA-256(experiment id, ":", user id) mod 10,000, asked of
// PostgreSQL.
int bucket_of(backend& at, std::string const& experiment_id, std::string const& user)
{
    return std::stoi(at.value(
        "select mod(('x' || left(encode(sha256(convert_to('" + experiment_id + ":" + user +
        "', 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric + case when ('x' || left(encode(sha256("
        "convert_to('" +
        experiment_id + ":" + user +
        "', 'UTF8')), 'hex'), 16))::bit(64)::bigint < 0 then 18446744073709551616 else 0 end, 10000)"));
}

} // namespace

TEST_CASE("a render says what was rendered, of what, and by which id it is logged",
          "[TestPromptVariableSubstitution]")
{
    auto& at = shared();
    auto const name = new_name("render/simple");
    create(at.service, name, "Hello {{ who }}!");
    auto const a = at.service.render(name, {{"who", "world"}},
                                     {{"user_id", "u1"}, {"session_id", "s1"}, {"environment", "staging"}},
                                     "?durable=true");
    REQUIRE(a.status == 200);
    CHECK(a.text("/rendered") == "Hello world!");
    CHECK(a.text("/name") == name);
    CHECK(a.number("/version") == 1);
    CHECK(a.text("/label") == "production");
    CHECK(a.text("/guardrails/action") == "allow");
    CHECK(a.at("/guardrails/violations") == json::array{});
    auto const id = a.text("/execution_id");
    CHECK(id.size() == 36);
    CHECK(id[14] == '7');
    auto const logged = at.service.get("/v1/executions/" + id, at.write);
    CHECK(logged.text("/rendered") == "Hello world!");
    CHECK(logged.at("/variables") == json::object{{"who", "world"}});
    CHECK(logged.text("/status") == "rendered");
    CHECK(logged.text("/user_id") == "u1");
    CHECK(logged.text("/session_id") == "s1");
    CHECK(logged.text("/environment") == "staging");
    CHECK(logged.text("/prompt") == name);
    // The id's time is executed_at (RFC 9562 §5.7).
    CHECK(at.value(
              "select extract(epoch from executed_at) * 1000 = ('x0000' || left(replace(id::text, '-', ''), "
              "12))::bit(64)::bigint from prompt_executions where id = '" +
              id + "'") == "t");
}

TEST_CASE("a chat is rendered as messages")
{
    auto& at = shared();
    auto const name = new_name("render-chat");
    at.service.send(
        "POST", "/v1/prompts",
        json::object{{"name", name},
                     {"labels", json::array{"production"}},
                     {"messages", json::array{json::object{{"role", "system"}, {"content", "Be {{ how }}"}},
                                              json::object{{"role", "user"}, {"content", "{{ q }}"}}}}});
    auto const a = at.service.render(name, {{"how", "kind"}, {"q", "{{ how }}"}}, {}, "?durable=true");
    REQUIRE(a.status == 200);
    CHECK(a.text("/messages/0/content") == "Be kind");
    CHECK(a.text("/messages/1/content") == "{{ how }}"); // a value is never read again as a template
    CHECK_FALSE(a.content().as_object().contains("rendered"));
    CHECK(at.service.get("/v1/executions/" + a.text("/execution_id"), at.write).at("/messages") ==
          a.at("/messages"));
}

TEST_CASE("look-up: a pinned version, a label, else production", "[TestDatabasePromptRetrieval]")
{
    auto& at = shared();
    auto const name = new_name("render-lookup");
    create(at.service, name, "one", {"production"});
    add_version(at.service, name, "two");
    add_version(at.service, name, "three");
    at.service.send("PUT", "/v1/prompts/" + name + "/labels/staging", json::object{{"version", 2}});
    auto const text = [&](json::object more) {
        return at.service.render(name, {}, std::move(more)).text("/rendered");
    };
    CHECK(text({}) == "one");
    CHECK(text({{"label", "staging"}}) == "two");
    CHECK(text({{"label", "latest"}}) == "three");
    CHECK(text({{"version", 3}}) == "three");
    CHECK(at.service.render(name, {}, {{"version", 3}}).at("/label").is_null());
    CHECK(at.service.render(name, {}, {{"version", 9}}).status == 404);
    CHECK(at.service.render(name, {}, {{"label", "none"}}).status == 404);
    CHECK(at.service.render(name, {}, {{"label", "staging"}, {"version", 2}}).status == 400);
    CHECK(at.service.render("none", {}).code() == "prompt-not-found");
}

TEST_CASE("missing variables are named, all of them, each once, and nothing is logged",
          "[TestPromptVariableSubstitution]")
{
    auto& at = shared();
    auto const name = new_name("render-missing");
    create(at.service, name,
           "{{ b }} {{ a }} {{ b }} {{ c | default('x') }} {% if d %}{{ d }}{% endif %} {% for x in e %}{{ x "
           "}}{% endfor %}");
    auto const a = at.service.render(name, {});
    CHECK(a.status == 422);
    CHECK(a.code() == "variables-missing");
    auto missing = a.at("/missing").as_array();
    std::set<std::string> names;
    for (auto const& one : missing) {
        names.insert(json::value_to<std::string>(one));
    }
    CHECK(names == std::set<std::string>{"a", "b", "e"});
    CHECK(missing.size() == 3);
    CHECK(at.service.render(name, {{"a", nullptr}, {"b", ""}, {"e", json::array{}}}).text("/rendered") ==
          " None  x  ");
    CHECK(at.value("select count(*) from prompt_executions where template_name = '" + name +
                   "' and status <> 'rendered'") == "0");
}

TEST_CASE("limits and kinds of values are 422 with a code, and integers keep every digit")
{
    auto& at = shared();
    auto const rendered = [&](std::string const& text, json::object const& variables) {
        auto const name = new_name("render-kind");
        create(at.service, name, text);
        return at.service.render(name, variables);
    };
    CHECK(rendered("{% for x in a %}{{ x }}{% endfor %}", {{"a", 7}}).code() == "variable-type");
    CHECK(rendered("{{ a | upper }}", {{"a", json::object{}}}).code() == "variable-type");
    CHECK(rendered("{{ a }} {{ b }} {{ c }} {{ d }}",
                   {{"a", std::int64_t{9'007'199'254'740'993}}, {"b", true}, {"c", nullptr}, {"d", 1.0}})
              .text("/rendered") == "9007199254740993 True None 1.0");
    json::array many(400);
    auto const loops = rendered("{% for x in a %}{% for y in a %}{% endfor %}{% endfor %}", {{"a", many}});
    CHECK(loops.status == 422);
    CHECK(loops.code() == "render-limit");
    auto const output = rendered("{% for x in a %}{{ b }}{% endfor %}",
                                 {{"a", json::array(50)}, {"b", std::string(100'000, 'x')}});
    CHECK(output.code() == "render-limit");
    CHECK(rendered("{{ a.b.c }}|{{ a.items }}|{% if a.x < 1 %}y{% endif %}",
                   {{"a", json::object{{"items", 3}}}})
              .text("/rendered") == "|3|");
}

TEST_CASE("a dry run says the same and logs nothing")
{
    auto& at = shared();
    auto const name = new_name("render-dry");
    create(at.service, name, "Hi {{ a }}");
    auto const dry = at.service.render(name, {{"a", "b"}}, {{"dry_run", true}}, "?durable=true");
    CHECK(dry.text("/rendered") == "Hi b");
    CHECK_FALSE(dry.content().as_object().contains("execution_id"));
    auto const blocked = at.service.render(name, {{"a", "my ssn is 123-45-6789"}}, {{"dry_run", true}});
    CHECK(blocked.code() == "guardrail-blocked");
    std::this_thread::sleep_for(300ms);
    CHECK(at.value("select count(*) from prompt_executions where template_name = '" + name + "'") == "0");
}

TEST_CASE("a preview says what a render would do, whatever the template is, and saves and logs nothing")
{
    auto& at = shared();
    auto const before = at.value("select count(*) from prompt_executions");
    auto const preview = [&](json::object const& body) {
        auto const a = at.service.send("POST", "/v1/preview", body);
        CHECK(a.status == 200);
        return a;
    };
    auto const good =
        preview({{"template", "Hi {{ a }}, {{ b | default(1) }}"}, {"variables", json::object{{"a", "x"}}}});
    CHECK(good.text("/rendered") == "Hi x, 1");
    CHECK(good.at("/variables") == json::array{"a", "b"});
    CHECK(good.at("/required") == json::array{"a"});
    CHECK(good.at("/missing") == json::array{});
    CHECK(good.at("/problems") == json::array{});
    CHECK(good.text("/guardrails/action") == "allow");
    auto const missing = preview({{"template", "Hi {{ a }}"}});
    CHECK(missing.at("/missing") == json::array{"a"});
    CHECK_FALSE(missing.content().as_object().contains("rendered"));
    auto const bad = preview({{"template", "a\n {{ f() }}"}});
    CHECK(bad.number("/problems/0/line") == 2);
    CHECK(bad.text("/problems/0/code").size() > 3);
    CHECK_FALSE(bad.content().as_object().contains("rendered"));
    auto const kind =
        preview({{"template", "{{ a | upper }}"}, {"variables", json::object{{"a", json::array{}}}}});
    CHECK(kind.text("/problems/0/code") == "variable-type");
    // It blocks and redacts nothing.
    auto const ssn =
        preview({{"template", "{{ a }}"}, {"variables", json::object{{"a", "ssn 123-45-6789"}}}});
    CHECK(ssn.text("/guardrails/action") == "block");
    CHECK(ssn.text("/rendered") == "ssn 123-45-6789");
    CHECK(ssn.at("/guardrails/violations").as_array().size() >= 1);
    auto const chat =
        preview({{"messages", json::array{json::object{{"role", "user"}, {"content", "{{ a }}"}}}},
                 {"variables", json::object{{"a", 1}}}});
    CHECK(chat.text("/messages/0/content") == "1");
    CHECK(at.service.send("POST", "/v1/preview", json::object{}).status == 400);
    CHECK(at.value("select count(*) from prompt_executions") == before);
}

TEST_CASE("an experiment assigns users by their hash, for good, and only where nothing is pinned")
{
    auto& at = shared();
    auto const name = new_name("render-experiment");
    create(at.service, name, "one");
    add_version(at.service, name, "two");
    add_version(at.service, name, "three");
    auto const id =
        experiment(at, name,
                   R"([{"name":"control","version":1,"weight":30},{"name":"none","version":2,"weight":0},)"
                   R"({"name":"new","version":3,"weight":70}])");
    int control = 0;
    for (int i = 0; i < 60; ++i) {
        auto const user = "user-" + std::to_string(i);
        auto const a = at.service.render(name, {}, {{"user_id", user}});
        auto const expected = bucket_of(at, id, user) < 3'000 ? "control"s : "new"s;
        INFO(user);
        CHECK(a.text("/variant") == expected);
        CHECK(a.text("/experiment") == "e-" + name);
        CHECK(a.number("/version") == (expected == "control" ? 1 : 3));
        CHECK(a.text("/rendered") == (expected == "control" ? "one" : "three"));
        control += expected == "control" ? 1 : 0;
    }
    CHECK(control > 5);
    CHECK(control < 40);
    std::set<std::string> seen;
    for (int i = 0; i < 60; ++i) {
        seen.insert(at.service.render(name, {}, i % 2 == 0 ? json::object{} : json::object{{"user_id", ""}})
                        .text("/variant"));
    }
    CHECK(seen ==
          std::set<std::string>{"control", "new"}); // without a user by chance, and never a weight of 0
    for (auto const& pinned : {json::object{{"label", "production"}}, json::object{{"version", 2}},
                               json::object{{"label", "latest"}}}) {
        auto more = pinned;
        more["user_id"] = "user-1";
        CHECK_FALSE(at.service.render(name, {}, more).content().as_object().contains("variant"));
    }
    CHECK_FALSE(at.service.get("/v1/prompts/" + name).body.find("\"version\":1") ==
                std::string::npos); // a fetch takes no part
    auto const done = at.service.render(name, {}, {{"user_id", "user-1"}}, "?durable=true");
    auto const logged = at.service.get("/v1/executions/" + done.text("/execution_id"), at.write);
    CHECK(logged.text("/variant") == done.text("/variant"));
    CHECK(logged.text("/experiment_id") == id);
    // While it runs its weights stay, and its prompt is not archived.
    CHECK_THROWS_WITH(at.run("update ab_test_experiments set variants = "
                             "'[{\"name\":\"control\",\"version\":1,\"weight\":100}]' where id = '" +
                             id + "'"),
                      support::holds("PS004"));
    at.service.remove("/v1/prompts/" + name + "/labels/production");
    CHECK(at.service.remove("/v1/prompts/" + name).code() == "prompt-labelled");
}
