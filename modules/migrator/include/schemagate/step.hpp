// The steps and states of a boot, by the stable names that logs, probes, metrics and fault tests share.
#pragma once

#include <string_view>

namespace schemagate {

/// The twelve steps of modules/README.md, "The way of the data".
enum class step
{
    read,     ///< environment, file or credential → text
    validate, ///< text + place → connection settings
    leave_io, ///< hop to the blocking thread
    connect,  ///< classified retry until the deadline → connection
    check,    ///< one message, no lock: current and verified?
    lock,     ///< try the lock, or wait for whoever holds it
    plan,     ///< catalog × history → plan
    apply,    ///< one transaction per migration
    verify,   ///< objects and twins → verified_at
    release,  ///< close the private connection
    open,     ///< the gate opens
    serve,    ///< traffic is answered
};

/// What happened to a step.
enum class outcome
{
    started,
    done,
    waiting,
    retrying,
    noted, ///< worth reading, nothing to do about: a notice of the server, something put back or found done
    warned,
    failed
};

/// What /livez and /readyz say (PROTOCOL.md, "States and probes").
enum class boot_state
{
    reading,
    connecting,
    checking,
    waiting_for_lock,
    migrating,
    verifying,
    open,
    refused,
    stopping,
};

[[nodiscard]] std::string_view name(step s) noexcept;
[[nodiscard]] std::string_view name(outcome o) noexcept;
[[nodiscard]] std::string_view name(boot_state s) noexcept;

} // namespace schemagate
