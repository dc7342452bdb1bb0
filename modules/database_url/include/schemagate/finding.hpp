// One thing worth saying about DATABASE_URL.
#pragma once

#include <string>
#include <string_view>

namespace schemagate {

enum class severity
{
    note,
    warn,
    refuse
};

/// Every text in it is safe to show: no password, control bytes escaped.
struct finding
{
    std::string code; ///< stable, kebab-case: "socket-not-mounted"
    schemagate::severity severity = schemagate::severity::note;
    std::string message; ///< what we read (masked, by field), and why it cannot work here
    std::string fix;     ///< the line to put instead, or what to do
};

[[nodiscard]] std::string_view name(severity s) noexcept; ///< "note", "warn", "refuse"

} // namespace schemagate
