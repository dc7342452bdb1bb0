// Experiments from the draft to the promotion, prices, and the analyses of what was logged.
#include "contract.hpp"

using namespace contract;

namespace {

json::object two(std::string const& name, std::string const& prompt, json::value first = 50,
                 json::value second = 50)
{
    return {{"name", name},
            {"prompt", prompt},
            {"variants",
             json::array{json::object{{"name", "control"}, {"version", 1}, {"weight", std::move(first)}},
                         json::object{{"name", "b"}, {"version", 2}, {"weight", std::move(second)}}}},
            {"minimum_sample_size", 20}};
}

struct running
{
    backend& at = shared();
    std::string prompt = new_name("experiment/prompt");
    std::string name = new_name("experiment one");
    std::string path = "/v1/experiments/" + encoded(name);

    running()
    {
        create(at.service, prompt, "one");
        add_version(at.service, prompt, "two");
    }
    answer post(std::string const& what, json::value const& body = nullptr) const
    {
        return at.service.ask({"POST", path + what,
                               body.is_null() ? std::nullopt : std::optional{json::serialize(body)},
                               at.write});
    }
    void start() const
    {
        REQUIRE(at.service.send("POST", "/v1/experiments", two(name, prompt)).status == 201);
        REQUIRE(post("/start").status == 200);
    }
    /// Rows as the service writes them: `successes` of `count` outcomes.
    void log(std::string const& variant, int successes, int count) const
    {
        at.run(
            "insert into prompt_executions (template_name, template_version, ab_test_group, experiment_id, "
            "http_request_id, input_variables, rendered_prompt, status, executed_at) select template_name, "
            "1, '" +
            variant + "', id, 'r', '{}', '', case when n <= " + std::to_string(successes) +
            " then 'success' else 'failure' end, now() from ab_test_experiments, generate_series(1, " +
            std::to_string(count) + ") n where name = '" + name + "'");
    }
};

} // namespace

TEST_CASE("an experiment is made, started, stopped, and shown")
{
    running const x;
    auto const& service = x.at.service;
    auto const made = service.send("POST", "/v1/experiments", two(x.name, x.prompt));
    INFO(made.body);
    REQUIRE(made.status == 201);
    CHECK(made.header("location") == x.path);
    CHECK(made.text("/status") == "draft");
    CHECK(made.at("/started_at").is_null());
    CHECK(service.send("POST", "/v1/experiments", two(x.name, x.prompt)).code() == "experiment-exists");
    CHECK(x.post("/stop").code() == "experiment-state");
    CHECK(x.post("/promote", json::object{{"variant", "b"}}).code() == "experiment-state");
    auto const started = x.post("/start");
    CHECK(started.text("/status") == "active");
    CHECK_FALSE(started.at("/started_at").is_null());
    CHECK(x.post("/start").code() == "experiment-state");
    auto const other = new_name("experiment-other");
    REQUIRE(service.send("POST", "/v1/experiments", two(other, x.prompt)).status == 201);
    auto const refused = service.send("POST", "/v1/experiments/" + other + "/start", nullptr);
    CHECK(refused.status == 400); // no body is taken
    auto const second = service.ask({"POST", "/v1/experiments/" + other + "/start", {}, x.at.admin});
    CHECK(second.status == 409);
    CHECK(second.code() == "experiment-active");
    CHECK(second.text("/experiment") == x.name);
    // It is served at once, and one user stays where they are.
    auto const render = service.render(x.prompt, {}, {{"user_id", "u1"}});
    CHECK(render.text("/experiment") == x.name);
    for (int i = 0; i < 5; ++i) {
        CHECK(service.render(x.prompt, {}, {{"user_id", "u1"}}).text("/variant") == render.text("/variant"));
    }
    auto const list = service.get("/v1/experiments?prompt=" + encoded(x.prompt) + "&limit=1", x.at.write);
    CHECK(list.text("/experiments/0/name") == other);
    CHECK(service.get("/v1/experiments?prompt=" + encoded(x.prompt) + "&limit=1&cursor=" + other, x.at.write)
              .text("/experiments/0/name") == x.name);
    CHECK(x.post("/stop").text("/status") == "completed");
    CHECK(x.post("/stop").code() == "experiment-state");
    CHECK(service.render(x.prompt, {}, {{"user_id", "u1"}}).at("/experiment").is_null());
    CHECK(service.get("/v1/experiments/no-such", x.at.write).code() == "experiment-not-found");
}

