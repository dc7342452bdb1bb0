// The settings of the service itself, one table: PROMPT_SERVICE_… in the environment, or their flags.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/access_log.hpp"
#include "schemagate/command_line.hpp"

namespace app {

struct service_settings
{
    int threads = 1;                      ///< that serve HTTP
    std::size_t database_connections = 4; ///< of the pool, and threads that ask it
    bool anonymous_may_read = false;
    std::vector<std::string> protected_labels{}; ///< which only `admin` moves
    std::size_t log_queue_bytes = std::size_t{64} << 20U;
    bool drop_when_full = false; ///< executions that the queue cannot take; else they are refused with 503
    std::optional<int> retention_months{}; ///< of executions; nullopt: for ever
    std::optional<std::int64_t>
        rate_limit{}; ///< requests per second of each key; nullopt: as many as it likes
    std::optional<std::int64_t> rate_burst{}; ///< at once; nullopt: those of two seconds
    std::optional<access_log_format> access_log = access_log_format::text; ///< nullopt: none
    std::chrono::seconds cache_time{10};                                   ///< max-age of a fetched prompt
};

/// For run_command_line().
[[nodiscard]] std::vector<schemagate::host_setting> service_setting_list();

/// Variables that begin with PROMPT_SERVICE_ and are no setting: misspelt ones would be ignored in silence.
[[nodiscard]] std::vector<std::string> unknown_service_settings();

/// Whether `host` ("127.0.0.1", "::1", "localhost", …) can be reached from this machine alone.
[[nodiscard]] bool is_loopback(std::string const& host);

/// `listens_on_loopback` decides who may read without a key where the setting does not. Throws
/// schemagate::failure{errc::setting_invalid}.
[[nodiscard]] service_settings read_service_settings(schemagate::host_values const& values,
                                                     bool listens_on_loopback);

} // namespace app
