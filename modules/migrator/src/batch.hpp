// Step 8, before anything is sent: which pending migrations go together, and how.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "boot_context.hpp"
#include "schemagate/plan.hpp"

namespace schemagate {

/// How a batch is sent.
enum class strategy
{
    message,     ///< one message, a transaction for each
    transaction, ///< one transaction for all, in as many messages as it takes
    statements,  ///< one script outside a transaction, statement by statement
};

/// Neighbours in a plan that go together.
struct batch
{
    std::span<migration const* const> migrations;
    std::size_t position; ///< of the first one in the plan, from 1
    std::size_t of;
    strategy how = strategy::message;
};

/// The plan's pending migrations in their order; but for a job, up to the first that is only for one. Throws
/// failure{setting_invalid} where SCHEMAGATE_TRANSACTION=all meets a script that cannot run so.
[[nodiscard]] std::vector<batch> batches_of(plan const& planned, boot_context const& boot);

/// What was started outside a transaction goes on so, also where its fixed text could be one transaction.
[[nodiscard]] bool runs_outside_transaction(migration const& m, plan const& planned);

/// Its script may change objects beyond its locks.
[[nodiscard]] bool reaches_far(migration const& m);

/// Its script may write to the history table: it is sent alone, and the rows are counted.
[[nodiscard]] bool names_history(migration const& m, postgres::history_table const& table);

} // namespace schemagate