TEST_CASE("weights, variants and metrics that make no sense are refused")
{
    running const x;
    auto const& service = x.at.service;
    auto const code = [&](json::object body) { return service.send("POST", "/v1/experiments", body).code(); };
    CHECK(code(two(x.name, x.prompt, 50, 49)) == "weights");
    CHECK(code(two(x.name, x.prompt, 50.5, 49.5)) == "weights");
    CHECK(code(two(x.name, x.prompt, 150, -50)) == "weights");
    CHECK(code(two(x.name, x.prompt, "50", 50)) == "invalid-field");
    CHECK(code(two(x.name, "no-such")) == "prompt-not-found");
    auto body = two(x.name, x.prompt);
    body["variants"].as_array()[1].as_object()["version"] = 9;
    CHECK(code(body) == "version-not-found");
    body = two(x.name, x.prompt);
    body["variants"].as_array()[1].as_object()["name"] = "control";
    CHECK(code(body) == "invalid-field");
    body = two(x.name, x.prompt);
    body["metric"] = "feelings";
    CHECK(code(body) == "invalid-field");
    CHECK(service.get(x.path, x.at.write).status == 404);
}

TEST_CASE("promotion waits for the sample, or is told to go on; it moves production and is recorded")
{
    running const x;
    auto const& service = x.at.service;
    x.start();
    x.log("control", 5, 20);
    x.log("b", 18, 19);
    auto const early = service.get(x.path, x.at.write);
    INFO(early.body);
    CHECK(early.text("/results/verdict/state") == "collecting");
    CHECK(early.number("/results/sample/smallest") == 19);
    CHECK(early.number("/results/variants/0/count") == 20);
    CHECK(early.at("/results/variants/0/mean") == 0.25);
    auto const refused = x.post("/promote", json::object{{"variant", "b"}});
    CHECK(refused.code() == "sample-too-small");
    CHECK(refused.number("/needed") == 20);
    CHECK(x.post("/promote", json::object{{"variant", "b"}, {"override", true}}).status == 400);
    CHECK(x.post("/promote", json::object{{"variant", "c"}}).code() == "variant-not-found");
    x.log("b", 1, 1);
    auto const enough = service.get(x.path, x.at.write);
    CHECK(enough.text("/results/verdict/winner") == "b");
    CHECK(enough.at("/results/variants/1/p_value").as_double() < 0.001);
    CHECK(enough.number("/executions") == 40);
    auto const done = x.post("/promote", json::object{{"variant", "b"}, {"reason", "better"}});
    INFO(done.body);
    CHECK(done.status == 200);
    CHECK(done.text("/winner") == "b");
    CHECK(done.text("/status") == "completed");
    CHECK(service.get("/v1/prompts/" + encoded(x.prompt)).number("/version") == 2);
    auto const history =
        service.get("/v1/prompts/" + encoded(x.prompt) + "/labels/production/history", x.at.write);
    CHECK(history.text("/history/0/reason") == "better");
    auto const audit = service.get("/v1/audit?object_type=experiment&action=experiment.promote&object_name=" +
                                       encoded(x.name),
                                   x.at.admin);
    CHECK(audit.number("/audit/0/details/to") == 2);
    CHECK(x.post("/promote", json::object{{"variant", "b"}}).status == 200);
    CHECK(x.post("/promote", json::object{{"variant", "control"}}).code() == "experiment-promoted");
    CHECK(
        service
            .get("/v1/audit?object_type=experiment&action=experiment.promote&object_name=" + encoded(x.name),
                 x.at.admin)
            .at("/audit")
            .as_array()
            .size() == 1);
}

