// Step 4: connect, with classified retry until the deadline.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/connection.hpp"

namespace schemagate::postgres {

/// Why one attempt to connect failed, judged.
struct connect_failure
{
    errc code = errc::unreachable;
    bool retryable = true;
    std::string sqlstate; ///< empty: the network, DNS or TLS
    std::string message;  ///< scrubbed, one sentence
    std::string hint;
};

/// From libpq's text (with verbose errors, so that it holds the SQLSTATE). Pure.
[[nodiscard]] connect_failure judge_connect_failure(std::string_view libpq_text, bool password_needed,
                                                    connection_settings const& settings, place const& where);

struct connect_options
{
    std::string application_name;
    std::chrono::milliseconds wait_max{60'000}; ///< 0: one attempt
    std::function<void(connect_failure const&, std::chrono::milliseconds pause)> on_retry;
};

/// Connects. Throws failure (url/authentication/database/TLS: at once; unreachable or too_many_connections:
/// after wait_max) and stop_requested. Name look-up blocks (getaddrinfo(3)); everything else is
/// interruptible.
[[nodiscard]] connection connect(connection_settings const& settings, place const& where,
                                 connect_options const& options, wake const& stop);

} // namespace schemagate::postgres
