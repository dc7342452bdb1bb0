// The log of executions, written and read.
#include "journal_fixture.hpp"

using namespace journal_tests;
using app::database_connection;
using app::execution_filter;
using app::outcome_answer;

namespace {

struct stored : log_database
{
    app::database_target target{settings_for(database->url())};
    app::database pool{target};
    app::execution_store store{pool.schema()};

    void insert(std::vector<execution> const& rows)
    {
        std::vector<execution const*> batch;
        for (auto const& row : rows) {
            batch.push_back(&row);
        }
        pool.read([&](database_connection& c) { store.insert(c, batch); });
    }
    outcome_answer apply(std::string const& id, outcome const& o)
    {
        return pool.transaction([&](database_connection& c) { return store.apply(c, id, o); });
    }
    execution find(std::string const& id)
    {
        return pool.read([&](database_connection& c) { return store.find(c, id); }).value();
    }
    app::execution_page list(execution_filter const& filter)
    {
        return pool.read([&](database_connection& c) { return store.list(c, filter); });
    }
    [[nodiscard]] std::string prompt_id() const
    {
        return value("select id from prompt_templates where name = 'nlu_topic_extraction'");
    }
};

execution render_at(std::int64_t milliseconds, std::string const& prompt)
{
    auto e = render_of(prompt);
    e.id = app::new_uuid_v7(app::unix_milliseconds{std::chrono::milliseconds{milliseconds}});
    return e;
}

} // namespace

TEST_CASE("an execution is read back as it was written", "[store]")
{
    stored t;
    auto e = render_of("nlu_topic_extraction", "a\tb\\c\r\n\"é\" \\N \\.");
    e.prompt_id = t.prompt_id();
    e.label = "production";
    e.experiment_id = "4f7f2aa0-0000-4000-8000-000000000000";
    e.variant = "variant_a";
    e.user_id = "o'user";
    e.session_id = "";
    e.request_id = "4f7f2aa0-0000-4000-8000-000000000001";
    e.variables = R"({"a": "b\nc", "n": 1.5})";
    e.status = execution_status::partial;
    e.violations = R"([{"count": 1, "guardrail_name": "pii"}])"; // keys in the order of jsonb
    e.action = "warn";
    e.environment = "staging";
    e.outcome_at = 1'764'443'045'123'456;
    e.result.response = "\\N";
    e.result.latency_ms = 120;
    e.result.input_tokens = 5'000'000'000;
    e.result.output_tokens = 7;
    e.result.cost_micros = 9'999'999'999;
    e.result.model = "a model";
    e.result.error_type = "cut";
    e.result.error_message = "too long";
    e.result.score = 0.1;
    t.insert({e});
    auto const back = t.find(e.id);
    CHECK(back.id == e.id);
    CHECK(back.executed_at == app::time_of_uuid_v7(e.id)->time_since_epoch().count() * 1000);
    CHECK(back.prompt_id == e.prompt_id);
    CHECK(back.prompt_name == e.prompt_name);
    CHECK(back.prompt_version == 1);
    CHECK(back.label == e.label);
    CHECK(back.experiment_id == e.experiment_id);
    CHECK(back.variant == e.variant);
    CHECK(back.user_id == e.user_id);
    CHECK(back.session_id == e.session_id);
    CHECK(back.request_id == e.request_id);
    CHECK(back.variables == e.variables);
    CHECK(back.rendered == e.rendered);
    CHECK(back.status == e.status);
    CHECK(back.violations == e.violations);
    CHECK(back.action == e.action);
    CHECK(back.environment == e.environment);
    CHECK(back.outcome_at == e.outcome_at);
    CHECK(back.result == e.result);
    CHECK(t.value("select token_count from prompt_executions") == "2147483647");
    CHECK_FALSE(t.pool.read([&](database_connection& c) { return t.store.find(c, app::new_uuid_v7()); }));
}

TEST_CASE("a batch is written as a whole or not at all, and what is written is found", "[store]")
{
    stored t;
    std::vector<execution> rows(20, render_of());
    for (auto& row : rows) {
        row.id = app::new_uuid_v7();
    }
    rows[13].variables = "no JSON";
    CHECK_THROWS_AS(t.insert(rows), database_error);
    CHECK(t.rows() == 0);
    rows[13].variables = "{}";
    t.insert(rows);
    CHECK(t.rows() == 20);
    auto const extra = render_of();
    std::vector<execution const*> const asked{&rows[3], &extra, &rows[7]};
    auto found = t.pool.read([&](database_connection& c) { return t.store.written(c, asked); });
    std::sort(found.begin(), found.end());
    std::vector<std::string> expected{rows[3].id, rows[7].id};
    std::sort(expected.begin(), expected.end());
    CHECK(found == expected);
}

