// The id that joins an answer, its log line and the execution it made.
#pragma once

#include <string>
#include <string_view>

namespace app {

/// `given` if it is 1 to 128 visible ASCII characters of those that need no quoting anywhere; else a random
/// one of 32 hexadecimal digits. Any thread.
[[nodiscard]] std::string request_id_of(std::string_view given);

} // namespace app
