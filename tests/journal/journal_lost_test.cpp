// The journal while the database goes away: nothing is lost, nothing is written twice.
#include "cut_line.hpp"
#include "journal_fixture.hpp"

using namespace journal_tests;
using app::adding;

TEST_CASE("a server that is stopped and started under load: every execution is in the log once", "[lost]")
{
    fixture t{{}, true};
    std::atomic<bool> over{false};
    std::mutex mutex;
    std::vector<std::string> ids;
    std::vector<std::thread> callers;
    told answers;
    std::atomic<std::size_t> durable{0};
    for (int i = 0; i < 3; ++i) {
        callers.emplace_back([&, i] {
            while (!over) {
                auto e = render_of();
                auto id = e.id;
                if (i == 0) {
                    ++durable;
                    t.journal.add_durable(std::move(e), answers.listener(id));
                }
                else if (t.journal.add(std::move(e)) == adding::accepted) {
                    std::lock_guard const lock{mutex};
                    ids.push_back(std::move(id));
                }
                std::this_thread::sleep_for(300us);
            }
        });
    }
    for (auto const crash : {false, true, false}) {
        std::this_thread::sleep_for(300ms);
        if (crash) {
            t.server.kill();
        }
        else {
            t.server.stop();
        }
        std::this_thread::sleep_for(400ms);
        t.server.start();
    }
    std::this_thread::sleep_for(300ms);
    over = true;
    for (auto& caller : callers) {
        caller.join();
    }
    CHECK(t.journal.flush(30s) == 0);
    CHECK(becomes_true([&] { return answers.answers() == durable; }));
    CHECK_FALSE(answers.failures().empty());

    support::sql_session sql{t.database->admin_url()};
    sql("create temp table expected (id uuid primary key)");
    std::string list;
    auto all = answers.written();
    all.insert(all.end(), ids.begin(), ids.end());
    for (auto const& id : all) {
        list += (list.empty() ? "('" : ", ('") + id + "')";
    }
    sql("insert into expected values " + list);
    CHECK(sql.value("select count(*) from expected where id not in (select id from prompt_executions)") ==
          "0");
    CHECK(sql.value("select count(*) - count(distinct id) from prompt_executions") == "0");
    // What is beside them: durable ones whose answer was lost.
    CHECK(std::stoul(sql.value("select count(*) from prompt_executions")) <=
          all.size() + answers.failures().size());
    CHECK(t.words.str().find(support::private_server::password) == std::string::npos);
}

TEST_CASE("while the database is lost a durable execution fails at once, and others wait", "[lost]")
{
    fixture t{{}, true};
    t.journal.add(render_of());
    REQUIRE(t.journal.flush(10s) == 0);
    t.server.stop();
    t.journal.add(render_of());
    told first;
    t.journal.add_durable(render_of(), first.listener());
    REQUIRE(becomes_true([&] { return first.answers() == 1; }));
    CHECK(first.written().empty());
    told second;
    t.journal.add_durable(render_of(), second.listener());
    CHECK(second.failures() == std::vector{kind::lost}); // before the call returned
    CHECK(t.journal.add(render_of()) == adding::accepted);
    t.server.start();
    CHECK(becomes_true([&] { return t.rows() == 3; }));
    CHECK(becomes_true([&] {
        told third;
        t.journal.add_durable(render_of(), third.listener());
        return becomes_true([&] { return third.answers() == 1; }) && third.failures().empty();
    }));
}

TEST_CASE("the database is found back even with nothing to write", "[lost]")
{
    fixture t{{}, true};
    t.server.stop();
    told answers;
    t.journal.add_durable(render_of(), answers.listener());
    REQUIRE(becomes_true([&] { return answers.answers() == 1; }));
    CHECK(t.journal.depth().rows == 0);
    t.server.start();
    CHECK(becomes_true([&] {
        told again;
        t.journal.add_durable(render_of(), again.listener());
        return becomes_true([&] { return again.answers() == 1; }) && again.failures().empty();
    }));
}

TEST_CASE("an answer that is lost after COMMIT: nothing is written twice", "[lost]")
{
    log_database where;
    support::cut_line line{where.server.port()};
    app::database_target target{settings_for(line.url(where.database->url()))};
    auto const log = std::make_shared<spdlog::logger>("test");
    auto const registry = std::make_shared<prometheus::Registry>();
    app::journal journal{target, {}, log, registry};
    told answers;
    journal.add(render_of());
    REQUIRE(journal.flush(10s) == 0);
    line.lose_answer_with("COPY 3");
    auto e = render_of();
    auto const id = e.id;
    journal.add(std::move(e));
    journal.add(render_of());
    journal.add_durable(render_of(), answers.listener());
    CHECK(journal.merge(id, outcome_of(execution_status::success)) == app::queued_merge::merged);
    CHECK(becomes_true([&] { return answers.answers() == 1; }));
    CHECK(line.lost_one());
    CHECK(answers.failures() == std::vector{kind::unknown});
    CHECK(journal.flush(20s) == 0);
    CHECK(where.rows() == 4);
    CHECK(where.status_of(id) == "success");
    CHECK(where.value("select count(distinct id) from prompt_executions") == "4");
}

TEST_CASE("a backend that is terminated costs nothing", "[lost]")
{
    fixture t;
    for (int i = 0; i < 20; ++i) {
        for (int j = 0; j < 50; ++j) {
            t.journal.add(render_of());
        }
        std::this_thread::sleep_for(20ms);
        t.end_journal_connection();
    }
    CHECK(t.journal.flush(20s) == 0);
    CHECK(t.rows() == 1'000);
}

TEST_CASE("a pool that is used up does not hold the journal up", "[lost]")
{
    fixture t;
    app::database pool{t.target, {.connections = 1, .lease_wait = 50ms}};
    pool.read([&](app::database_connection&) {
        told answers;
        t.journal.add_durable(render_of(), answers.listener());
        CHECK(becomes_true([&] { return answers.written().size() == 1; }));
        CHECK_THROWS_AS(pool.read([](app::database_connection&) {}), database_error);
    });
}

TEST_CASE("stop() returns while the server says nothing", "[lost]")
{
    log_database where;
    support::cut_line line{where.server.port()};
    app::database_target target{settings_for(line.url(where.database->url()))};
    app::journal journal{target, {}, std::make_shared<spdlog::logger>("test")};
    journal.add(render_of());
    REQUIRE(journal.flush(10s) == 0);
    line.freeze();
    journal.add(render_of());
    CHECK(journal.flush(300ms) == 1);
    auto const began = std::chrono::steady_clock::now();
    journal.stop();
    CHECK(std::chrono::steady_clock::now() - began < 2s);
    line.thaw();
}
