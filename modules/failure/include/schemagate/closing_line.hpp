// The one JSON line by which a boot that failed says so (PROTOCOL.md, "Result line").
#pragma once

#include <string>

#include "schemagate/failure.hpp"

namespace schemagate {

/// {"event":"boot_failed","exit":76,"code":"checksum-mismatch","script":"0003_x","message":"…","fix":"…",…}
/// without a newline. Always valid UTF-8 JSON, whatever bytes the message holds.
[[nodiscard]] std::string closing_line(failure const& f);

/// Writes closing_line(f) and a newline to stderr in one write, and returns the exit code of the contract,
/// for `return schemagate::report(f);` at the end of main(). Never throws.
int report(failure const& f) noexcept;

/// The same for an exception that is no `failure`: exit 70, code "internal". Its text is left out, since it
/// may hold anything.
int report_internal(std::exception const& e) noexcept;

/// The same for one that is no std::exception, in a catch (...).
int report_internal() noexcept;

/// What report_internal() reports.
[[nodiscard]] failure internal_failure(std::exception const& e);

} // namespace schemagate
