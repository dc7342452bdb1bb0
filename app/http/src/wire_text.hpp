// An answer as it goes over the wire: RFC 9112 §4.
#pragma once

#include <string>

#include "http/answer.hpp"
#include "http/request.hpp"

namespace app {

/// `http_version`: 10 or 11. HEAD gets the header that a GET would have got. Any thread.
[[nodiscard]] std::string wire_text(answer a, request const& asked, unsigned http_version, bool keep_alive);

} // namespace app
