#include "journal_queue.hpp"

#include <thread>

#include "catch.hpp"
#include "execution/uuid_v7.hpp"

using namespace app;
using namespace std::chrono_literals;

namespace {

execution one(std::string text = "text")
{
    execution e;
    e.id = new_uuid_v7();
    e.prompt_name = "a";
    e.prompt_version = 1;
    e.rendered = std::move(text);
    return e;
}

outcome reported(execution_status status, std::string response = "yes")
{
    outcome o;
    o.status = status;
    o.result.response = std::move(response);
    return o;
}

constexpr auto success = execution_status::success;
constexpr auto failure = execution_status::failure;

} // namespace

TEST_CASE("the bound is in bytes, and counts what is in flight", "[queue]")
{
    journal_queue queue{{.bytes_max = 100'000, .interval = 0ms}};
    std::size_t taken = 0;
    while (queue.add(one(std::string(10'000, 'x')), nullptr)) {
        ++taken;
    }
    CHECK(taken == 8); // each takes more than its text
    CHECK(queue.depth().rows == taken);
    CHECK(queue.depth().bytes <= 100'000);
    auto const batch = queue.wait_for_batch();
    CHECK(batch.size() == taken);
    CHECK_FALSE(queue.add(one(std::string(10'000, 'x')), nullptr));
    CHECK(queue.done(batch).empty());
    CHECK(queue.depth().bytes == 0);
    CHECK(queue.add(one(std::string(10'000, 'x')), nullptr));
    CHECK_FALSE(queue.add(one(std::string(200'000, 'x')), nullptr));
}

TEST_CASE("a batch is due when it is full, in rows or bytes, or its first has waited, or somebody waits",
          "[queue]")
{
    journal_options const options{.interval = 200ms, .batch_rows_max = 3, .batch_bytes_max = 50'000};
    journal_queue queue{options};
    auto const began = std::chrono::steady_clock::now();
    auto const waited = [&] { return std::chrono::steady_clock::now() - began; };
    SECTION("rows")
    {
        for (int i = 0; i < 5; ++i) {
            queue.add(one(), nullptr);
        }
        CHECK(queue.wait_for_batch().size() == 3);
        CHECK(waited() < 150ms);
        CHECK(queue.wait_for_batch().size() == 2);
        CHECK(waited() >= 200ms);
    }
    SECTION("bytes")
    {
        queue.add(one(std::string(40'000, 'x')), nullptr);
        queue.add(one(std::string(40'000, 'x')), nullptr);
        CHECK(queue.wait_for_batch().size() == 1);
        CHECK(waited() < 150ms);
    }
    SECTION("one that is larger than a batch goes alone")
    {
        queue.add(one(std::string(400'000, 'x')), nullptr);
        CHECK(queue.wait_for_batch().size() == 1);
    }
    SECTION("somebody waits")
    {
        queue.add(one(), nullptr);
        queue.add(one(), [](auto const&) {});
        CHECK(queue.wait_for_batch().size() == 2);
        CHECK(waited() < 150ms);
    }
    SECTION("everything is to be written")
    {
        queue.add(one(), nullptr);
        queue.hurry(true);
        CHECK(queue.wait_for_batch().size() == 1);
        CHECK(waited() < 150ms);
    }
    SECTION("wake() ends the wait")
    {
        std::thread waker{[&] { queue.wake(); }};
        CHECK(queue.wait_for_batch().empty());
        waker.join();
    }
}

TEST_CASE("an outcome is merged into what waits, and kept for later where it is in flight", "[queue]")
{
    journal_queue queue{{.interval = 0ms}};
    auto row = one();
    auto const id = row.id;
    CHECK(queue.merge(id, reported(success)) == queued_merge::not_queued);
    REQUIRE(queue.add(std::move(row), nullptr));
    SECTION("it waits")
    {
        CHECK(queue.merge(id, reported(success)) == queued_merge::merged);
        CHECK(queue.merge(id, reported(success)) == queued_merge::merged);
        CHECK(queue.merge(id, reported(failure)) == queued_merge::conflict);
        auto const batch = queue.wait_for_batch();
        CHECK(batch.at(0)->row.status == success);
        CHECK(batch.at(0)->row.outcome_at);
        CHECK(queue.merge(id, reported(success)) == queued_merge::merged);
        CHECK(queue.merge(id, reported(failure)) == queued_merge::conflict);
        CHECK(queue.done(batch).empty());
    }
    SECTION("it is in flight")
    {
        auto const batch = queue.wait_for_batch();
        CHECK(queue.merge(id, reported(success)) == queued_merge::merged);
        CHECK(queue.merge(id, reported(failure)) == queued_merge::conflict);
        CHECK(batch.at(0)->row.status == execution_status::rendered); // the writer reads it
        CHECK(queue.find(id)->status == success);
        auto const again = queue.done(batch);
        REQUIRE(again.size() == 1);
        auto const o = queue.take_after(*again[0]);
        CHECK(o.status == success);
        CHECK(o.result.response == "yes");
        outcome more;
        more.result.score = 1;
        CHECK(queue.merge(id, more) == queued_merge::merged); // while the first one is on its way
        REQUIRE(queue.done(again).size() == 1);
        CHECK(queue.take_after(*again[0]).result.score == 1);
        CHECK(queue.done(again).empty());
    }
    CHECK(queue.depth().rows == 0);
    CHECK(queue.depth().bytes == 0);
    CHECK(queue.merge(id, reported(success)) == queued_merge::not_queued);
    CHECK_FALSE(queue.find(id));
}

TEST_CASE("an id is found whatever the case of its letters", "[queue]")
{
    journal_queue queue{{.interval = 0ms}};
    auto row = one();
    row.id = "017F22E2-79B0-7CC3-98C4-DC0C0C07398F";
    queue.add(std::move(row), nullptr);
    CHECK(queue.find("017f22e2-79b0-7cc3-98c4-dc0c0c07398f"));
    CHECK(queue.merge("017f22e2-79B0-7cc3-98c4-dc0c0c07398f", reported(success)) == queued_merge::merged);
}

TEST_CASE("an outcome for which there is no room is refused", "[queue]")
{
    journal_queue queue{{.bytes_max = 20'000, .interval = 0ms}};
    auto row = one();
    auto const id = row.id;
    queue.add(std::move(row), nullptr);
    CHECK(queue.merge(id, reported(success, std::string(30'000, 'x'))) == queued_merge::full);
    CHECK(queue.find(id)->status == execution_status::rendered);
}

TEST_CASE("those that somebody waits for can be taken out", "[queue]")
{
    journal_queue queue{{.interval = 1h}};
    queue.add(one(), nullptr);
    queue.add(one(), [](auto const&) {});
    queue.add(one(), nullptr);
    CHECK(queue.take_durable().size() == 1);
    CHECK(queue.depth().rows == 2);
    CHECK(queue.take_durable().empty());
    CHECK(queue.take_all().size() == 2);
    CHECK(queue.depth().bytes == 0);
    CHECK(queue.wait_until_empty(std::chrono::steady_clock::now()));
}

TEST_CASE("an id without a time is a fault of the caller, and a closed queue takes nothing", "[queue]")
{
    journal_queue queue{{}};
    auto row = one();
    row.id = "4f7f2aa0-0000-4000-8000-000000000000";
    CHECK_THROWS_AS(queue.add(row, nullptr), std::invalid_argument);
    queue.close();
    CHECK_FALSE(queue.add(one(), nullptr));
}

TEST_CASE("many threads add, merge and take, and nothing is lost", "[queue]")
{
    journal_queue queue{{.interval = 1ms}};
    constexpr int per_thread = 2'000;
    std::atomic<int> merged{0};
    std::atomic<bool> over{false};
    std::size_t written = 0;
    std::size_t outcomes = 0;
    std::thread writer{[&] {
        for (;;) {
            auto batch = queue.wait_for_batch();
            for (auto const* const entry : batch) {
                outcomes += entry->row.status == success ? 1 : 0;
            }
            written += batch.size();
            for (batch = queue.done(batch); !batch.empty(); batch = queue.done(batch)) {
                for (auto* const entry : batch) {
                    outcomes += queue.take_after(*entry).status == success ? 1 : 0;
                }
            }
            if (over && queue.depth().rows == 0) { // looked at after the wait: wake() is called once
                return;
            }
        }
    }};
    std::vector<std::thread> callers;
    for (int i = 0; i < 4; ++i) {
        callers.emplace_back([&] {
            for (int j = 0; j < per_thread; ++j) {
                auto row = one();
                auto const id = row.id;
                queue.add(std::move(row), nullptr);
                merged += queue.merge(id, reported(success)) == queued_merge::merged ? 1 : 0;
            }
        });
    }
    for (auto& caller : callers) {
        caller.join();
    }
    over = true;
    queue.wake();
    writer.join();
    CHECK(written == 4 * per_thread);
    CHECK(outcomes == static_cast<std::size_t>(merged));
}
