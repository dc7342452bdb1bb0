// What happens during a boot, told to whoever listens: the log, the gate's readiness report, metrics, tests.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "schemagate/step.hpp"

namespace schemagate {

/// One thing that happened. A value; holds no password and, by default, no SQL.
struct event
{
    schemagate::step step;
    schemagate::outcome outcome;
    /// The state the boot is in from here on.
    boot_state state;
    /// The migration's file name without ".sql", where there is one.
    std::string script{};
    /// The migration's place in the plan, from 1; 0 where it does not apply.
    std::size_t position = 0;
    std::size_t of = 0;
    /// Since the step, or the migration, began.
    std::chrono::milliseconds elapsed{0};
    /// A sentence for people; may be empty.
    std::string message{};
    /// Ordered details for a log line: {"holder_pid", "4711"}. Names are stable, lower_snake_case. Listeners
    /// that count rely on these, by step and outcome:
    ///
    ///   leave_io done      mode, catalog ("sha256:…"), application_version
    ///   connect retrying   code of the attempt that failed; none: a connection ended
    ///   check, plan done   pending, schema_version
    ///   apply done         ran=no: recorded as not needed, not run
    ///   apply waiting      holder_pid, holder_role, holder_application, holder_age, holder_query: who is in
    ///                      the way; progress_phase, progress_done, progress_total, progress_unit: of an
    ///                      index
    ///   apply noted        severity, sqlstate: a notice of the server
    ///   any warned         drifted: how many objects are not as the last migration left them
    ///   any failed         code, exit
    ///   open done          admission, schema_version
    ///   serve failed       skipped_on_primary=1
    std::vector<std::pair<std::string, std::string>> fields{};
};

/// Listens to a boot. on_event() is called on the boot's blocking thread, one event at a time, and the boot
/// waits for it: be quick. An observer must not throw; if it does, the program ends.
class observer
{
public:
    virtual ~observer() = default;
    virtual void on_event(event const& e) noexcept = 0;
};

/// Both, in this order. Either may be null.
[[nodiscard]] std::shared_ptr<observer> both(std::shared_ptr<observer> first,
                                             std::shared_ptr<observer> second);

} // namespace schemagate
