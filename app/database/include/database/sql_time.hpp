// Moments as SQL has them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace app {

/// Microseconds since 1970 in UTC, the resolution of timestamptz. Its infinities are the largest and the
/// smallest number.
using unix_microseconds = std::int64_t;
inline constexpr unix_microseconds end_of_time = std::numeric_limits<unix_microseconds>::max();
inline constexpr unix_microseconds beginning_of_time = std::numeric_limits<unix_microseconds>::min();

/// "2026-11-29 19:04:05.123456+00", whatever the session's time zone; "infinity" after the year 9999 and
/// "-infinity" before the year 1.
[[nodiscard]] std::string to_sql_time(unix_microseconds at);

/// SQL that gives a timestamptz as such a number: independent of the session's time zone and date style.
[[nodiscard]] std::string microseconds_of(std::string const& column);

} // namespace app
