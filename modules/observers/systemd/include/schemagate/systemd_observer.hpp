// A boot told to systemd: ready when the gate has opened, the state in `systemctl status`, and no start-up
// timeout while a migration works.
#pragma once

#include <chrono>
#include <memory>

#include "schemagate/observer.hpp"

namespace schemagate {

/// For a unit with Type=notify. Sends to $NOTIFY_SOCKET, as sd_notify(3) describes:
///   READY=1              once, after the gate has opened
///   STATUS=              the state, the migration and its place: "migrating 0007_add_index (7 of 9)", or the
///   code of
///                        a failure; never a server's words, since everyone on the machine may read it
///   EXTEND_TIMEOUT_USEC= from the first event until the gate opens, three times `every`, and again after
///   each
///                        `every`: a script may work for hours without an event, and every wait of a boot has
///                        a limit of its own. A process that was stopped or hangs in the kernel sends
///                        nothing, and systemd ends it.
/// Null, and so nobody, where NOTIFY_SOCKET is not set. NOTIFY_SOCKET stays set. One thread of its own until
/// the gate opens. A socket that takes nothing is not an error: a boot does not depend on who watches it.
[[nodiscard]] std::shared_ptr<observer> tell_systemd(std::chrono::milliseconds every = std::chrono::seconds{
                                                         10});

} // namespace schemagate
