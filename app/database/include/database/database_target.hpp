// Where the service's own connections lead: DATABASE_URL, as the boot has judged it.
#pragma once

#include <mutex>
#include <string>

#include "schemagate/settings.hpp"

namespace app {

/// May be used from any thread. Reads DATABASE_URL when it is first asked: until the boot has judged it there
/// is nobody to tell that it is wrong.
class database_target
{
public:
    explicit database_target(schemagate::settings with);
    database_target(database_target const&) = delete;
    database_target& operator=(database_target const&) = delete;

    /// With our defaults for keepalives, where DATABASE_URL does not say otherwise: a network that swallows
    /// packets must not hold a thread for the kernel's quarter of an hour. Throws database_error (failed) if
    /// DATABASE_URL cannot be used.
    [[nodiscard]] schemagate::connection_settings const& settings();

    /// For SOCI's factory.
    [[nodiscard]] schemagate::secret const& soci_url();

    /// "prompt-service journal": for application_name, so that pg_stat_activity tells whose connection it is.
    [[nodiscard]] std::string application(std::string const& purpose = {}) const;

    /// The schema of the service's tables, as an identifier in quotes: "public".
    [[nodiscard]] std::string const& schema() const noexcept { return schema_; }

    [[nodiscard]] bool session_pooler() const noexcept { return with_.session_pooler; }

private:
    schemagate::settings with_;
    std::string schema_;
    std::once_flag judged_;
    schemagate::connection_settings settings_;
    schemagate::secret soci_url_;
};

} // namespace app
