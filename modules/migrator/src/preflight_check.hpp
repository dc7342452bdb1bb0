// The preflight: before a leader's first write, whatever is certain to make it fail is said, and the rest of
// what an operator would want to know is told.
#pragma once

#include <cstddef>

#include "boot_context.hpp"
#include "schemagate/plan.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate {

/// One round trip, under the lock, and only where something is pending. `adopted`: how many of the pending
/// ones are recorded instead of run. Throws failure.
void preflight(boot_context& boot, postgres::session& on, history const& recorded, plan const& planned,
               std::size_t adopted);

} // namespace schemagate
