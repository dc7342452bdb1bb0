// Every error that a client sees: RFC 9457 problem details. Holds no SQL, no host and no text of the server.
#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "answer.hpp"

namespace app {

/// `kind` is the stable part of the type ("not-found"); `more` is added as extension members.
[[nodiscard]] answer problem(int status, std::string_view kind, std::string_view detail,
                             boost::json::object more = {});

/// A 503 that is worth trying again after `retry_after` seconds.
[[nodiscard]] answer unavailable(std::string_view kind, std::string_view detail, int retry_after,
                                 boost::json::object more = {});

[[nodiscard]] answer bad_request(std::string_view detail);
[[nodiscard]] answer not_found(std::string_view detail);
[[nodiscard]] answer method_not_allowed(std::string_view allowed);
[[nodiscard]] answer internal_error();

} // namespace app
