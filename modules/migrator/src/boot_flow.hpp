// Steps 1 to 10 of a boot. One object per boot; one thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "boot_context.hpp"
#include "leader.hpp"
#include "schemagate/connection_settings.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/idle_check.hpp"
#include "schemagate/report.hpp"

namespace schemagate {

class boot_flow
{
public:
    explicit boot_flow(boot_context& boot) : boot_{boot} {}

    /// The whole of it. Throws failure and postgres::stop_requested.
    [[nodiscard]] boot_report run();

private:
    // What one look at the database (step 5) means for this boot.
    struct verdict
    {
        bool current = false;
        bool may_write = true;   ///< mode apply, on a server that can be written and is not on hold
        bool newer = false;      ///< the database is ahead of this binary, and compatible
        std::string why_waiting; ///< where may_write is false
        std::string schema_version;
        std::vector<std::string> pending; ///< names, for messages
    };

    connection_settings validated_url();
    postgres::connection connect(connection_settings const& where);
    verdict check(postgres::connection& on);
    void become_leader(connection_settings const& where, verdict& seen);
    void lead(leader& chosen, verdict& seen);
    void wait_before_next_look(std::string const& reason,
                               std::optional<postgres::leader_description> const& holder = {});
    void measure_wait();
    void survive_lost_connection(postgres::sql_error const& e);
    [[nodiscard]] boot_report admitted(admission_kind kind, verdict const& seen) const;
    [[nodiscard]] failure not_current(verdict const& seen) const;

    boot_context& boot_;
    std::vector<std::string> applied_;
    std::optional<std::chrono::steady_clock::time_point> waiting_since_;
    int waits_ = 0;
    int losses_ = 0;
    std::chrono::milliseconds lock_wait_{0};
};

/// Steps 1 and 2: judges DATABASE_URL in this place; tells every finding. Throws failure{errc::url_refused}.
[[nodiscard]] connection_settings validate_url(boot_context& boot);

/// Step 4 with its events.
[[nodiscard]] postgres::connection connect_with_events(boot_context& boot, connection_settings const& where);

} // namespace schemagate
