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

/// One boot's wait. The time from its first sleep on counts as one, whatever is waited for.
class schema_wait
{
public:
    explicit schema_wait(boot_context& boot) noexcept : boot_{boot} {}

    /// Tells why, and sleeps with jitter. Throws failure{lock_wait_over} or {standby_waiting} once the limit
    /// is reached, and postgres::stop_requested.
    void before_next_look(std::string const& reason,
                          std::optional<postgres::leader_description> const& holder = {});

    /// Time since the first wait began; 0 if there was none.
    [[nodiscard]] std::chrono::milliseconds elapsed() const;

private:
    boot_context& boot_;
    std::optional<std::chrono::steady_clock::time_point> since_;
    int waits_ = 0;
};

} // namespace schemagate
