// The account this process runs as, as libpq looks it up: its name is the default of "user", its folder holds
// libpq's files where HOME does not say so.
#pragma once

#include <string>

namespace schemagate::url {

[[nodiscard]] std::string account_name();   ///< "" if the account has no entry
[[nodiscard]] std::string account_folder(); ///< "" if the account has no entry

} // namespace schemagate::url
