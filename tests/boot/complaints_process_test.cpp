// What users of other tools complain of where only whole processes show it: fifty at once, and one that is
// killed.
#include <atomic>
#include <csignal>
#include <optional>
#include <thread>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using namespace std::chrono_literals;

namespace {

constexpr auto builds = "from pg_stat_activity where datname = current_database() and state = 'active' and "
                        "query ~* '^(create|drop) index concurrently'";

/// How many sessions work on an index at once, looked at all the time.
class build_watch
{
public:
    explicit build_watch(support::test_database const& database)
        : thread_{[this, url = database.admin_url()](std::stop_token const& stop) {
              support::sql_session session{url};
              while (!stop.stop_requested()) {
                  most_ = std::max<int>(most_,
                                        std::stoi(session.value(std::string{"select count(*) "} + builds)));
                  std::this_thread::sleep_for(1ms);
              }
          }}
    {}
    [[nodiscard]] int most() const { return most_; }

private:
    std::atomic<int> most_ = 0;
    std::jthread thread_;
};

/// A table, a migration that builds an index on it concurrently, and a transaction that keeps it from ending.
struct held_build
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    script_folder scripts{*database};
    std::unique_ptr<support::sql_session> snapshot;
    std::optional<build_watch> watch;

    held_build()
    {
        database->run("create table a (id int); insert into a select generate_series(1, 1000); "
                      "alter table a owner to backend");
        scripts.write("1_i.sql", "create index concurrently i on a (id);\n");
        snapshot = std::make_unique<support::sql_session>(database->admin_url());
        (*snapshot)("begin isolation level repeatable read; select 1");
    }

    void check_built()
    {
        watch.reset();
        CHECK(database->value(
                  "select count(*) from pg_index where indrelid = 'a'::regclass and indisvalid") == "1");
        CHECK(database->value("select count(*) from pg_index where not indisvalid") == "0");
        CHECK(database->value("select string_agg(version || state, ' ') from schemagate.history") ==
              "1applied");
        CHECK(becomes_true(*database, lock_is_free, 5s));
        CHECK(becomes_true(*database, nobody_connected, 5s));
    }
};

} // namespace

TEST_CASE_METHOD(held_build,
                 "case (a), complaints 2 to 4: fifty processes at once, one CREATE INDEX CONCURRENTLY: all "
                 "exit 0, and the index is valid",
                 "[complaint]")
{
    watch.emplace(*database);
    std::vector<std::unique_ptr<support::child_process>> fleet;
    fleet.reserve(50);
    for (int i = 0; i < 50; ++i) {
        fleet.push_back(scripts.start_migrate());
    }
    int waiting = 0;
    for (auto const& each : fleet) {
        waiting += each->wait_for_output("outcome=waiting", 20s) ? 1 : 0;
    }
    CHECK(waiting >= 49);
    snapshot.reset();
    for (auto const& each : fleet) {
        auto const status = each->wait(60s);
        INFO(each->out() << each->err());
        CHECK(status.code == 0);
    }
    CHECK(watch->most() == 1);
    check_built();
}

TEST_CASE_METHOD(held_build,
                 "case (b), complaint 25: a leader killed with -9 in the middle of CREATE INDEX "
                 "CONCURRENTLY is followed only when its old backend is gone",
                 "[complaint]")
{
    auto const first = scripts.start_migrate();
    REQUIRE(becomes_true(*database, std::string{"select count(*) = 1 "} + builds));
    auto const backend = database->value(std::string{"select pid "} + builds);
    auto const follower = scripts.start_migrate();
    REQUIRE(follower->wait_for_output("outcome=waiting"));
    watch.emplace(*database);
    first->kill(SIGKILL);
    REQUIRE(first->wait().signal == SIGKILL);

    auto const is_gone = "select not exists (select from pg_stat_activity where pid = " + backend + ")";
    if (database->value("select current_setting('server_version_num')::int >= 140000") == "t") {
        // client_connection_check_interval: within a second or two, while the snapshot is still there.
        CHECK(becomes_true(*database, is_gone, 10s));
        CHECK(becomes_true(*database, std::string{"select count(*) = 1 "} + builds, 20s));
    }
    else {
        CHECK_FALSE(becomes_true(*database, is_gone, 3s)); // the server finishes its statement first
    }
    snapshot.reset();
    auto const status = follower->wait();
    INFO(follower->out() << follower->err());
    CHECK(status.code == 0);
    CHECK(watch->most() == 1);
    check_built();
}

TEST_CASE("complaint 24: the liveness probe kills the process that migrates (spring-boot#32282, "
          "maintenant#56, goiabada#392)",
          "[complaint]")
{
    auto const database = support::private_server::shared().create_database();
    auto lock = std::make_unique<support::sql_session>(hold_boot_lock(*database));
    service backend{{{"DATABASE_URL", database->url()}}};
    REQUIRE(backend.in_state("waiting_for_lock"));
    CHECK(backend.get("/livez").status == 200);
    CHECK(backend.get("/readyz").status == 503);
    CHECK(backend.get("/v1/prompts/nlu_topic_extraction").status == 503);
    lock.reset();
    REQUIRE(backend.is_ready());
    CHECK(backend.terminate() == 0);
}
