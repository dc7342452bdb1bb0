// How the kernel learns that nobody is there any more.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "schemagate/database_url.hpp"

namespace schemagate::postgres {

/// For bytes that were sent and not acknowledged.
constexpr std::chrono::milliseconds user_timeout{30'000};

/// TCP's settings for a connection that may be silent for hours and end within half a minute when its link is
/// cut: libpq's parameters, without those that the user has set.
[[nodiscard]] std::vector<connection_parameter> dead_link_parameters(connection_settings const& settings);

} // namespace schemagate::postgres
