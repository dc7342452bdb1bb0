// Steps 1 to 10 of a boot. One object per boot; one thread.
#pragma once

#include <optional>
#include <string>

#include "boot_context.hpp"
#include "leader.hpp"
#include "schema_wait.hpp"
#include "schemagate/connection_settings.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/connection.hpp"
#include "schemagate/postgres/idle_check.hpp"
#include "schemagate/postgres/server_identity.hpp"
#include "schemagate/report.hpp"

namespace schemagate {

class boot_flow
{
public:
    explicit boot_flow(boot_context& boot) : boot_{boot}, wait_{boot} {}

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
        /// That of DATABASE_URL, where MIGRATION_DATABASE_URL is set as well.
        std::optional<postgres::server_identity> server;
    };

    verdict check(postgres::connection& on);
    postgres::idle_state check_as_reader(postgres::connection& on) const;
    void become_leader(connection_settings const& where, postgres::connection checked, verdict& seen);
    void lead(leader& chosen, verdict& seen);
    void apply(leader& chosen, batch const& together, plan const& planned, verdict& seen);
    [[nodiscard]] bool may_migrate(postgres::connection& on, postgres::server_identity const& serving) const;
    void survive_lost_connection(postgres::sql_error const& e);
    [[nodiscard]] boot_report admitted(admission_kind kind, verdict const& seen) const;
    [[nodiscard]] static admission_kind kind_of(verdict const& seen) noexcept;
    [[nodiscard]] failure not_current(verdict const& seen) const;

    boot_context& boot_;
    std::vector<std::string> applied_;
    schema_wait wait_;
    std::vector<std::string> missing_; ///< judged already: a boot that waits looks again and again
    int losses_ = 0;
    int led_ = 0; ///< times that this boot led to the end, with a URL for migrating
};

/// Steps 1 and 2: judges DATABASE_URL in this place; tells every finding. Throws failure{errc::url_refused}.
[[nodiscard]] connection_settings validate_url(boot_context& boot);

/// The same for MIGRATION_DATABASE_URL, if it is set. Throws failure{errc::setting_invalid} in modes that
/// never migrate.
[[nodiscard]] std::optional<connection_settings> validate_migration_url(boot_context& boot);

/// The whole of it, without the lock, on a connection of connect_with_events().
[[nodiscard]] history read_history(boot_context const& boot, postgres::connection& on);

/// Step 4 with its events. Its server has to answer within answer_max.
[[nodiscard]] postgres::connection connect_with_events(boot_context& boot, connection_settings const& where);

} // namespace schemagate
