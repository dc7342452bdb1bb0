// The connection string that a fix prints in place of the one that was given: masked, and such that libpq
// takes it.
#pragma once

#include <string>

#include "inspection.hpp"

namespace schemagate::url {

/// The text with libpq's scheme, without what surrounds it (quotes, a byte order mark), its unknown
/// parameters translated or dropped; "" where a part of it may not be shown.
[[nodiscard]] std::string suggestion(inspection const& i);

} // namespace schemagate::url
