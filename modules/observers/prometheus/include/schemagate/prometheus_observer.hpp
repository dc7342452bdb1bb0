// A boot as metrics for Prometheus.
#pragma once

#include <memory>
#include <prometheus/registry.h>

#include "schemagate/observer.hpp"

namespace schemagate {

/// Counts a boot's events in `registry`, which may be served from any thread meanwhile:
///
///   schemagate_state{state="migrating"}           gauge, 1 for the present state, 0 for the others
///   schemagate_step_seconds{step="connect"}       gauge, duration of each step that was done
///   schemagate_applied_total                      counter, migrations that this process applied
///   schemagate_pending                            gauge, migrations still to be applied, when last seen
///   schemagate_lock_wait_seconds                  gauge, waiting for another process
///   schemagate_ddl_retries_total                  counter, transactions repeated because of table locks
///   schemagate_connect_failures_total{code="…"}   counter, failed attempts to connect
///   schemagate_admission{admission="verified"}    gauge, 1 once the gate has opened
///   schemagate_skipped_on_primary                 gauge, 1: mode skip, but the server is a primary
[[nodiscard]] std::shared_ptr<observer> count_in(std::shared_ptr<prometheus::Registry> registry);

} // namespace schemagate
