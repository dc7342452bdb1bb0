// A connection string of any shape with everything secret masked.
#pragma once

#include <string>
#include <string_view>

#include "schemagate/connection_settings.hpp"

namespace schemagate::url {

[[nodiscard]] std::string redacted(std::string_view text, hidden_parts const& hidden);

} // namespace schemagate::url
