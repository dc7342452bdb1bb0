// Times for clients.
#pragma once

#include <string>

namespace app {

/// A timestamptz as the text that clients see: RFC 3339 in UTC with microseconds, so that equal texts mean
/// equal times, whatever the session's time zone. NULL stays NULL.
[[nodiscard]] inline std::string rfc3339(std::string const& expression)
{
    return "to_char(" + expression + R"( at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
}

} // namespace app
