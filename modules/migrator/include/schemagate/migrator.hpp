// The engine: DATABASE_URL → a database whose schema is current and verified, or a failure that says why not.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "schemagate/catalog.hpp"
#include "schemagate/history.hpp"
#include "schemagate/observer.hpp"
#include "schemagate/plan.hpp"
#include "schemagate/report.hpp"
#include "schemagate/settings.hpp"

namespace schemagate {

/// Steps 1 to 10 of a boot, on the calling thread, which it blocks: never call it on an io_context's thread.
///
/// Throws failure (see error_code.hpp for the codes). When `stop` is requested, whatever runs is cancelled
/// and rolled back, and failure{errc::interrupted} is thrown within 5 s. Safe to call from several processes
/// and threads at once: one applies, the others wait for it.
[[nodiscard]] boot_report run(settings const& with, catalog const& shipped,
                              std::shared_ptr<observer> listener = {}, std::stop_token stop = {});

/// What `status`, `plan` and `verify` show. Reads only; takes no lock.
struct survey
{
    std::string where; ///< redacted URL
    bool has_history = false;
    bool verified = false; ///< the newest row is
    history recorded;
    plan planned;
    /// Those of planned.pending that an earlier tool's ledger stands for: the next boot records them as
    /// adopted.
    std::vector<migration const*> adoptable;
    std::vector<std::string> missing_objects; ///< recorded objects that are not there, or not valid
};

/// Connects like run(), reads the history and plans against it. Throws what run() throws for connecting, and
/// the contradictions of make_plan().
[[nodiscard]] survey look(settings const& with, catalog const& shipped,
                          std::shared_ptr<observer> listener = {}, std::stop_token stop = {});

/// survey::planned points into the catalog, so it must not be a temporary.
survey look(settings const& with, catalog const&& shipped, std::shared_ptr<observer> listener = {},
            std::stop_token stop = {}) = delete;

/// One line of `verify`.
struct verification_item
{
    std::string name; ///< "tables", "history", "objects", "0001_enterprise_prompt_system_phase1"
    enum class result
    {
        passed,
        failed,
        not_run
    } outcome = result::passed;
    std::string message;
    std::optional<long long> expected{}; ///< of what a twin counted; nothing for all other items
    std::optional<long long> found{};
};

/// Checks everything there is to check: history against catalog, recorded objects, drift, all twins in one
/// transaction that is rolled back. Never writes. On a standby or read-only server, a twin that has to write
/// is not run; nor, for a role that may not migrate, one that it has no right to. Does not throw for what it
/// finds, only for not getting there.
///
/// First come the items that the twins count, in their order: each row of a twin's result whose columns are
/// exactly check_name, expected, found (whole numbers) and detail (text or null) is an item of its own. It
/// passes if found = expected; found is null where it could not be counted. A row that fails fails its twin,
/// at a boot as well. All other results of a twin are passed over.
[[nodiscard]] std::vector<verification_item> verify(settings const& with, catalog const& shipped,
                                                    std::shared_ptr<observer> listener = {},
                                                    std::stop_token stop = {});

} // namespace schemagate
