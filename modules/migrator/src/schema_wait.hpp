// Waiting until somebody else has brought the schema up to date, within SCHEMAGATE_LOCK_WAIT.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "boot_context.hpp"
#include "schemagate/postgres/idle_check.hpp"
#include "schemagate/postgres/leadership.hpp"

namespace schemagate {

/// Why this boot may only wait for others to migrate; "" if it may do so itself. Where MIGRATION_DATABASE_URL
/// leads, the server that carries the traffic need not be written to.
[[nodiscard]] std::string reason_to_wait(settings const& with, postgres::idle_state const& seen);

/// What the stop button says: "schemagate.hold is set on this database: reason".
[[nodiscard]] std::string held_words(postgres::idle_state const& seen);

/// What one boot waits, whatever it waits for: from a first sleep until it leads, and again from the next.
class schema_wait
{
public:
    explicit schema_wait(boot_context& boot) noexcept : boot_{boot} {}

    /// Tells why, and sleeps with jitter. Throws failure{lock_wait_over} or {standby_waiting} once the limit
    /// is reached, and postgres::stop_requested.
    void before_next_look(std::string const& reason,
                          std::optional<postgres::leader_description> const& holder = {});

    /// This boot leads: what it does now is no wait.
    void over();

    /// How long it has waited in all.
    [[nodiscard]] std::chrono::milliseconds elapsed() const;

private:
    boot_context& boot_;
    std::chrono::milliseconds before_{0};
    std::optional<stopwatch> since_;
    int waits_ = 0;
};

} // namespace schemagate
