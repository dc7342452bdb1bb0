// catalog × history → what to do. Pure: the decisions of a boot, testable without a database.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "schemagate/catalog.hpp"
#include "schemagate/history.hpp"

namespace schemagate {

/// SCHEMAGATE_OUT_OF_ORDER: what a late-merged lower version means.
enum class out_of_order_policy
{
    refuse,
    warn,
    apply
};

/// SCHEMAGATE_NEWER: what a database ahead of the binary means.
enum class newer_policy
{
    compatible,
    refuse,
    allow
};

struct plan_policy
{
    out_of_order_policy out_of_order = out_of_order_policy::refuse;
    newer_policy newer = newer_policy::compatible;
};

/// A script that was begun outside a transaction and did not get to its end.
struct started_script
{
    migration const* what = nullptr;
    std::int64_t id = 0;       ///< of its row in the history
    int statement_reached = 0; ///< how many of its steps are done
    std::string steps_digest;  ///< a hash over the text of those steps
    std::string checksum;      ///< of the text it was begun with; the shipped one may have been mended since
};

struct plan
{
    /// To be applied, in this order: the versioned ones, then the repeatables. Points into the catalog that
    /// the plan was made from.
    std::vector<migration const*> pending;
    /// Those of `pending` that go on where they stopped.
    std::vector<started_script> started;
    /// Those of `pending` that are only recorded, not run: only-if-adopted, and nothing was adopted here.
    std::vector<migration const*> not_needed;
    /// The newest row was never verified: the next leader verifies before it opens, pending or not.
    bool verification_due = false;
    /// The history holds versions above my newest, or a newer text of a repeatable script of mine.
    bool database_newer = false;
    /// A script that is in progress, or was left so, is none of `pending`: another binary's.
    bool half_done = false;
    /// The newest version that is applied, as the history writes it; empty when none is.
    std::string schema_version;
    /// Sentences for the log: late versions that a policy let pass, a newer database, …
    std::vector<std::string> warnings;

    [[nodiscard]] bool runs(migration const& m) const noexcept
    {
        return std::find(not_needed.begin(), not_needed.end(), &m) == not_needed.end();
    }
    /// nullptr: it begins at its first statement.
    [[nodiscard]] started_script const* started_as(migration const& m) const noexcept
    {
        auto const found = std::find_if(started.begin(), started.end(),
                                        [&m](started_script const& each) { return each.what == &m; });
        return found == started.end() ? nullptr : &*found;
    }
    /// Those of `pending` before the first that is only for a job (directive only-job).
    [[nodiscard]] std::span<migration const* const> before_job() const noexcept
    {
        auto const first = std::find_if(pending.begin(), pending.end(),
                                        [](migration const* m) { return m->directives.only_job; });
        return {pending.data(), static_cast<std::size_t>(first - pending.begin())};
    }
    [[nodiscard]] bool current() const noexcept { return pending.empty() && !verification_due; }
};

/// Compares what is shipped with what is recorded. `shipped` must outlive the plan, which points into it.
///
/// Throws failure with exit 76: `checksum_mismatch` (names the script and both checksums, first 8 digits),
/// `migration_missing` (recorded below my newest version, and not in my catalog), `out_of_order`,
/// `newer_database`, `history_malformed` (a row that no Schemagate writes).
///
/// A database that is ahead: see PROTOCOL.md, "Settings", SCHEMAGATE_NEWER. Where it is compatible the plan
/// is empty and database_newer is set.
///
/// A script whose row is `running` is pending, never late, and its text may differ from the one it was begun
/// with: whoever resumes it compares the steps that are done.
///
/// A repeatable script is pending when its checksum is not in its own history. If it stands there and a later
/// text was applied, it belongs to a newer binary and is left alone, so that two binaries of a rolling deploy
/// never undo each other's text. Where an earlier text stopped at a statement that cannot be recorded in its
/// own transaction, the new one has to settle that first: it goes on with that row.
[[nodiscard]] plan make_plan(catalog const& shipped, history const& recorded, plan_policy policy);

} // namespace schemagate