TEST_CASE("an analysis counts what was logged in its period, and its averages know null",
          "[TestAnalyticsViews]")
{
    auto& at = shared();
    auto const prompt = new_name("analysed");
    create(at.service, prompt, "x");
    // Two days; of three outcomes two have a time, one a cost.
    at.run(
        "insert into prompt_executions (template_id, template_name, template_version, http_request_id, "
        "input_variables, rendered_prompt, status, execution_time_ms, cost_usd, input_tokens, output_tokens, "
        "token_count, executed_at, error_type, guardrail_violations, guardrail_action, user_id) select "
        "t.id, t.name, 1, 'r', '{}', '', v.* from prompt_templates t, (values "
        "('success', 100, 0.5, 10::bigint, 5::bigint, 15, '2026-10-10 23:59:59.999999+00'::timestamptz, "
        "null, '[]'::jsonb, 'allow', 'a'), "
        "('failure', 300, null, null, null, null, '2026-10-11 00:00:00+00', 'timeout', '[]', 'allow', 'a'), "
        "('success', null, null, null, null, null, '2026-10-11 12:00:00+00', null, '[]', 'allow', 'b'), "
        "('rendered', null, null, null, null, null, '2026-10-11 12:00:01+00', null, "
        "'[{\"guardrail_name\": \"gone\", \"guardrail_type\": \"content_policy\"}]', 'warn', 'b'), "
        "('blocked', null, null, null, null, null, '2026-10-12 00:00:00+00', null, "
        "'[{\"guardrail_name\": \"pii_detection_basic\"}]', 'block', 'b')) v where t.name = '" +
        prompt + "'");
    auto const ask = [&](std::string const& what, std::string const& more = {}) {
        auto const a = at.service.get(
            "/v1/analytics/" + what + "?since=2026-10-10&until=2026-10-13&prompt=" + encoded(prompt) + more,
            at.write);
        INFO(a.body);
        REQUIRE(a.status == 200);
        return a;
    };
    auto const prompts = ask("prompts", "&interval=day");
    INFO(prompts.body);
    CHECK(prompts.text("/since") == "2026-10-10T00:00:00.000000Z");
    CHECK(prompts.at("/series").as_array().size() == 3);
    CHECK(prompts.text("/series/1/at") == "2026-10-11T00:00:00.000000Z");
    CHECK(prompts.number("/series/0/requests") == 1);
    CHECK(prompts.number("/series/1/requests") == 3);
    CHECK(prompts.number("/series/2/blocked") == 1);
    CHECK(prompts.at("/series/2/success_rate").is_null());
    CHECK(prompts.at("/series/2/latency_ms/p95").is_null());
    CHECK(prompts.number("/total/requests") == 5);
    CHECK(prompts.at("/total/success_rate").as_double() == 2.0 / 3);
    CHECK(prompts.at("/total/latency_ms") ==
          json::value(json::object{{"count", 2}, {"mean", 200.0}, {"p50", 200.0}, {"p95", 290.0}}));
    CHECK(prompts.at("/total/cost_usd") ==
          json::value(json::object{{"count", 1}, {"mean", 0.5}, {"sum", 0.5}}));
    CHECK(prompts.number("/total/tokens/sum") == 15);
    CHECK(prompts.number("/total/guardrail_hits") == 2);
    CHECK(prompts.text("/prompts/0/name") == prompt);
    CHECK(prompts.number("/versions/0/executions") == 5);
    CHECK(prompts.at("/versions/0/latency_ms_mean") == 200.0);
    // The end is not included.
    CHECK(at.service
              .get("/v1/analytics/prompts?since=2026-10-10&until=2026-10-12&prompt=" + encoded(prompt),
                   at.write)
              .number("/total/requests") == 4);
    auto const errors = ask("errors", "&interval=day");
    CHECK(errors.number("/total/failure") == 1);
    CHECK(errors.at("/total/error_rate") == 0.4);
    CHECK(errors.at("/types/0/count").as_int64() + errors.at("/types/1/count").as_int64() == 2);
    CHECK(errors.text("/recent/0/status") == "blocked");
    CHECK(errors.text("/recent/1/error_type") == "timeout");
    CHECK(errors.number("/series/1/failure") == 1);
    auto const guardrails = ask("guardrails", "&interval=day");
    INFO(guardrails.body);
    CHECK(guardrails.number("/total/hits") == 2);
    CHECK(guardrails.number("/series/2/violations/pii_detection_basic") == 1);
    CHECK(guardrails.at("/series/0/violations") == json::value(json::object{}));
    CHECK(guardrails.at("/guardrails").as_array().size() == 2);
    CHECK(guardrails.text("/prompts/0/prompt") == prompt);
    // Weeks begin on Monday: 2026-10-05 and 2026-10-12.
    CHECK(ask("prompts", "&interval=week").text("/series/0/at") == "2026-10-05T00:00:00.000000Z");
    CHECK(ask("prompts", "&interval=month").at("/series").as_array().size() == 1);
}

