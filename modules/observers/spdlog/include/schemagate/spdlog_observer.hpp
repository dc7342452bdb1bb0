// The boot's log: one line per step through a spdlog logger of the host's choosing.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <spdlog/logger.h>

#include "schemagate/observer.hpp"

namespace schemagate {

/// Lines have a constant shape, fields in order; the event's own fields follow elapsed_ms, its message comes
/// last:
///   schemagate step=apply outcome=done script=0007_backfill_invoice_total position=7 of=7 elapsed_ms=118
/// A value that holds blanks, quotes or control bytes is quoted and escaped, so that one event is always one
/// line. started is debug; done is info; waiting and retrying are info (for the same step and script the
/// first at once, then at most one line a minute); warned is warn; failed is error. Owns no global logger.
///
/// `now` is for tests.
[[nodiscard]] std::shared_ptr<observer>
log_to(std::shared_ptr<spdlog::logger> log,
       std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now);

} // namespace schemagate
