// Steps 7 to 9, under the lock: plan, apply, verify. The leaves of the flow; boot_flow.cpp holds its `if`s.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "boot_context.hpp"
#include "schemagate/plan.hpp"
#include "schemagate/postgres/leadership.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate {

/// The one process that may write, for as long as its session lives.
class leader
{
public:
    leader(boot_context& boot, postgres::session on, std::unique_ptr<postgres::leadership> lock,
           std::chrono::milliseconds lock_wait);

    /// Step 7. Reads the history anew (what was read without the lock may be old), plans, and makes the
    /// history if there is none. Throws the contradictions of make_plan() and failure{adoption_needed}.
    [[nodiscard]] plan make_plan();

    /// Step 8 for one migration of that plan: ONE transaction, repeated while table locks are busy, within
    /// SCHEMAGATE_LOCK_RETRY.
    void apply(migration const& what, std::size_t position, std::size_t of);

    /// Step 9. Objects and twins in one transaction that is rolled back; then verified_at.
    void verify();

private:
    void create_history();
    void judge_empty_history(plan const& planned, bool has_table);
    void run_checks();
    void mark_verified();
    postgres::transaction_order order_for(migration const& what, std::size_t position, std::size_t of,
                                          int retries);

    boot_context& boot_;
    postgres::session session_;
    std::unique_ptr<postgres::leadership> lock_;
    std::chrono::milliseconds lock_wait_;
    history recorded_;
    postgres::history_tail tail_;
};

/// What to say where this catalog is new to a history that others are recorded in.
[[nodiscard]] std::string other_catalogs_warning(std::string const& mine, std::string const& others);

/// Throws failure{object_missing} that names the first of `missing`, if there is one.
void require_objects(std::vector<std::string> const& missing);

/// Runs every twin of the catalog, each in a savepoint of the transaction that is open on `on`; calls `each`
/// with the twin's migration and "" or what failed.
void run_twins(boot_context& boot, postgres::connection& on,
               std::function<void(migration const&, std::string const&)> const& each);

} // namespace schemagate