TEST_CASE("a period that makes no sense is refused")
{
    auto& at = shared();
    auto const code = [&](std::string const& query) {
        return at.service.get("/v1/analytics/errors?" + query, at.write).code();
    };
    CHECK(code("since=2026-10-10&until=2026-10-10") == "period-invalid");
    CHECK(code("since=2026-10-10&until=2026-10-11&interval=minute") == "too-many-points");
    CHECK(code("since=1990-01-01&interval=day") == "too-many-points");
    CHECK(code("interval=year") == "invalid-parameter");
    CHECK(at.service.get("/v1/analytics/prompts", at.write).at("/series").as_array().size() >= 24);
}

TEST_CASE("an experiment's curve adds up")
{
    running const x;
    x.start();
    x.log("control", 5, 20);
    x.log("b", 15, 20);
    auto const a =
        x.at.service.get("/v1/analytics/experiments?interval=hour&experiment=" + encoded(x.name), x.at.write);
    INFO(a.body);
    REQUIRE(a.status == 200);
    auto const series = a.at("/experiments/0/series").as_array();
    REQUIRE_FALSE(series.empty());
    auto const last = series.back().at_pointer("/variants/1/cumulative");
    CHECK(last.at("count") == 20);
    CHECK(last.at("mean") == 0.75);
    CHECK(last.at("interval").as_array().size() == 2);
    CHECK(x.at.service.get("/v1/analytics/experiments", x.at.write).body.find(x.name) != std::string::npos);
    CHECK(x.at.service.get("/v1/analytics/experiments?experiment=none", x.at.write).status == 404);
}

