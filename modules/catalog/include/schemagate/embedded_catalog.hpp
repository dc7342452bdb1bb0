// The catalog that a backend carries in its own binary.
#pragma once

#include "schemagate/catalog.hpp"

namespace schemagate {

/// Defined by the source file that the CMake function schemagate_embed_sql() adds to the backend's target; a
/// program that never calls that function does not link. Made on the first call, which may come from any
/// thread.
[[nodiscard]] catalog const& embedded_catalog();

} // namespace schemagate
