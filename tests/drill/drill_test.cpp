// The fault drill: two replicas under load while faults happen. No answer is wrong, no execution that was
// acknowledged as durable is lost or written twice, and the service lives and heals. How long readers had to
// wait is printed, and asserted nowhere: it is the machine's as much as ours. DRILL_ROUNDS (1) repeats each
// fault.
#include <csignal>
#include <iostream>
#include <sstream>

#include "standby_server.hpp"
#include "traffic.hpp"

using namespace drill;
using contract::broken_rule;
using contract::eventually;
using contract::replica;

namespace {

int rounds()
{
    char const* const given = std::getenv("DRILL_ROUNDS");
    return given == nullptr ? 1 : std::max(1, std::stoi(given));
}

support::server_options durable_options()
{
    auto options = support::primary_options();
    options.config.emplace_back("synchronous_commit = on"); // it is killed: what it committed must stay
    return options;
}

// One for all faults but the one that it does not outlive.
support::private_server& lasting_server()
{
    static support::private_server one{durable_options()};
    return one;
}

// A migrated database, two replicas on it and the prompt.
struct stage
{
    support::private_server& server;
    std::unique_ptr<contract::database_with_keys> database;
    std::unique_ptr<support::standby_server> standby;
    std::array<std::unique_ptr<replica>, 2> replicas;
    std::string data_url; // of who holds the data in the end

    explicit stage(support::private_server& on, bool with_standby = false) : server{on}
    {
        auto made = server.create_database();
        auto const migrated = programs::prompt_service({"migrate"}, {{"DATABASE_URL", made->url()}});
        INFO(migrated.err);
        REQUIRE(migrated.code == 0);
        database = std::make_unique<contract::database_with_keys>(std::move(made));
        data_url = database->database->admin_url();
        if (with_standby) {
            standby = std::make_unique<support::standby_server>(server);
            // A commit is acknowledged when both have it: else a promotion may lose it, whoever the client
            // is.
            database->run("alter system set synchronous_standby_names = '*'");
            database->run("select pg_reload_conf()");
            REQUIRE(programs::becomes_true(
                *database->database,
                "select exists (select from pg_stat_replication where sync_state = 'sync')"));
        }
        for (auto& one : replicas) {
            one = started();
        }
        contract::create(*replicas[1], prompt, template_of(1));
        for (int version = 2; version <= versions; ++version) {
            contract::add_version(*replicas[1], prompt, template_of(version));
        }
        REQUIRE(eventually([&] { return replicas[0]->get("/v1/prompts/"s + prompt).status == 200; }));
    }

    [[nodiscard]] std::unique_ptr<replica> started() const
    {
        support::environment with{{"PROMPT_SERVICE_ACCESS_LOG", "off"}};
        if (standby) {
            auto const host = [](int port) { return "127.0.0.1:" + std::to_string(port); };
            auto url = database->database->url();
            auto const at = url.find(host(server.port()));
            with["DATABASE_URL"] =
                url.insert(at, host(standby->port()) + ",") + "?target_session_attrs=read-write";
        }
        return std::make_unique<replica>(*database, with);
    }
    [[nodiscard]] std::array<int, 2> ports() const { return {replicas[0]->port(), replicas[1]->port()}; }
    [[nodiscard]] std::string value(std::string const& sql) const { return support::value(data_url, sql); }

    // Reads never stopped; now writes work again, on both.
    void check_healed() const
    {
        for (auto const& one : replicas) {
            CHECK(eventually([&] { return one->get("/readyz").at("/degraded") != true; }, 20s));
            CHECK(eventually(
                [&] {
                    return one->render(prompt, {{"who", "x"}}, {}, "?durable=true").status == 200;
                },
                20s));
            CHECK(eventually(
                [&] {
                    return one->send("PUT", "/v1/prompts/"s + prompt + "/labels/checked", {{"version", 1}})
                               .status == 200;
                },
                20s));
        }
    }