TEST_CASE("an outcome without a cost gets one from the price of its model")
{
    auto& at = shared();
    auto const prompt = new_name("priced");
    create(at.service, prompt, "x");
    auto const model = "vendor/" + new_name("model");
    auto const path = "/v1/prices/" + encoded(model);
    auto const cost = [&](json::object more) {
        auto const id = at.service.render(prompt, {}, {}, "?durable=true").text("/execution_id");
        more["status"] = "success";
        more["model"] = model;
        REQUIRE(at.service.send("PATCH", "/v1/executions/" + id, more).status == 200);
        return at.service.get("/v1/executions/" + id, at.write).at("/cost_usd");
    };
    json::object const tokens{{"input_tokens", 1'000}, {"output_tokens", 500}};
    CHECK(cost(tokens).is_null());
    auto const put = at.service.send(
        "PUT", path, json::object{{"input_usd_per_million", 0.075}, {"output_usd_per_million", 0.3}});
    INFO(put.body);
    CHECK(put.text("/model") == model);
    CHECK(put.at("/input_usd_per_million") == 0.075);
    CHECK(cost(tokens) == 0.000225);
    auto given = tokens;
    given["cost_usd"] = 0.5;
    CHECK(cost(given) == 0.5);
    CHECK(at.service
              .send("PUT", path, json::object{{"input_usd_per_million", -1}, {"output_usd_per_million", 0}})
              .status == 400);
    CHECK(at.service.get("/v1/prices").body.find(model) != std::string::npos);
    CHECK(at.service.remove(path).status == 204);
    CHECK(at.service.remove(path).code() == "price-not-found");
    CHECK(cost(tokens).is_null());
}

TEST_CASE("guardrails count what they looked at and found, and this is no change of content")
{
    backend at;
    create(at.service, "p", "{{ a }}");
    auto const before = at.value("select counter from content_version");
    REQUIRE(at.service.render("p", {{"a", "fine"}}, {}, "?durable=true").status == 200);
    REQUIRE(at.service.render("p", {{"a", "078-05-1120"}}, {}, "?durable=true").status == 422);
    auto const pii = at.service.get("/v1/guardrails/pii_detection_basic", at.admin);
    CHECK(pii.number("/total_checks") == 2);
    CHECK(pii.number("/violation_count") == 1);
    CHECK(at.value("select counter from content_version") == before);
}

TEST_CASE("a key that asks too often is told when it may again; others and probes are not held up")
{
    backend at{{{"PROMPT_SERVICE_RATE_LIMIT", "1"}, {"PROMPT_SERVICE_RATE_BURST", "3"}}};
    int refused = 0;
    for (int i = 0; i < 10; ++i) {
        auto const a = at.service.get("/v1/prompts", at.read);
        if (a.status == 429) {
            ++refused;
            CHECK(a.code() == "rate-limited");
            CHECK(a.header("retry-after") == "1");
        }
    }
    CHECK(refused >= 5);
    CHECK(at.service.get("/v1/prompts", at.write).status == 200);
    for (int i = 0; i < 10; ++i) {
        CHECK(at.service.get("/livez", "").status == 200);
    }
    std::this_thread::sleep_for(1100ms);
    CHECK(at.service.get("/v1/prompts", at.read).status == 200);
}

TEST_CASE("months past retention are dropped in the background, and the months to come are made")
{
    database_with_keys const of;
    // As it is half a year after the migration: a month has rolled over, and nobody was there.
    of.run("select * from keep_execution_months(now() - interval '6 months', null)");
    of.run("alter table prompt_executions detach partition prompt_executions_earlier");
    of.run("alter table prompt_executions attach partition prompt_executions_earlier for values from "
           "('0001-01-01 00:00:00+00') to ('2000-01-01 00:00:00+00')");
    of.run("select * from keep_execution_months(now() - interval '6 months', null)");
    auto const months = [&] {
        return of.value(
            "select string_agg(name, ' ' order by first_moment) from execution_partitions() where "
            "name <> 'prompt_executions_earlier'");
    };
    auto const old = of.value("select 'prompt_executions_' || to_char((now() - interval '6 months') at time "
                              "zone 'UTC', 'YYYY_MM')");
    REQUIRE(months().find(old) != std::string::npos);
    of.run(
        "insert into prompt_executions (template_name, template_version, input_variables, rendered_prompt, "
        "status, executed_at) values ('p', 1, '{}', '', 'success', date_trunc('month', now() - interval '6 "
        "months', 'UTC') + interval '1 day'), ('p', 1, '{}', '', 'success', now())");
    replica const at{of, {{"PROMPT_SERVICE_RETENTION_MONTHS", "2"}}};
    CHECK(eventually([&] { return months().find(old) == std::string::npos; }));
    CHECK(of.value("select count(*) from prompt_executions where template_name = 'p'") == "1");
    for (char const* later : {"0 months", "1 month", "2 months"}) {
        CHECK(months().find(of.value("select to_char(date_trunc('month', now(), 'UTC') at time zone 'UTC' + "
                                     "interval '" +
                                     std::string{later} + "', 'YYYY_MM')")) != std::string::npos);
    }
}
