// What users of other tools complain of about live traffic beside a migration, each by its number.
#include <algorithm>
#include <atomic>

#include "complaint_folder.hpp"

using engine::becomes_true;
using engine::complaint_folder;
using schemagate::outcome;
using schemagate::step;
using support::holds;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

/// An application's reader: as fast as it can, with a note of its worst wait.
class reader
{
public:
    explicit reader(std::string const& url)
        : thread_{[this, url](std::stop_token const& stop) {
              support::sql_session session{url};
              while (!stop.stop_requested()) {
                  auto const begin = clock::now();
                  session("select count(*) from a");
                  worst_ = std::max<clock::duration>(worst_, clock::now() - begin);
                  ++reads_;
                  std::this_thread::sleep_for(1ms);
              }
          }}
    {}
    /// Ends it.
    [[nodiscard]] std::chrono::milliseconds worst()
    {
        thread_ = {};
        return std::chrono::duration_cast<std::chrono::milliseconds>(worst_);
    }
    [[nodiscard]] int reads() const { return reads_; }

private:
    clock::duration worst_{};
    std::atomic<int> reads_ = 0;
    std::jthread thread_;
};

/// Looks at pg_locks all the time for a table lock that a Schemagate waits for.
class queue_watch
{
public:
    explicit queue_watch(std::string const& url)
        : thread_{[this, url](std::stop_token const& stop) {
              support::sql_session session{url};
              while (!stop.stop_requested()) {
                  queued_ = queued_ + (session.value("select exists (select from pg_locks l join "
                                                     "pg_stat_activity a using (pid) where not l.granted and "
                                                     "a.application_name like 'schemagate/%')") == "t"
                                           ? 1
                                           : 0);
                  ++looks_;
              }
          }}
    {}
    [[nodiscard]] int queued() const { return queued_; }
    [[nodiscard]] int looks() const { return looks_; }

private:
    std::atomic<int> queued_ = 0;
    std::atomic<int> looks_ = 0;
    std::jthread thread_;
};

std::string const alter = "alter table a add column note text;\n";

} // namespace

TEST_CASE_METHOD(complaint_folder,
                 "complaint 22: DDL queues behind a reader and takes the table down (freehire#1284, "
                 "taskcluster#3632)",
                 "[complaint]")
{
    make_table();
    with.lock_retry = 30s;
    write("1_alter.sql", alter);
    support::sql_session holds_it{database->admin_url()};
    holds_it("begin; select count(*) from a"); // and does not commit
    reader others{database->admin_url()};
    engine::many_boots one;
    one.start(with, schemagate::catalog_of_folder("test", folder.path() / "migrations"), events);
    for (auto const deadline = clock::now() + 20s;
         events->events(step::apply, outcome::retrying).size() < 4 && clock::now() < deadline;) {
        std::this_thread::sleep_for(5ms);
    }
    CHECK(events->events(step::apply, outcome::retrying).size() >= 4);
    holds_it("commit");
    CHECK(one.troubles().empty());
    CHECK(others.reads() > 100);
    // SCHEMAGATE_LOCK_TIMEOUT is 50 ms; a blocked queue would be as long as the reader's transaction.
    CHECK(others.worst() < 400ms);
    CHECK(recorded() == "1");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 22: a transaction older than 5 s is not queued behind at all (METR/hawk#1506)",
                 "[complaint]")
{
    make_table();
    with.lock_retry = 30s;
    auto const statements = GENERATE(as<std::string>{}, "", "create index i on a (id);\n");
    write("1_alter.sql", statements + alter);
    support::sql_session old{database->url()};
    old("begin; select count(*) from a");
    std::this_thread::sleep_for(5'200ms);
    queue_watch const watch{database->admin_url()};
    reader others{database->admin_url()};
    engine::many_boots one;
    one.start(with, schemagate::catalog_of_folder("test", folder.path() / "migrations"), events);
    REQUIRE(events->wait_for(step::apply, outcome::waiting));
    std::this_thread::sleep_for(1500ms);
    CHECK(watch.queued() == 0);
    CHECK(watch.looks() > 100);
    old("commit");
    CHECK(one.troubles().empty());
    CHECK(others.worst() < 300ms);
    CHECK(value("select retries from schemagate.history") == "0");
    auto const told = events->events(step::apply, outcome::waiting).front();
    CHECK_THAT(told.message, holds("a long transaction holds a table that is to be changed"));
    CHECK(told.fields.front().second == old.value("select pg_backend_pid()"));
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 22: neither behind another role's, once it was seen for 5 s: its age is hidden",
                 "[complaint]")
{
    make_table();
    with.lock_retry = 30s;
    write("1_alter.sql", alter);
    support::sql_session dump{database->admin_url()};
    dump("begin; select count(*) from a");
    engine::many_boots one;
    one.start(with, schemagate::catalog_of_folder("test", folder.path() / "migrations"), events);
    auto const told = [&] {
        auto const waits = events->events(step::apply, outcome::waiting);
        return std::any_of(waits.begin(), waits.end(), [](auto const& e) {
            return e.message.find("a long transaction holds a table") != std::string::npos;
        });
    };
    for (auto const deadline = clock::now() + 20s; !told() && clock::now() < deadline;) {
        std::this_thread::sleep_for(5ms);
    }
    REQUIRE(told());
    {
        queue_watch const watch{database->admin_url()};
        std::this_thread::sleep_for(2s);
        CHECK(watch.queued() == 0);
    }
    dump("commit");
    CHECK(one.troubles().empty());
    CHECK(recorded() == "1");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 22: but the lock timeout does not end CREATE INDEX CONCURRENTLY (freehire#2365, "
                 "lobu#396)",
                 "[complaint]")
{
    make_table();
    with.lock_timeout = 10ms;
    write("1_i.sql", "create index concurrently i on a (id);\nalter table a add column note text;\n");
    auto old = std::make_unique<support::sql_session>(database->admin_url());
    (*old)("begin isolation level repeatable read; select 1");
    engine::many_boots one;
    one.start(with, schemagate::catalog_of_folder("test", folder.path() / "migrations"), events);
    REQUIRE(becomes_true(*database, "select exists (select from pg_stat_activity where query ilike 'create "
                                    "index concurrently%' and wait_event = 'virtualxid')"));
    std::this_thread::sleep_for(500ms);
    old.reset();
    CHECK(one.troubles().empty());
    CHECK(events->events(step::apply, outcome::retrying).empty());
    CHECK(invalid_indexes() == "0");
    CHECK(recorded() == "1");
}
