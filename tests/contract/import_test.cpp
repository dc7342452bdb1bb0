// What an import refuses, what it leaves alone, and imports beside other changes.
#include "contract.hpp"

using namespace contract;

namespace {

json::object version(std::int64_t number, std::string const& text = "x")
{
    return {{"version", number}, {"template", text}};
}

json::object prompt(std::string const& name, json::array versions = {version(1)}, json::object labels = {})
{
    return {{"name", name}, {"versions", std::move(versions)}, {"labels", std::move(labels)}};
}

json::object library(json::array prompts)
{
    return {{"format", "prompt-service/1"}, {"prompts", std::move(prompts)}};
}

answer import(replica const& at, json::object const& document)
{
    return at.send("POST", "/v1/import", document);
}

// "NAME STATUS CODE" of the items that have this member.
std::vector<std::string> items(answer const& report, std::string const& member)
{
    std::vector<std::string> out;
    auto const content = report.content();
    for (auto const& one : content.at("items").as_array()) {
        auto const& item = one.as_object();
        if (item.contains(member)) {
            auto const& named = item.at(member);
            out.push_back((named.is_string() ? json::value_to<std::string>(named) : json::serialize(named)) +
                          ' ' + std::to_string(item.at("status").as_int64()) +
                          (item.contains("code") ? ' ' + json::value_to<std::string>(item.at("code")) : ""));
        }
    }
    return out;
}

// A row as a client of the earlier system writes it.
void insert_row(backend const& at, std::string const& name, int number)
{
    at.run("insert into prompt_templates (name, version, template_text, created_by) values ('" + name +
           "', " + std::to_string(number) + ", 'x', 'earlier')");
}

} // namespace

TEST_CASE("an import makes no name that a client could not make, and adds to one that is there", "[import]")
{
    auto& at = shared();
    auto const good = new_name("import-good");
    for (auto const& bad : std::vector<std::string>{"../<b> bad", "/bad", "a//b", "bad/", "<script>", "a b",
                                                    "a\nb", "\xc3\xa9", "", std::string(256, 'a')}) {
        auto const a = import(at.service, library({prompt(good), prompt(bad)}));
        INFO(bad << " -> " << a.body);
        CHECK(a.status == 400);
        CHECK(a.body.find("/prompts/1/name") != std::string::npos);
    }
    CHECK(at.service.get("/v1/prompts/" + good).status == 404);
    auto const langfuse =
        at.service.send("POST", "/v1/import?format=langfuse", json::object{{"name", "a b"}, {"prompt", "x"}});
    CHECK(items(langfuse, "prompt") == std::vector<std::string>{"a b 422 invalid-name"});
    insert_row(at, "an old name/", 1);
    auto const added =
        import(at.service, library({prompt("an old name/", {version(1), version(2)}, {{"fresh", 2}})}));
    INFO(added.body);
    CHECK(added.status == 200);
    CHECK(added.number("/created") == 2);
    CHECK(at.service.get("/v1/prompts/an%20old%20name%2F?label=fresh").number("/version") == 2);
}

