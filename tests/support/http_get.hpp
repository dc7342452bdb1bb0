// GET over loopback, for probes and for the service's own routes.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "schemagate/testing/private_postgres.hpp"

namespace support {

struct http_answer
{
    int status = 0;                             ///< 0: nobody answered
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
};

/// Never throws for what the network does: status is 0 then.
[[nodiscard]] http_answer http_get(int port, std::string const& target,
                                   std::chrono::milliseconds limit = std::chrono::seconds{5},
                                   std::string const& authorization = {});

/// Asks until the status is as wanted, or the limit passed; the last answer.
[[nodiscard]] http_answer wait_for(int port, std::string const& target, int status,
                                   std::chrono::milliseconds limit = std::chrono::seconds{30});

using schemagate::testing::free_port;

} // namespace support
