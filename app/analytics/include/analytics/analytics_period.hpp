// The time that an analysis is about, in buckets of UTC.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "database/sql_time.hpp"

namespace app {

struct period
{
    unix_microseconds since = 0;
    unix_microseconds until = 0;   ///< not included
    char const* interval = "hour"; ///< minute, hour, day, week (from Monday) or month

    /// Both ends and the interval, as an answer begins.
    [[nodiscard]] boost::json::object shown() const;
};

/// What is not given: until now, since a day before, an interval that gives some hundred buckets at most.
/// Throws problem 400 `period-invalid`, `too-many-points` (more than 1,000), `invalid-parameter`.
[[nodiscard]] period period_of(std::optional<unix_microseconds> since, std::optional<unix_microseconds> until,
                               std::optional<std::string> const& interval, unix_microseconds now);

/// "2026-11-30T00:15:07.123456Z".
[[nodiscard]] std::string rfc3339_of(unix_microseconds at);

} // namespace app
