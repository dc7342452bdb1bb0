// kill -9 of a process that writes.
#include <csignal>
#include <set>
#include <sstream>

#include "child_process.hpp"
#include "journal_fixture.hpp"

using namespace journal_tests;

TEST_CASE("kill -9 under load loses no durable execution, and of the others no more than the queue's time",
          "[kill]")
{
    log_database where;
    std::set<std::string> durable;
    std::size_t most_lost = 0;
    for (int round = 0; round < 5; ++round) {
        support::child_process writer{DURABLE_WRITER_PROGRAM, {}, {{"DATABASE_URL", where.database->url()}}};
        REQUIRE(writer.wait_for_output("durable "));
        std::this_thread::sleep_for(std::chrono::milliseconds{300 + 70 * round});
        auto const before = writer.out(); // what was queued more than the queue's time before the end
        std::this_thread::sleep_for(1s);
        writer.kill(SIGKILL);
        static_cast<void>(writer.wait());
        std::set<std::string> early;
        std::istringstream lines{writer.out()};
        for (std::string word, id; lines >> word >> id;) {
            if (id.size() == 36 && word == "durable") {
                durable.insert(id);
            }
            if (id.size() == 36 && word == "queued" && before.find(id) != std::string::npos) {
                early.insert(id);
            }
        }
        std::set<std::string> logged;
        for (auto const& row : where.database->query("select id from prompt_executions")) {
            logged.insert(row.at(0));
        }
        most_lost =
            std::max(most_lost,
                     static_cast<std::size_t>(std::count_if(
                         early.begin(), early.end(), [&](auto const& id) { return !logged.contains(id); })));
    }
    CHECK(durable.size() > 100);
    std::set<std::string> logged;
    for (auto const& row : where.database->query("select id from prompt_executions")) {
        logged.insert(row.at(0));
    }
    std::size_t missing = 0;
    for (auto const& id : durable) {
        missing += logged.contains(id) ? 0 : 1;
    }
    CHECK(missing == 0);
    CHECK(most_lost == 0);
}
