// What a boot ends with, in values and in words.
#include "boot_flow.hpp"

namespace schemagate {

// What is ahead is not verified by this binary, and what is half-done by nobody, whoever may write.
admission_kind boot_flow::kind_of(verdict const& seen) noexcept
{
    return seen.newer       ? admission_kind::ahead
           : seen.may_write ? admission_kind::verified
                            : admission_kind::current_elsewhere;
}

boot_report boot_flow::admitted(admission_kind kind, verdict const& seen) const
{
    boot_report r{admission{kind}};
    r.mode = boot_.with.mode;
    r.lock_wait = wait_.elapsed();
    r.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - boot_.began);
    r.schema_version = seen.schema_version;
    r.catalog_digest = boot_.shipped.digest();
    r.database_newer = seen.newer;
    for (auto const& name : applied_) {
        r.add_applied(name);
    }
    return r;
}

failure boot_flow::not_current(verdict const& seen) const
{
    auto const what = seen.pending.empty() ? "its newest migration was never verified"
                                           : std::to_string(seen.pending.size()) +
                                                 " migration(s) are pending, first " + seen.pending.front();
    return failure{
        errc::not_current, "the schema is not current: " + what + " (SCHEMAGATE_MODE=verify never writes).",
        "Migrate first (the command `migrate`, or a boot in mode apply), then start this one again."};
}

} // namespace schemagate
