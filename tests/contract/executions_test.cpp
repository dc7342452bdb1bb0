// The execution log: outcomes, queued and stored, and how it is searched.
#include "contract.hpp"

using namespace contract;

namespace {

struct logged
{
    backend& at = shared();
    std::string prompt = new_name("logged");

    logged() { create(at.service, prompt, "Say {{ a }}"); }
    [[nodiscard]] std::string render(bool durable, json::object more = {}) const
    {
        auto const a =
            at.service.render(prompt, {{"a", "x"}}, std::move(more), durable ? "?durable=true" : "");
        REQUIRE(a.status == 200);
        return a.text("/execution_id");
    }
    [[nodiscard]] answer report(std::string const& id, json::object const& outcome) const
    {
        return at.service.ask({"PATCH", "/v1/executions/" + id, json::serialize(outcome), at.read});
    }
    [[nodiscard]] answer shown(std::string const& id) const
    {
        return at.service.get("/v1/executions/" + id, at.write);
    }
};

} // namespace

TEST_CASE_METHOD(logged, "an outcome is recorded once: equal again is fine, another is 409, queued or stored",
                 "[TestPromptExecution]")
{
    bool const durable = GENERATE(true, false);
    auto const id = render(durable);
    json::object const outcome{{"status", "success"}, {"response", "done"}, {"input_tokens", 10},
                               {"output_tokens", 20}, {"latency_ms", 300},  {"cost_usd", 0.125},
                               {"model", "m1"},       {"score", 0.75}};
    CHECK(report(id, outcome).status == 200);
    CHECK(report(id, outcome).status == 200);
    for (auto const& [field, value] :
         json::object{{"status", "failure"}, {"response", "other"}, {"input_tokens", 11}, {"score", 0.5}}) {
        auto other = outcome;
        other[field] = value;
        auto const refused = report(id, other);
        CHECK(refused.status == 409);
        CHECK(refused.code() == "outcome-recorded");
    }
    auto const check = [&] {
        auto const e = shown(id);
        CHECK(e.text("/status") == "success");
        CHECK(e.text("/response") == "done");
        CHECK(e.number("/input_tokens") == 10);
        CHECK(e.number("/output_tokens") == 20);
        CHECK(e.number("/latency_ms") == 300);
        CHECK(e.at("/cost_usd").to_number<double>() == 0.125);
        CHECK(e.text("/model") == "m1");
        CHECK(e.at("/score").to_number<double>() == 0.75);
        CHECK(e.at("/outcome_at").is_string());
    };
    check();
    CHECK(eventually([&] {
        return at.value("select count(*) from prompt_executions where outcome_at is not null and id = '" +
                        id + "'") == "1";
    }));
    check();
    CHECK(report(id, outcome).status == 200);
    CHECK(report(id, {{"status", "failure"}}).status == 409);
}

TEST_CASE_METHOD(logged, "16 clients with different outcomes of one execution: one wins")
{
    bool const durable = GENERATE(true, false);
    auto const id = render(durable);
    std::vector<std::thread> threads;
    std::atomic<int> taken{0}, refused{0};
    for (int i = 0; i < 16; ++i) {
        threads.emplace_back([&, i] {
            support::http_client client{at.service.port()};
            auto const a = client.ask(
                request_of({"PATCH", "/v1/executions/" + id,
                            R"({"status":"success","input_tokens":)" + std::to_string(i) + '}', at.read}));
            taken += a.status == 200 ? 1 : 0;
            refused += a.status == 409 ? 1 : 0;
        });
    }
    for (auto& one : threads) {
        one.join();
    }
    CHECK(taken == 1);
    CHECK(refused == 15);
}

TEST_CASE_METHOD(logged, "the cost comes from the price table where it is not given", "[TestPromptExecution]")
{
    at.run(
        "insert into model_prices (model, input_usd_per_million, output_usd_per_million) values ('priced-" +
        prompt + "', 1000, 2000)");
    std::this_thread::sleep_for(1500ms);
    auto const id = render(true);
    CHECK(report(id, {{"status", "success"},
                      {"model", "priced-" + prompt},
                      {"input_tokens", 100},
                      {"output_tokens", 50}})
              .status == 200);
    CHECK(shown(id).at("/cost_usd").to_number<double>() == 0.2);
    auto const given = render(true);
    CHECK(
        report(
            given,
            {{"status", "success"}, {"model", "priced-" + prompt}, {"input_tokens", 100}, {"cost_usd", 1.5}})
            .status == 200);
    CHECK(shown(given).at("/cost_usd").to_number<double>() == 1.5);
    auto const unknown = render(true);
    CHECK(report(unknown, {{"status", "success"}, {"model", "unpriced"}, {"input_tokens", 100}}).status ==
          200);
    CHECK(shown(unknown).at("/cost_usd").is_null());
}

