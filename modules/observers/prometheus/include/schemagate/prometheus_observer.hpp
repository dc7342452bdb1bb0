// A boot as metrics for Prometheus.
#pragma once

#include <memory>
#include <prometheus/registry.h>

#include "schemagate/observer.hpp"

namespace schemagate {

/// Counts a boot's events in `registry`, which may be served from any thread meanwhile. Names, labels and
/// units are part of the contract; app/deploy/monitoring/README.md says what to make of them.
///
///   schemagate_boot_start_time_seconds            gauge, Unix time: when it changes, the process was
///   restarted schemagate_info{schema_version,catalog,mode,application_version}
///                                                 gauge, 1; schema_version is the newest version in the
///                                                 database when last seen, "" before that and if unchecked
///   schemagate_mode{mode="apply"}                 gauge, 1 for SCHEMAGATE_MODE, 0 for the others
///   schemagate_state{state="migrating"}           gauge, 1 for the present state, 0 for the others
///   schemagate_step_seconds{step="connect"}       gauge, duration of each step that was done
///   schemagate_connect_attempts_total             counter, attempts to connect that came to an end
///   schemagate_connect_failures_total{code="…"}   counter, those that failed
///   schemagate_connections_lost_total             counter, connections of the boot that ended under it
///   schemagate_pending                            gauge, migrations still to be applied, when last seen
///   schemagate_applied_total                      counter, migrations that this process applied
///   schemagate_lock_wait_seconds                  gauge, waiting for another process, or for a server that
///                                                 may be written
///   schemagate_ddl_retries_total                  counter, transactions repeated because of table locks
///   schemagate_drift_objects                      gauge, objects that are not as the last migration left
///                                                 them; if drift refused the boot: at least 1
///   schemagate_refusals_total{code="…"}           counter, boots that were refused; above 1 only if they are
///                                                 held (SCHEMAGATE_ON_REFUSAL)
///   schemagate_refusal{code="…"}                  gauge, 1 for the last refusal's code until the gate opens
///   schemagate_admission{admission="verified"}    gauge, 1 once the gate has opened
///   schemagate_skipped_on_primary                 gauge, 1: mode skip, but the server is a primary
///
/// The values of `code` are name(errc), and the codes of findings about DATABASE_URL: words of the program,
/// some dozens. No host, role, object, SQL or secret becomes a label.
[[nodiscard]] std::shared_ptr<observer> count_in(std::shared_ptr<prometheus::Registry> registry);

} // namespace schemagate
