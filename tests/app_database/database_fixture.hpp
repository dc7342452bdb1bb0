// The service's pool on a database of its own, seen from outside by plain libpq.
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "catch.hpp"
#include "database/database.hpp"
#include "database/database_error.hpp"
#include "private_server.hpp"

namespace database_tests {

using namespace std::chrono_literals;
using app::database_connection;
using app::database_error;
using kind = app::database_error::kind;

inline schemagate::settings settings_for(std::string const& url)
{
    schemagate::settings with;
    with.database_url = schemagate::database_url_text{schemagate::secret{url}, "the test", {}};
    with.application = "tested service";
    return with;
}

struct fixture
{
    explicit fixture(app::database_options options = {}) : pool{target, options} {}
    fixture(std::string const& url, app::database_options options)
        : target{settings_for(url)}, pool{target, options}
    {}

    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    app::database_target target{settings_for(database->url())};
    app::database pool;

    /// What the pool's own questions see.
    [[nodiscard]] std::string value(std::string const& sql)
    {
        return pool.read([&](database_connection& c) { return app::text_in(c.ask(sql)[0].at(0)); });
    }
};

/// The error that `call` throws; the test fails if it throws none.
template <typename F>
database_error error_of(F const& call)
{
    try {
        call();
    }
    catch (database_error const& e) {
        return e;
    }
    FAIL("no error");
    return {kind::failed, ""};
}

template <typename F>
bool becomes_true(F const& question, std::chrono::milliseconds limit = 10s)
{
    auto const until = std::chrono::steady_clock::now() + limit;
    while (!question()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

/// Ends the connections of the service to the database of the test, as an administrator would.
inline void end_connections(support::test_database const& database)
{
    database.run(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and "
        "application_name like 'tested service%'");
}

} // namespace database_tests
