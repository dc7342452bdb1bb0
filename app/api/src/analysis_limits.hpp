// How analyses ask the database: with connections and threads of their own, and not for long.
#pragma once

#include "database/database.hpp"
#include "database/database_error.hpp"
#include "http/problem.hpp"

namespace app {

/// Below the time that a request has for its answer.
inline constexpr database_options analysis_options{.connections = 2};

/// Runs `ask` on one state of the database. One core at most, so that a long period does not take those that
/// answer requests. Throws problem 503 `analytics-timeout` where it takes too long.
template <typename F>
auto analysed(database& with, F const& ask)
{
    try {
        return with.read_consistently([&](database_connection& c) {
            c.run("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off");
            return ask(c);
        });
    }
    catch (database_error const& e) {
        if (e.sqlstate() == "57014") { // query_canceled, by statement_timeout
            throw unavailable(
                "analytics-timeout",
                "The period holds too much to be counted in time: ask for a shorter one, or for "
                "one prompt.",
                30);
        }
        throw;
    }
}

} // namespace app
