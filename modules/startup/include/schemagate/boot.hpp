// Steps 3 and 11: the engine beside an io_context that answers probes meanwhile, and the gate at its end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "schemagate/gate.hpp"
#include "schemagate/migrator.hpp"

namespace schemagate {

/// Starts the boot and returns at once; `io.run()` then carries it.
///
/// Owns the blocking thread and, until the gate has opened, SIGTERM and SIGINT: a signal cancels the
/// statement, rolls back and ends the boot with exit 75 within 5 s. On success the closing line is written
/// and the gate opens. On failure io.run() throws the failure. A second signal, or an engine that does not
/// come back within 4.5 s of the first, ends the process at once with exit 75 (the server rolls back by
/// itself).
///
/// With SCHEMAGATE_ON_REFUSAL=hold a failure is written once and shown by the probes, and the boot is tried
/// again with backoff (1 s doubling to 60 s, jittered) until it succeeds or a signal ends it. A URL that came
/// from a file is read anew each time.
///
/// `io` and `gate` must outlive io.run(). Call from the thread that will run `io`.
void boot(boost::asio::io_context& io, gate& at, settings with, catalog const& shipped,
          std::shared_ptr<observer> listener = {});

} // namespace schemagate
