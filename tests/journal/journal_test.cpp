// The journal while everything works, and where rows are refused, the queue is full, or the service ends.
#include <algorithm>

#include "journal_fixture.hpp"

using namespace journal_tests;
using app::adding;
using app::queued_merge;

TEST_CASE("what is added is in the log within the queue's time", "[journal]")
{
    fixture t;
    std::vector<std::string> ids;
    for (int i = 0; i < 1'200; ++i) {
        auto e = render_of();
        ids.push_back(e.id);
        CHECK(t.journal.add(std::move(e)) == adding::accepted);
    }
    CHECK(t.journal.flush(10s) == 0);
    CHECK(t.rows() == 1'200);
    CHECK(t.metric("written_total") == 1'200);
    CHECK(t.metric("batches_total") >= 3);
    auto e = render_of();
    auto const id = e.id;
    t.journal.add(std::move(e));
    CHECK(becomes_true([&] { return t.rows() == 1'201; }));
    CHECK(t.stored(id)->rendered == "the text");
}

TEST_CASE("a durable execution is answered after COMMIT", "[journal]")
{
    fixture t{{.interval = 1h}};
    told answers;
    auto e = render_of();
    auto const id = e.id;
    t.journal.add(render_of()); // would wait for an hour
    t.journal.add_durable(std::move(e), [&](auto const& failure) {
        CHECK_FALSE(failure);
        CHECK(t.status_of(id) == "rendered");
        answers.listener(id)(failure);
    });
    CHECK(becomes_true([&] { return answers.written() == std::vector{id}; }));
    CHECK(t.rows() == 2);
}

TEST_CASE("a row that the database refuses is set aside, and holds up no other", "[journal]")
{
    fixture t;
    told answers;
    std::vector<std::string> bad;
    for (int i = 0; i < 1'000; ++i) {
        auto e = render_of();
        if (i % 250 == 17) {
            e.variables = "s3cret, and no JSON"; // 22P02
            bad.push_back(e.id);
        }
        if (i % 250 == 42) {
            e.environment = "mars"; // 23514
            bad.push_back(e.id);
        }
        if (i == 500) {
            e.user_id = std::string(300, 'u'); // 22001
            bad.push_back(e.id);
        }
        if (i == 501) {
            e.prompt_id = "4f7f2aa0-0000-4000-8000-000000000000"; // 23503: written without it
        }
        if (i == 502) {
            e.rendered = std::string{"a\0b", 3}; // 22021
            bad.push_back(e.id);
        }
        if (i == 17) {
            t.journal.add_durable(std::move(e), answers.listener());
        }
        else {
            t.journal.add(std::move(e));
        }
    }
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.rows() == 1'000 - static_cast<int>(bad.size()));
    CHECK(t.metric("set_aside_total") == static_cast<double>(bad.size()));
    CHECK(answers.failures() == std::vector{kind::refused});
    auto const words = t.words.str();
    for (auto const& id : bad) {
        CHECK(words.find("outcome=set_aside id=" + id + " sqlstate=2") != std::string::npos);
    }
    CHECK(words.find("s3cret") == std::string::npos);
}

TEST_CASE("a batch of nothing but bad rows ends", "[journal]")
{
    fixture t;
    for (int i = 0; i < 50; ++i) {
        auto e = render_of();
        e.variables = "";
        t.journal.add(std::move(e));
    }
    t.journal.add(render_of());
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.rows() == 1);
    CHECK(t.metric("set_aside_total") == 50);
}

TEST_CASE("a full queue refuses, or drops and counts", "[journal]")
{
    auto const drops = GENERATE(false, true);
    fixture t{{.bytes_max = 200'000, .drop_when_full = drops}};
    // Nothing can be written for a while.
    support::sql_session other{t.database->admin_url()};
    other("begin; lock table prompt_executions in access exclusive mode");
    int accepted = 0;
    adding last = adding::accepted;
    while (last == adding::accepted && accepted < 1'000) {
        last = t.journal.add(render_of("a", std::string(5'000, 'x')));
        accepted += last == adding::accepted ? 1 : 0;
    }
    CHECK(last == (drops ? adding::dropped : adding::full));
    CHECK(accepted > 20);
    CHECK(accepted < 40);
    CHECK(t.journal.depth().bytes <= 200'000);
    told answers;
    t.journal.add_durable(render_of("a", std::string(5'000, 'x')), answers.listener());
    CHECK(answers.failures() == std::vector{kind::busy}); // before the call returned
    CHECK(t.metric(drops ? "dropped_total" : "refused_total") >= 1);
    other("rollback");
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.rows() == accepted);
    CHECK(t.journal.add(render_of()) == adding::accepted);
}

TEST_CASE("an outcome reaches its execution wherever that is at the moment", "[journal]")
{
    fixture t;
    app::database pool{t.target, {.connections = 3, .lease_wait = 30s}};
    app::execution_store const store{pool.schema()};
    std::atomic<int> merged{0};
    std::atomic<int> applied{0};
    std::atomic<int> wrong{0};
    auto const report = [&](std::string const& id, outcome const& o) {
        switch (t.journal.merge(id, o)) {
        case queued_merge::merged: ++merged; return;
        case queued_merge::not_queued:
            pool.transaction([&](app::database_connection& c) {
                wrong += store.apply(c, id, o) == app::outcome_answer::recorded ? 0 : 1;
            });
            ++applied;
            return;
        default: ++wrong;
        }
    };
    constexpr int per_thread = 300;
    std::vector<std::thread> callers;
    for (int i = 0; i < 3; ++i) {
        callers.emplace_back([&, i] {
            for (int j = 0; j < per_thread; ++j) {
                auto e = render_of();
                auto const id = e.id;
                t.journal.add(std::move(e));
                // At every age: at once, while it is in flight, and after.
                std::this_thread::sleep_for(
                    std::chrono::microseconds{(j * 397 + i * 131) % 90'000 / (j % 3 + 1)});
                report(id, outcome_of(execution_status::success));
            }
        });
    }
    for (auto& caller : callers) {
        caller.join();
    }
    CHECK(t.journal.flush(20s) == 0);
    CHECK(wrong == 0);
    CHECK(merged > 0);
    CHECK(applied > 0);
    CHECK(
        t.value(
            "select count(*) from prompt_executions where status = 'success' and model_response = 'yes' and "
            "outcome_at is not null") == std::to_string(3 * per_thread));
}

TEST_CASE("an outcome for what is in flight is applied once that is written", "[journal]")
{
    fixture t;
    support::sql_session other{t.database->admin_url()};
    other("begin; lock table prompt_executions in access exclusive mode");
    auto e = render_of();
    auto bad = render_of();
    auto const id = e.id;
    auto const bad_id = bad.id;
    t.journal.add(std::move(e));
    t.journal.add(std::move(bad));
    REQUIRE(becomes_true([&] {
        return t.value("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like "
                       "'copy%'") == "1";
    }));
    CHECK(t.journal.merge(id, outcome_of(execution_status::success)) == queued_merge::merged);
    CHECK(t.journal.merge(id, outcome_of(execution_status::failure)) == queued_merge::conflict);
    auto too_long = outcome_of(execution_status::failure);
    too_long.result.model = std::string(300, 'm');
    CHECK(t.journal.merge(bad_id, too_long) == queued_merge::merged);
    CHECK(t.journal.find(id)->status == execution_status::success);
    other("rollback");
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.stored(id)->result.response == "yes");
    CHECK(t.status_of(bad_id) == "rendered"); // its outcome was refused, and set aside
    CHECK(t.metric("set_aside_total") == 1);
    CHECK(t.rows() == 2);
}

TEST_CASE("a deadlock or a time limit repeats the batch", "[journal]")
{
    fixture t{{.statement_time = 200ms}};
    told answers;
    support::sql_session other{t.database->admin_url()};
    other("begin; lock table prompt_executions in access exclusive mode");
    t.journal.add(render_of());
    REQUIRE(becomes_true([&] { return t.metric("batch_failures_total") >= 1; }));
    auto e = render_of();
    t.journal.add_durable(std::move(e), answers.listener());
    REQUIRE(becomes_true([&] { return t.metric("batch_failures_total") >= 2; }));
    other("rollback");
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.rows() == 2);
    CHECK(becomes_true([&] { return answers.answers() == 1; }));
    CHECK(answers.failures().empty());
}

TEST_CASE("who waits for COMMIT is told after some attempts, and that row is given up", "[journal]")
{
    fixture t{{.statement_time = 100ms}};
    told answers;
    support::sql_session other{t.database->admin_url()};
    other("begin; lock table prompt_executions in access exclusive mode");
    t.journal.add(render_of());
    t.journal.add_durable(render_of(), answers.listener());
    CHECK(becomes_true([&] { return answers.failures() == std::vector{kind::busy}; }));
    other("rollback");
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.rows() == 1);
}

TEST_CASE("stop() does not wait for the database, and says how many are lost", "[journal]")
{
    fixture t;
    support::sql_session other{t.database->admin_url()};
    other("begin; lock table prompt_executions in access exclusive mode");
    told answers;
    t.journal.add(render_of());
    t.journal.add_durable(render_of(), answers.listener());
    CHECK(t.journal.flush(200ms) == 2);
    auto const began = std::chrono::steady_clock::now();
    t.journal.stop();
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    CHECK(answers.answers() == 1);
    CHECK(t.metric("dropped_total") == 2);
    CHECK(t.words.str().find("outcome=dropped rows=2") != std::string::npos);
    CHECK(t.journal.add(render_of()) == adding::full);
}

TEST_CASE("the destructor of an idle journal returns at once", "[journal]")
{
    auto const began = std::chrono::steady_clock::now();
    {
        app::database_target target{settings_for("postgresql://x@127.0.0.1:1/none")};
        app::journal const idle{target, {}, std::make_shared<spdlog::logger>("test")};
    }
    CHECK(std::chrono::steady_clock::now() - began < 2s);
}
