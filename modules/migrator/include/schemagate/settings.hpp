// All settings of a boot (boot-protocol: settings). Every one is also an environment variable and a flag of
// the command line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"
#include "schemagate/plan.hpp"

namespace schemagate {

/// SCHEMAGATE_MODE.
enum class mode
{
    apply,
    wait,
    verify,
    skip
};
[[nodiscard]] std::string_view name(mode m) noexcept;

/// Plain data: fill by hand, or from the environment. May be copied between threads.
struct settings
{
    /// DATABASE_URL, its file or the credential; nullopt: none of them was set, and the boot says so.
    std::optional<database_url_text> database_url;
    schemagate::mode mode = schemagate::mode::apply; ///< SCHEMAGATE_MODE
    url_policy url;                                  ///< SCHEMAGATE_CONNECTION, SCHEMAGATE_ACCEPT
    plan_policy plan;                                ///< SCHEMAGATE_OUT_OF_ORDER, SCHEMAGATE_NEWER

    std::chrono::milliseconds connect_wait{60'000}; ///< SCHEMAGATE_CONNECT_WAIT: reaching the server, in all
    std::chrono::milliseconds lock_wait{900'000};   ///< SCHEMAGATE_LOCK_WAIT: while another process migrates
    std::chrono::milliseconds lock_timeout{50};     ///< SCHEMAGATE_LOCK_TIMEOUT: one attempt at a table lock
    std::chrono::milliseconds lock_retry{600'000};  ///< SCHEMAGATE_LOCK_RETRY: all attempts of one migration
    std::chrono::milliseconds statement_timeout{0}; ///< SCHEMAGATE_STATEMENT_TIMEOUT: 0 is none

    std::string history_schema = "schemagate"; ///< SCHEMAGATE_HISTORY_SCHEMA
    std::string target_schema = "public";      ///< where unqualified names of scripts go
    bool log_sql = false; ///< SCHEMAGATE_LOG_SQL=1: DETAIL, CONTEXT and statements in errors

    std::string application = "backend"; ///< the program's name, for application_name and the history
    std::string application_version;     ///< for the history; may be empty

    std::vector<std::string> warnings; ///< e.g. an unknown SCHEMAGATE_ variable

    /// Reads the environment of `where`. Throws failure with exit 78, naming the variable, what is wrong with
    /// its value, and an example. Call it before other threads change the environment.
    [[nodiscard]] static settings from_environment(place const& where = this_place());
};

/// Parses "250ms", "2s", "15min", "1h" or a bare number of seconds ("60"); nullopt if it is none of these.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

} // namespace schemagate