    // Of these ids, those that are not in the table exactly once.
    [[nodiscard]] std::string not_once(std::vector<std::string> const& ids) const
    {
        std::string list = "(null::uuid)";
        for (auto const& id : ids) {
            list += ",('" + id + "')";
        }
        return value("select count(*) from (select v.id from (values " + list +
                     ") v (id) left join prompt_executions e using (id) where v.id is not null group by v.id "
                     "having count(e.id) <> 1) bad");
    }
};

std::string milliseconds(clock::duration time)
{
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
}

void print(std::string const& fault, traffic::outcome const& of, unsigned long wrk_answers)
{
    static bool const headed = [] {
        std::cout << "| fault | answers | worst gap: fetch | render | durable render | 503 "
                     "|\n|---|---|---|---|---|---|\n";
        return true;
    }();
    (void)headed;
    std::cout << "| " << fault << " | " << of.answers + wrk_answers << " | " << milliseconds(of.fetch_gap)
              << " | " << milliseconds(of.render_gap) << " | " << milliseconds(of.durable_gap) << " |";
    for (auto const& [what, count] : of.refused) {
        std::cout << ' ' << what << ": " << count << ';';
    }
    std::cout << " |" << std::endl;
}

// Ends the clients, lets the replicas write what they have, and judges.
void judge(std::string const& fault, stage& at, traffic& clients, bool keeps_queues = true)
{
    at.check_healed();
    auto const& of = clients.end();
    for (auto const& text : of.wrong) {
        FAIL_CHECK(text);
    }
    std::istringstream line{of.wrk};
    std::string done;
    unsigned long answers = 0, wrong = 1, failed = 1;
    line >> done >> answers >> wrong >> failed;
    INFO("wrk: " << of.wrk);
    CHECK(wrong == 0);
    CHECK(failed == 0);
    CHECK(answers > 100);
    CHECK(of.durable.size() > 20);
    for (auto const& one : at.replicas) {
        CHECK(one->process().terminate(15s) == 0);
    }
    CHECK(at.not_once(of.durable) == "0");
    if (keeps_queues) {
        CHECK(of.queued.size() > 20);
        CHECK(at.not_once(of.queued) == "0");
    }
    CHECK(at.value("select count(*) from (select input_variables ->> 'who' from prompt_executions where "
                   "input_variables ->> 'who' <> 'x' group by 1 having count(*) > 1) twice") == "0");
    print(fault, of, answers);
}

} // namespace

TEST_CASE("drill: the database is stopped and started")
{
    stage at{lasting_server()};
    traffic clients{at.database->write, at.ports(), {.mover_staleness = 4s}};
    for (int round = 0; round < rounds(); ++round) {
        std::this_thread::sleep_for(500ms);
        round % 2 == 0 ? at.server.stop() : at.server.kill();
        std::this_thread::sleep_for(1s);
        at.server.start();
        at.check_healed();
    }
    judge("the database is stopped and started", at, clients);
}

TEST_CASE("drill: the primary dies and its standby is promoted")
{
    support::private_server primary{durable_options()};
    stage at{primary, true};
    traffic clients{at.database->write, at.ports(), {.mover_staleness = 4s}};
    std::this_thread::sleep_for(500ms);
    at.server.kill();
    std::this_thread::sleep_for(500ms);
    at.standby->promote();
    at.data_url = at.standby->admin_url(at.database->database->name());
    judge("the primary dies and its standby is promoted", at, clients);
}

TEST_CASE("drill: the pool is starved")
{
    stage at{lasting_server()};
    traffic clients{at.database->write, at.ports(), {.mover_staleness = 4s}};
    for (int round = 0; round < rounds(); ++round) {
        std::this_thread::sleep_for(300ms);
        support::sql_session admin{at.data_url};
        // Statements that read the log hold every connection of the pool, and more requests wait behind them.
        std::atomic<int> wrong{0};
        std::vector<std::thread> readers;
        admin("begin");
        admin("lock table prompt_executions in access exclusive mode");
        for (std::size_t i = 0; i < 32; ++i) {
            readers.emplace_back([&, i] {
                support::http_client client{at.replicas.at(i % 2)->port()};
                contract::answer const a{
                    client.ask(contract::request_of({"GET", "/v1/executions", {}, at.database->write}))};
                wrong += (a.status == 200 || a.status == 503) && broken_rule(a).empty() ? 0 : 1;
            });
        }
        std::this_thread::sleep_for(1s);
        admin("rollback");
        for (auto& one : readers) {
            one.join();
        }
        CHECK(wrong == 0);
        // The role may have no more connections, and loses those that it has.
        admin("alter role "s + support::private_server::owner + " connection limit 1");
        admin("select pg_terminate_backend(pid) from pg_stat_activity where usename = '"s +
              support::private_server::owner + "'");
        std::this_thread::sleep_for(1s);
        admin("alter role "s + support::private_server::owner + " connection limit -1");
        at.check_healed();
    }
    judge("the pool is starved", at, clients);
}

TEST_CASE("drill: the label is moved 100 times")
{
    stage at{lasting_server()};
    traffic clients{at.database->write, at.ports(), {.pause_between_moves = 5ms}};
    CHECK(eventually([&] { return clients.confirmed_moves() >= 100 * rounds(); }, 60s * rounds()));
    judge("the label is moved 100 times", at, clients);
}

TEST_CASE("drill: a replica is killed while it writes durable executions")
{
    stage at{lasting_server()};
    traffic clients{at.database->write, at.ports(), {.replicas_die = true}};
    for (int round = 0; round < rounds(); ++round) {
        auto const written = clients.durable_so_far();
        CHECK(eventually([&] { return clients.durable_so_far() > written + 50; }, 20s));
        at.replicas[0]->process().process().kill(SIGKILL);
        std::this_thread::sleep_for(500ms);
        at.replicas[0] = at.started();
        clients.moved(0, at.replicas[0]->port());
        std::this_thread::sleep_for(500ms);
    }
    judge("a replica is killed while it writes durable executions", at, clients, false);
}