TEST_CASE_METHOD(logged, "an outcome out of range is 400 and leaves the execution open")
{
    auto const id = render(true);
    for (auto const& bad : {json::object{{"status", "rendered"}}, json::object{{"status", "blocked"}},
                            json::object{{"status", "good"}}, json::object{{"input_tokens", -1}},
                            json::object{{"latency_ms", -1}}, json::object{{"cost_usd", -0.1}},
                            json::object{{"cost_usd", 10000}}, json::object{{"cost_usd", 9999.9999996}},
                            json::object{{"input_tokens", 1'000'000'000'001}},
                            json::object{{"score", -1.7e308}}, json::object{{"cost_usd", "1"}},
                            json::object{{"score", "1"}}, json::object{{"model", std::string(256, 'm')}},
                            json::object{{"error_type", std::string(101, 'e')}}, json::object{{"id", "x"}}}) {
        INFO(json::serialize(bad));
        CHECK(report(id, bad).status == 400);
    }
    CHECK(shown(id).text("/status") == "rendered");
    CHECK(report(id, {{"status", "failure"},
                      {"latency_ms", std::int64_t{9'000'000'000}},
                      {"input_tokens", std::int64_t{9'000'000'000}},
                      {"output_tokens", 1'000'000'000'000},
                      {"cost_usd", 9999.9999994},
                      {"score", -1e100}})
              .status == 200);
    for (auto const* const none :
         {"0", "no-uuid", "00000000-0000-0000-0000-000000000000", "01900000-0000-7000-8000-000000000000"}) {
        CHECK(report(none, {{"status", "success"}}).status == 404);
        CHECK(shown(none).code() == "execution-not-found");
    }
}

TEST_CASE_METHOD(logged,
                 "the log is searched by prompt, version, status, user and time, newest first, in pages")
{
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.push_back(render(true, {{"user_id", i < 2 ? "anna" : "bert"}}));
        std::this_thread::sleep_for(3ms);
    }
    CHECK(report(ids[0], {{"status", "success"}}).status == 200);
    CHECK(report(ids[1], {{"status", "partial"}}).status == 200);
    auto const found = [&](std::string const& query) {
        auto const a = at.service.get("/v1/executions?prompt=" + prompt + query, at.write);
        CHECK(a.status == 200);
        std::vector<std::string> out;
        auto const content = a.content();
        for (auto const& one : content.at("executions").as_array()) {
            out.push_back(json::value_to<std::string>(one.at("id")));
            CHECK_FALSE(one.as_object().contains("variables"));
        }
        return out;
    };
    using list = std::vector<std::string>;
    CHECK(found("") == list{ids[4], ids[3], ids[2], ids[1], ids[0]});
    CHECK(found("&user_id=anna") == list{ids[1], ids[0]});
    CHECK(found("&status=success") == list{ids[0]});
    CHECK(found("&status=rendered&user_id=bert&version=1") == list{ids[4], ids[3], ids[2]});
    CHECK(found("&version=2").empty());
    CHECK(found("&until=2026-01-01").empty());
    CHECK(found("&since=2100-01-01").empty());
    auto const third = encoded(shown(ids[2]).text("/executed_at"));
    CHECK(found("&since=" + third) == list{ids[4], ids[3], ids[2]});
    CHECK(found("&until=" + third) == list{ids[1], ids[0]});
    list paged;
    std::string cursor;
    for (int pages = 0; pages < 10; ++pages) {
        auto const a = at.service.get("/v1/executions?limit=2&prompt=" + prompt +
                                          (cursor.empty() ? "" : "&cursor=" + encoded(cursor)),
                                      at.write);
        auto const content = a.content();
        for (auto const& one : content.at("executions").as_array()) {
            paged.push_back(json::value_to<std::string>(one.at("id")));
        }
        cursor = a.text("/next_cursor");
        if (cursor.empty()) {
            break;
        }
    }
    CHECK(paged == list{ids[4], ids[3], ids[2], ids[1], ids[0]});
    CHECK(at.service.get("/v1/executions?status=nothing", at.write).status == 400);
    CHECK(at.service.get("/v1/executions?cursor=nothing", at.write).status == 400);
}

TEST_CASE_METHOD(logged, "a queued execution is found at once, and in the database soon after")
{
    auto const id = render(false);
    CHECK(shown(id).text("/rendered") == "Say x");
    CHECK(eventually(
        [&] { return at.value("select count(*) from prompt_executions where id = '" + id + "'") == "1"; },
        5s));
    CHECK(shown(id).text("/rendered") == "Say x");
}
