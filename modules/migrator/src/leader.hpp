// Steps 7 to 9, under the lock: plan, apply, verify. The leaves of the flow; boot_flow.cpp holds its `if`s.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "boot_context.hpp"
#include "schemagate/plan.hpp"
#include "schemagate/postgres/leadership.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/script_runner.hpp"
#include "schemagate/postgres/session.hpp"

namespace schemagate {

/// The one process that may write, for as long as its session lives.
class leader
{
public:
    leader(boot_context& boot, postgres::session on, std::unique_ptr<postgres::leadership> lock,
           std::chrono::milliseconds lock_wait);

    /// Step 7. Reads the history anew (what was read without the lock may be old), makes it if there is none,
    /// adopts what an earlier tool's ledger stands for, and plans. Throws the contradictions of make_plan()
    /// and failure{adoption_refused}.
    [[nodiscard]] plan make_plan();

    /// One transaction's share of a plan.
    struct batch
    {
        std::span<migration const* const> migrations;
        std::size_t position; ///< of the first one in the plan, from 1
        std::size_t of;
    };

    /// Step 8 for some migrations of that plan: ONE transaction, repeated while table locks are busy, within
    /// SCHEMAGATE_LOCK_RETRY.
    void apply(batch const& what, plan const& planned);

    /// Step 9. Objects and twins in one transaction that is rolled back; then verified_at.
    void verify();

    /// Lets this role read the history, if it cannot yet.
    void admit_reader(std::string const& role);
    /// Who logged in: with SCHEMAGATE_RUN_AS not who owns the history, and every boot looks at it as this
    /// role before it leads.
    [[nodiscard]] std::string login_role();

private:
    void create_history();
    void warn_of_other_catalogs();
    [[nodiscard]] std::vector<postgres::transaction_order> adoptions();
    void refuse_later_objects(std::size_t adopted);
    void run_checks();
    template <class Work>
    void in_fenced_transaction(Work const& work);
    void record(std::span<postgres::transaction_order const> orders);
    [[nodiscard]] std::vector<postgres::transaction_order> orders_for(batch const& what, plan const& planned,
                                                                      int retries) const;
    [[nodiscard]] postgres::history_entry entry_for(migration const& what, std::string const& kind,
                                                    std::vector<set_member>& members, int retries) const;
    [[nodiscard]] std::vector<set_member> recorded_members() const;
    void retry_later(migration const& at, batch const& what, postgres::script_error const& e,
                     stopwatch const& since, int retries);

    boot_context& boot_;
    postgres::session session_;
    std::unique_ptr<postgres::leadership> lock_;
    std::chrono::milliseconds lock_wait_;
    history recorded_;
    postgres::history_tail tail_;
};

/// What to say where this catalog is new to a history that others are recorded in.
[[nodiscard]] std::string other_catalogs_warning(std::string const& mine, std::string const& others);

} // namespace schemagate
