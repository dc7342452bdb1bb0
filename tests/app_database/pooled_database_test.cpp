// Behind a real PgBouncer that shares server connections.
#include "database_fixture.hpp"
#include "pgbouncer.hpp"

using namespace database_tests;

namespace {

struct pooled
{
    explicit pooled(std::string const& mode, bool told = false) : bouncer{server, mode}
    {
        auto with = settings_for(bouncer.url(database->name()));
        with.session_pooler = told;
        target.emplace(std::move(with));
        pool.emplace(*target, app::database_options{.connections = 4, .statement_time = 300ms});
    }

    support::private_server server;
    std::unique_ptr<support::test_database> database = server.create_database();
    support::pgbouncer bouncer;
    std::optional<app::database_target> target;
    std::optional<app::database> pool;
};

} // namespace

TEST_CASE("behind a pooler that shares connections nothing is left on them", "[pooled]")
{
    pooled t{"transaction"};
    t.pool->transaction([](database_connection& c) {
        CHECK(c.is_pooled());
        CHECK(c.ask("show statement_timeout")[0].at(0) == "300ms"); // for this transaction alone
    });
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 50; ++j) {
                t.pool->read([](database_connection& c) {
                    CHECK(c.ask("select $1::int + 1", {"1"})[0].at(0) == "2");
                });
                t.pool->transaction([](database_connection& c) {
                    CHECK(c.ask("select $1::int + 2", {"1"})[0].at(0) == "3");
                });
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    t.pool->read([](database_connection& c) {
        CHECK(c.ask("show statement_timeout")[0].at(0) == "0");
        CHECK(c.ask("select count(*) from pg_prepared_statements")[0].at(0) == "0");
    });
}

TEST_CASE("behind a pooler too, a statement that takes too long is busy", "[pooled]")
{
    pooled t{"transaction"};
    CHECK(error_of([&] {
              t.pool->read([](database_connection& c) { c.ask("select pg_sleep(9)"); });
          }).reason() == kind::busy);
    CHECK(error_of([&] {
              t.pool->transaction([](database_connection& c) { c.ask("select pg_sleep(9)"); });
          }).reason() == kind::busy);
}

TEST_CASE("a pooler of which nobody was told that it shares connections: statements are sent anew",
          "[pooled]")
{
    pooled t{"transaction", true};
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int j = 0; j < 100; ++j) {
                auto const sql = "select $1::int + " + std::to_string(i);
                t.pool->read([&](database_connection& c) {
                    wrong += c.ask(sql, {"1"})[0].at(0) == std::to_string(i + 1) ? 0 : 1;
                });
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(wrong == 0);
}
