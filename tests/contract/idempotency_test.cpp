// Idempotency-Key: the same POST once more does nothing and gets the same answer.
#include "operations.hpp"

using namespace contract;

namespace {

asking keyed(asking request, std::string const& key)
{
    request.headers.emplace_back("Idempotency-Key", key);
    return request;
}

asking creation(std::string const& name, std::string const& key, std::string const& by,
                std::string const& text = "x")
{
    return keyed(
        {"POST", "/v1/prompts", json::serialize(json::object{{"name", name}, {"template", text}}), by}, key);
}

bool takes_key(operation const& one)
{
    auto const* const all = one.document.if_contains("parameters");
    return all != nullptr && std::any_of(all->as_array().begin(), all->as_array().end(),
                                         [](auto const& p) { return p.at("name") == "Idempotency-Key"; });
}

} // namespace

TEST_CASE("each POST that writes is carried out once for its key, and answers the same again",
          "[idempotency]")
{
    auto& at = shared();
    support::sql_session session{at.database->admin_url()};
    std::vector<std::string> taking;
    for (auto const& one : operations_of(at.service)) {
        if (one.method != "POST") {
            CHECK_FALSE(takes_key(one));
            continue;
        }
        INFO(one.id);
        auto const* const is = known(one.id);
        REQUIRE(is != nullptr);
        auto const request = [&] {
            auto made = keyed(is->good(at.service), new_name("once"));
            made.key = at.admin;
            return made;
        }();
        auto const first = at.service.ask(request);
        auto const state = state_of(session);
        auto const again = at.service.ask(request);
        if (takes_key(one)) {
            taking.push_back(one.id);
            CHECK(first.status == is->status);
            CHECK(again.status == first.status);
            CHECK(again.body == first.body);
            CHECK(again.header("location") == first.header("location"));
            CHECK(again.header("etag") == first.header("etag"));
            CHECK(state_of(session) == state);
        }
        else if (one.id == "createKey" || one.id == "renderPrompt") {
            CHECK(first.status == 400);
            CHECK(first.code() == "idempotency-unsupported");
        }
        else { // changes nothing
            CHECK(first.status == is->status);
            CHECK(again.body == first.body);
        }
    }
    std::sort(taking.begin(), taking.end());
    std::vector<std::string> const expected{"createExperiment", "createGuardrail", "createPrompt",
                                            "createVersion",    "importLibrary",   "promoteVariant",
                                            "startExperiment",  "stopExperiment"};
    CHECK(taking == expected);
    CHECK(at.value("select count(*) from idempotency_keys where body like '%sgk!_%' escape '!'") == "0");
}

TEST_CASE("a key belongs to one request of one API key, on every replica", "[idempotency]")
{
    auto& at = shared();
    auto const name = new_name("once/mine");
    auto const key = new_name("key");
    auto const first = at.service.ask(creation(name, key, at.write));
    REQUIRE(first.status == 201);
    CHECK(at.service
              .ask({"POST", "/v1/prompts", json::serialize(json::object{{"name", name}, {"template", "x"}}),
                    at.write})
              .code() == "prompt-exists");

    replica const second{at};
    CHECK(second.ask(creation(name, key, at.write)).body == first.body);
    CHECK(second.ask(creation(name, '"' + key + '"', at.write)).body == first.body); // as the draft writes it

    auto const other = at.service.ask(creation(name, key, at.write, "y"));
    CHECK(other.status == 422);
    CHECK(other.code() == "idempotency-key-reused");
    auto const elsewhere =
        keyed({"POST", "/v1/prompts/" + encoded(name) + "/versions", R"({"template":"x"})", at.write}, key);
    CHECK(at.service.ask(elsewhere).status == 422);
    CHECK(at.service.ask(creation(new_name("once/theirs"), key, at.admin)).status == 201);
    CHECK(at.service.ask(creation(name, key, at.read)).status == 403);

    for (auto const& bad : {std::string(256, 'k'), "two words"s, "gr\xc3\xbc\xc3\x9f"s, "\"\""s}) {
        INFO(bad);
        CHECK(at.service.ask(creation(new_name("once/bad"), bad, at.write)).code() == "invalid-header");
    }
}

TEST_CASE("of requests with one key at the same time one is carried out, and the others hear so",
          "[idempotency]")
{
    auto& at = shared();
    auto const name = new_name("once/race");
    create(at.service, name, "x");
    auto const key = new_name("key");
    auto const request =
        keyed({"POST", "/v1/prompts/" + encoded(name) + "/versions", R"({"template":"y"})", at.write}, key);
    std::vector<answer> answers(8);
    {
        std::vector<std::thread> all;
        for (auto& into : answers) {
            all.emplace_back([&] { // no CHECK in here: Catch2 is for one thread
                support::http_client client{at.service.port()};
                into = answer{client.ask(request_of(request))};
            });
        }
        for (auto& one : all) {
            one.join();
        }
    }
    std::string body;
    for (auto const& a : answers) {
        INFO(a.status << ' ' << a.body);
        CHECK((a.status == 201 || a.code() == "idempotency-key-in-use"));
        if (a.status == 201) {
            CHECK((body.empty() || body == a.body));
            body = a.body;
        }
    }
    CHECK_FALSE(body.empty());
    CHECK(at.value("select count(*) from prompt_templates where name = '" + name + "'") == "2");

    support::sql_session holder{at.database->admin_url()};
    (void)holder.value(
        "select pg_advisory_lock(hashtextextended('idempotency_keys ' || id || ' held', 0)) from api_keys "
        "where name = 'test writer'");
    auto const waiting = at.service.ask(creation(new_name("once/held"), "held", at.write));
    CHECK(waiting.status == 409);
    CHECK(waiting.code() == "idempotency-key-in-use");
    CHECK_FALSE(waiting.header("retry-after").empty());
}

TEST_CASE("what was refused is not kept, and neither change nor answer is there without the other",
          "[idempotency]")
{
    backend at;
    auto const version =
        keyed({"POST", "/v1/prompts/late/versions", R"({"template":"y"})", at.write}, "late");
    CHECK(at.service.ask(version).status == 404);
    create(at.service, "late", "x");
    CHECK(at.service.ask(version).status == 201);

    at.run(
        "create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'no' using "
        "errcode = '53100'; end $$; create trigger full_disk before insert on idempotency_keys for each row "
        "execute function full_disk()");
    CHECK(at.service.ask(creation("half", "half", at.write)).status == 503);
    CHECK(at.value("select count(*) from prompts where name = 'half'") == "0");
    at.run("drop trigger full_disk on idempotency_keys");
    CHECK(at.service.ask(creation("half", "half", at.write)).status == 201);
}

TEST_CASE("an answer is kept for a day", "[idempotency]")
{
    backend at;
    REQUIRE(at.service.ask(creation("daily", "day", at.write)).status == 201);
    at.run("update idempotency_keys set created_at = now() - interval '23 hours 59 minutes'");
    CHECK(at.service.ask(creation("daily", "day", at.write)).status == 201);
    at.run("update idempotency_keys set created_at = now() - interval '24 hours'");
    CHECK(at.service.ask(creation("daily", "day", at.write)).code() == "prompt-exists"); // a new request
    CHECK(at.service.ask(creation("weekly", "day", at.write)).status == 201);
    at.run("update idempotency_keys set created_at = now() - interval '25 hours'");
    replica const next{at}; // drops them at its start, and every hour
    CHECK(eventually([&] { return at.value("select count(*) from idempotency_keys") == "0"; }));
}
