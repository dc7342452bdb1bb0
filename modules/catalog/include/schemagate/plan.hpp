// catalog × history → what to do. Pure: the decisions of a boot, testable without a database.
#pragma once

#include <algorithm>
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

struct plan
{
    /// To be applied, in this order. Points into the catalog that the plan was made from.
    std::vector<migration const*> pending;
    /// Those of `pending` that are only recorded, not run: only-if-adopted, and nothing was adopted here.
    std::vector<migration const*> not_needed;
    /// The newest row was never verified: the next leader verifies before it opens, pending or not.
    bool verification_due = false;
    /// The history holds versions above my newest.
    bool database_newer = false;
    /// The newest version in the history, as written there; empty when nothing is applied.
    std::string schema_version;
    /// Sentences for the log: late versions that a policy let pass, a newer database, …
    std::vector<std::string> warnings;

    [[nodiscard]] bool runs(migration const& m) const noexcept
    {
        return std::find(not_needed.begin(), not_needed.end(), &m) == not_needed.end();
    }
    [[nodiscard]] bool current() const noexcept { return pending.empty() && !verification_due; }
};

/// Compares what is shipped with what is recorded. `shipped` must outlive the plan, which points into it.
///
/// Throws failure with exit 76: `checksum_mismatch` (names the script and both checksums, first 8 digits),
/// `migration_missing` (recorded below my newest version, and not in my catalog), `out_of_order`,
/// `newer_database`, `history_malformed` (a row that no Schemagate writes).
///
/// A database that is ahead: see boot-protocol, SCHEMAGATE_NEWER. Where it is compatible the plan is empty
/// and database_newer is set.
[[nodiscard]] plan make_plan(catalog const& shipped, history const& recorded, plan_policy policy);

} // namespace schemagate
