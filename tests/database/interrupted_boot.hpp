// Boots that do not come to their end, as a killed process leaves them.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <thread>

#include "direct_sql.hpp"
#include "engine.hpp"

namespace engine {

/// Until `holds` does; false after 20 s.
[[nodiscard]] inline bool eventually(std::function<bool()> const& holds)
{
    for (auto const end = std::chrono::steady_clock::now() + std::chrono::seconds{20}; !holds();) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return true;
}

struct interruptible : fixture
{
    /// A boot that is stopped once the server answers 't', or after 20 s.
    [[nodiscard]] ended stopped(schemagate::catalog const& shipped, std::string const& once) const
    {
        std::stop_source stop;
        std::jthread stopper{[&](std::stop_token const& over) {
            static_cast<void>(eventually([&] { return over.stop_requested() || value(once) == "t"; }));
            stop.request_stop();
        }};
        auto result = engine::boot(with, shipped, events, stop.get_token());
        stopper.request_stop();
        return result;
    }

    /// Every concurrent build waits for its end.
    [[nodiscard]] support::sql_session old_snapshot() const
    {
        support::sql_session reader{database->admin_url()};
        reader("begin isolation level repeatable read; select 1");
        return reader;
    }

    /// A boot that is stopped while it builds an index, which is left INVALID.
    void interrupt_build(schemagate::catalog const& shipped) const
    {
        auto const before = invalid_indexes();
        auto const reader = old_snapshot();
        auto const ended =
            stopped(shipped, "select count(*) > " + before + " from pg_index where not indisvalid");
        REQUIRE(ended.code() == "interrupted");
        REQUIRE(invalid_indexes() != before);
    }

    [[nodiscard]] std::string invalid_indexes() const
    {
        return value("select count(*) from pg_index where not indisvalid");
    }

    /// A boot of ours waits for a lock, or says that it will try again.
    [[nodiscard]] bool held_up() const
    {
        return !events->events(schemagate::step::apply, schemagate::outcome::retrying).empty() ||
               value("select exists (select from pg_stat_activity where datname = current_database() and"
                     " application_name like 'schemagate/%' and wait_event_type = 'Lock')") == "t";
    }
};

} // namespace engine