TEST_CASE("an outcome is recorded once, and reaches the statistics", "[store]")
{
    stored t;
    auto e = render_of();
    e.prompt_id = t.prompt_id();
    t.insert({e});
    auto o = outcome_of(execution_status::success);
    o.result.latency_ms = 9'000'000'000;
    o.result.cost_micros = 225;
    o.result.input_tokens = 10;
    o.result.output_tokens = 5;
    CHECK(t.apply(e.id, o) == outcome_answer::recorded);
    CHECK(t.apply(e.id, o) == outcome_answer::same);
    CHECK(t.apply(e.id, outcome_of(execution_status::failure)) == outcome_answer::conflict);
    outcome later;
    later.result.score = 0.7;
    CHECK(t.apply(e.id, later) == outcome_answer::recorded);
    CHECK(t.apply(app::new_uuid_v7(), o) == outcome_answer::not_found);
    auto const back = t.find(e.id);
    CHECK(back.status == execution_status::success);
    CHECK(back.result.latency_ms == 2'147'483'647);
    CHECK(back.result.cost_micros == 225);
    CHECK(back.result.score == 0.7);
    CHECK(back.outcome_at);
    CHECK(
        t.database->query("select total_executions, success_count, token_count from prompt_templates t join "
                          "prompt_executions e on e.template_id = t.id") == support::rows{{"1", "1", "15"}});
}

TEST_CASE("rows of other clients are found too: ids without a time, and times at the end of time", "[store]")
{
    stored t;
    auto const plain = t.value("select gen_random_uuid()");
    auto const v7 = app::new_uuid_v7();
    for (auto const& [id, at] : {std::pair{plain, "2020-02-02"}, std::pair{v7, "infinity"}}) {
        t.run("insert into prompt_executions (id, template_name, template_version, input_variables, "
              "rendered_prompt, status, executed_at, request_id) values ('" +
              id + "', 'x', 1, '{}', '', 'rendered', '" + at + "', '" + plain + "')");
    }
    CHECK(t.find(plain).executed_at == 1'580'601'600'000'000);
    CHECK(t.find(plain).request_id == plain);
    CHECK(t.find(v7).executed_at == app::end_of_time);
    CHECK(t.apply(plain, outcome_of(execution_status::success)) == outcome_answer::recorded);
    CHECK(t.apply(v7, outcome_of(execution_status::success)) == outcome_answer::recorded);
    CHECK(t.find(v7).status == execution_status::success);
    execution_filter one_each;
    one_each.limit = 1;
    auto const first = t.list(one_each);
    REQUIRE(first.executions.size() == 1);
    CHECK(first.executions[0].id == v7);
    one_each.after = app::execution_cursor::parse(first.next.value().text());
    CHECK(t.list(one_each).executions.at(0).id == plain);
}

TEST_CASE("a list goes page by page, newest first, whatever the filter", "[store]")
{
    stored t;
    std::vector<execution> rows;
    constexpr std::int64_t start = 1'764'443'045'000;
    for (int i = 0; i < 60; ++i) {
        // Several have one millisecond, so that the order depends on the id as well.
        auto e = render_at(start + i / 4, i % 2 == 0 ? "even" : "odd");
        e.user_id = i % 3 == 0 ? "third" : "other";
        e.prompt_version = 1 + i % 5;
        e.status = i % 4 == 0 ? execution_status::blocked : execution_status::rendered;
        rows.push_back(e);
    }
    t.insert(rows);
    auto const all_of = [&](execution_filter filter) {
        std::vector<std::string> ids;
        filter.limit = 7;
        for (;;) {
            auto const page = t.list(filter);
            for (auto const& e : page.executions) {
                ids.push_back(e.id);
            }
            if (!page.next) {
                return ids;
            }
            filter.after = app::execution_cursor::parse(page.next->text());
        }
    };
    auto const expected = [&](auto const& fits) {
        std::vector<std::pair<std::int64_t, std::string>> found;
        for (auto const& e : rows) {
            if (fits(e)) {
                found.emplace_back(app::time_of_uuid_v7(e.id)->time_since_epoch().count(), e.id);
            }
        }
        std::sort(found.rbegin(), found.rend());
        std::vector<std::string> ids;
        for (auto const& [time, id] : found) {
            ids.push_back(id);
        }
        return ids;
    };
    CHECK(all_of({}) == expected([](auto const&) { return true; }));
    execution_filter filter;
    filter.prompt = "even";
    CHECK(all_of(filter) == expected([](auto const& e) { return e.prompt_name == "even"; }));
    filter.status = execution_status::blocked;
    filter.version = 1;
    CHECK(all_of(filter) == expected([](auto const& e) {
              return e.prompt_name == "even" && e.status == execution_status::blocked &&
                     e.prompt_version == 1;
          }));
    filter = {};
    filter.user_id = "third";
    CHECK(all_of(filter) == expected([](auto const& e) { return e.user_id == "third"; }));
    filter = {};
    filter.status = execution_status::rendered;
    filter.since = (start + 3) * 1000;
    filter.until = (start + 9) * 1000;
    CHECK(all_of(filter) == expected([](auto const& e) {
              auto const at = app::time_of_uuid_v7(e.id)->time_since_epoch().count();
              return e.status == execution_status::rendered && at >= start + 3 && at < start + 9;
          }));
    filter = {};
    filter.prompt = "even' or true --";
    CHECK(all_of(filter).empty());
    filter = {};
    CHECK(t.list(filter).executions.at(0).rendered.empty());
    filter.with_content = true;
    CHECK(t.list(filter).executions.at(0).rendered == "the text");
}