TEST_CASE("an import keeps the gaps of an earlier system, and leaves room for versions that follow",
          "[import]")
{
    backend from, to;
    insert_row(from, "gaps", 1);
    insert_row(from, "gaps", 3);
    insert_row(from, "by-date", 2024013101);
    REQUIRE(eventually([&] { return from.service.get("/v1/prompts/by-date?label=latest").status == 200; }));
    auto const document = from.service.get("/v1/export", from.admin);
    to.run("delete from prompt_templates; delete from prompts; delete from prompt_guardrails");
    auto const done = to.service.ask({"POST", "/v1/import", document.body, to.admin});
    INFO(done.body);
    CHECK(done.status == 200);
    CHECK(to.service.get("/v1/export", to.admin).body == document.body);
    CHECK(add_version(to.service, "gaps", "y") == 4);
    CHECK(add_version(to.service, "by-date", "y") == 2024013102);
    CHECK(to.service.get("/v1/prompts/gaps/versions/2").status == 404);

    for (std::int64_t const number : {2'147'483'647LL, 2'146'000'001LL, 4'294'967'297LL}) {
        auto const a = import(to.service, library({prompt("full", {version(1), version(number)})}));
        INFO(number << " -> " << a.body);
        CHECK(a.status == 400);
        CHECK(a.body.find("/prompts/0/versions/1/version") != std::string::npos);
        auto const langfuse = to.service.send(
            "POST", "/v1/import?format=langfuse",
            json::object{{"name", "full"}, {"version", number}, {"prompt", "x"}, {"labels", json::array{}}});
        CHECK(items(langfuse, "prompt") == std::vector<std::string>{"full 422 invalid-field"});
    }
    CHECK(import(to.service, library({prompt("full", {version(2'146'000'000)})})).number("/created") == 1);
    CHECK(add_version(to.service, "full", "y") == 2'146'000'001);
    // What is there is no reason to refuse the export that has it.
    auto const whole = to.service.get("/v1/export", to.admin);
    auto const again = to.service.ask({"POST", "/v1/import", whole.body, to.admin});
    CHECK(again.status == 200);
    CHECK(again.number("/created") == 0);
    CHECK(again.number("/conflicts") == 0);
}

TEST_CASE("an import moves a label only to the content that the document has there", "[import]")
{
    auto& at = shared();
    auto const name = new_name("import-label");
    create(at.service, name, "mine", {});
    auto const a = import(at.service, library({prompt(name, {version(1, "theirs"), version(2)},
                                                      {{"production", 1}, {"fresh", 2}})}));
    INFO(a.body);
    REQUIRE(a.status == 200);
    CHECK(items(a, "version") == std::vector<std::string>{"1 409 version-differs", "2 201"});
    CHECK(items(a, "label") == std::vector<std::string>{"production 409 version-differs", "fresh 201"});
    CHECK(at.service.get("/v1/prompts/" + name).status == 404); // nothing is in production
    // Nor to a version of which the document says nothing.
    auto const absent = import(at.service, library({prompt(name, {version(2)}, {{"production", 1}})}));
    CHECK(absent.status == 400);
    CHECK(absent.body.find("/prompts/0/labels") != std::string::npos);
    CHECK(at.service.get("/v1/prompts/" + name).status == 404);
}

TEST_CASE("what the database could not hold is a 400 that says where it is", "[import]")
{
    auto& at = shared();
    auto const first = new_name("import-path");
    auto const second = new_name("import-path");
    auto with = [&](char const* field, json::value value) {
        auto one = prompt(second);
        one[field] = std::move(value);
        return library({prompt(first), std::move(one)});
    };
    auto by = version(1);
    by["created_by"] = std::string(256, 'a');
    auto message = version(1);
    message["commit_message"] = std::string(2'001, 'a');
    json::object const rule{{"name", second},
                            {"type", "content_policy"},
                            {"severity", "low"},
                            {"action", "warn"},
                            {"config", json::object{{"patterns", json::array{"zzz"}}}}};
    auto bad_rule = rule;
    bad_rule["severity"] = "none";
    auto const rules = [](json::array list) {
        return json::object{{"format", "prompt-service/1"}, {"guardrails", std::move(list)}};
    };
    for (auto const& [document, path] : std::vector<std::pair<json::object, std::string>>{
             {library({prompt(first), prompt(second), prompt(first)}), "/prompts/2/name"},
             {with("versions", json::array{version(2), std::move(by)}), "/prompts/1/versions/1/created_by"},
             {with("versions", json::array{std::move(message)}), "/prompts/1/versions/0/commit_message"},
             {with("category", json::string(101, 'a')), "/prompts/1/category"},
             {with("description", json::string(10'001, 'a')), "/prompts/1/description"},
             {rules({rule, rule}), "/guardrails/1/name"},
             {rules({rule, bad_rule}), "/guardrails/1/severity"}}) {
        auto const a = import(at.service, document);
        INFO(path << " -> " << a.body);
        CHECK(a.status == 400);
        CHECK(a.body.find('"' + path + '"') != std::string::npos);
    }
    CHECK(at.service.get("/v1/prompts/" + first + "?label=latest").status == 404);
    auto const langfuse = at.service.send(
        "POST", "/v1/import?format=langfuse",
        json::object{{"name", second}, {"prompt", "x"}, {"createdBy", std::string(256, 'a')}});
    CHECK(items(langfuse, "prompt") == std::vector<std::string>{second + " 422 invalid-field"});
}

TEST_CASE("imports beside each other and beside other changes of the same names end well", "[import]")
{
    backend at;
    replica const second{at};
    constexpr int count = 12;
    for (int round = 0; round < 3; ++round) {
        json::array prompts;
        json::array guardrails;
        for (int i = 0; i < count; ++i) {
            auto const name = "beside-" + std::to_string(round) + '-' + std::to_string(i);
            prompts.push_back(prompt(name, {version(1), version(2)}, {{"staging", 1}}));
            guardrails.push_back(json::object{{"name", name},
                                              {"type", "content_policy"},
                                              {"severity", "low"},
                                              {"action", "log"},
                                              {"config", json::object{{"patterns", json::array{"zzz"}}}}});
        }
        auto one = library(prompts);
        one["guardrails"] = guardrails;
        auto other = library(json::array(prompts.rbegin(), prompts.rend()));
        other["guardrails"] = json::array(guardrails.rbegin(), guardrails.rend());
        std::array<answer, 4> reports;
        std::array<answer, count> made;
        std::vector<std::thread> clients;
        for (std::size_t i = 0; i < reports.size(); ++i) {
            clients.emplace_back(
                [&, i] { reports[i] = import(i < 2 ? at.service : second, i % 2 == 0 ? one : other); });
        }
        clients.emplace_back([&] {
            for (std::size_t i = 0; i < count; ++i) {
                auto const name = prompts[i].as_object().at("name");
                made[i] = i % 2 == 0 ? second.send("POST", "/v1/prompts", {{"name", name}, {"template", "x"}})
                                     : second.send("POST", "/v1/guardrails", guardrails[i]);
            }
        });
        for (auto& client : clients) {
            client.join();
        }
        std::int64_t created = 0;
        for (auto const& report : reports) {
            INFO(report.body);
            CHECK(report.status == 200);
            CHECK(report.number("/conflicts") == 0);
            created += report.number("/created");
        }
        for (auto const& a : made) {
            CHECK((a.status == 201 || a.status == 409));
            created += a.status == 201 ? 1 : 0;
        }
        CHECK(created == count * 4); // each thing once, by whomever
    }
}
