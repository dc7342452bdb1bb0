// Steps 7 to 9, under the lock: plan, apply, verify. The leaves of the flow; boot_flow.cpp holds its `if`s.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "boot_context.hpp"
#include "schemagate/connection_settings.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/plan.hpp"
#include "schemagate/postgres/leadership.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/object_drift.hpp"
#include "schemagate/postgres/script_runner.hpp"
#include "schemagate/postgres/session.hpp"
#include "schemagate/postgres/statement_watch.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate {

/// The one process that may write, for as long as its session lives.
class leader
{
public:
    /// `where`: what `on` is connected to.
    leader(boot_context& boot, connection_settings where, postgres::session on,
           std::unique_ptr<postgres::leadership> lock, std::chrono::milliseconds lock_wait);

    /// Step 7. Reads the history anew (what was read without the lock may be old), makes it if there is none,
    /// adopts what an earlier tool's ledger stands for, and plans. Throws the contradictions of make_plan()
    /// and failure{adoption_refused}.
    [[nodiscard]] plan make_plan();

    /// How a share of a plan is sent.
    enum class way
    {
        message,     ///< one message, a transaction for each
        transaction, ///< one transaction for all, in as many messages as it takes
        steps,       ///< one script outside a transaction, statement by statement
    };

    /// Neighbours in a plan that go together.
    struct share
    {
        std::span<migration const* const> migrations;
        std::size_t position; ///< of the first one in the plan, from 1
        std::size_t of;
        way how = way::message;
    };

    /// The plan's pending migrations in shares, in their order; but for a job, up to the first that is only
    /// for one. Throws failure{setting_invalid} where
    /// SCHEMAGATE_TRANSACTION=all meets a script that cannot run in a transaction.
    [[nodiscard]] std::vector<share> shares(plan const& planned) const;

    /// Step 8 for one share: repeated while table locks are busy, within SCHEMAGATE_LOCK_RETRY for each
    /// migration. `recorded` is called for each one when it is committed, with its index in the share.
    void apply(share const& what, plan const& planned, postgres::on_recorded const& recorded);

    /// Step 9. Objects and twins in one transaction that is rolled back; then verified_at.
    void verify();

    /// Lets this role read the history, if it cannot yet.
    void admit_reader(std::string const& role);
    /// Who logged in: with SCHEMAGATE_RUN_AS not who owns the history, and every boot looks at it as this
    /// role before it leads.
    [[nodiscard]] std::string login_role();

private:
    /// Before the first write; `adopted`: how many of the pending ones are recorded instead of run.
    void preflight(plan const& planned, std::size_t adopted);
    void refuse_steps_behind_pooler(plan const& planned, std::size_t adopted) const;
    [[nodiscard]] static bool runs_in_steps(migration const& m, plan const& planned);
    [[nodiscard]] bool forget_begun(plan const& planned);
    void create_history();
    void warn_of_other_catalogs();
    [[nodiscard]] std::vector<postgres::transaction_order> adoptions();
    void refuse_later_objects(std::size_t adopted);
    void run_checks(bool some_may_differ);
    template <class Work>
    void in_fenced_transaction(Work const& work, std::optional<postgres::history_tail> planned = {});
    /// The same, if nobody has written to the history since this leader planned or recorded.
    template <class Work>
    void on_planned_history(Work const& work);
    void record(std::span<postgres::transaction_order const> orders);
    void note_drift(share const& what);
    void refresh_all();
    void tell_taken_over(std::vector<postgres::object_key> const& drifted);
    [[nodiscard]] std::vector<postgres::transaction_order> orders_for(share const& what, plan const& planned,
                                                                      int retries) const;
    [[nodiscard]] postgres::history_entry entry_for(migration const& what, std::string kind,
                                                    std::string set_digest, int retries) const;
    void send(share const& what, std::span<postgres::transaction_order const> orders, plan const& planned,
              std::size_t& at, postgres::on_recorded const& recorded);
    [[nodiscard]] std::optional<postgres::server_error>
    attempt(share const& rest, std::span<postgres::transaction_order const> orders, plan const& planned,
            std::size_t& at, postgres::on_recorded const& recorded);
    void apply_in_steps(postgres::transaction_order const& order, share const& what, plan const& planned,
                        postgres::on_recorded const& recorded);
    void retry_later(migration const& at, std::size_t position, std::size_t of,
                     postgres::server_error const& e, stopwatch const& since, int retries);

    // leader_watch.cpp. `at`: the migration of the share that is being worked on; both outlive the watching.
    void watch(share const& what, std::size_t const& at);
    void stop_watching();
    void open_watch();
    void look(share const& what, std::size_t at);
    void tell_waiting(share const& what, std::size_t at, postgres::statement_sight const& seen);
    void hear(postgres::server_notice const& n, share const& what, std::size_t at);
    void let_old_transactions_end(share const& what, stopwatch const& since, int attempts);
    void let_autovacuum_yield(share const& what, std::vector<postgres::lock_holder> const& holders);
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience(int retries);
    [[nodiscard]] failure lock_retry_over(std::string const& script, std::string const& sqlstate,
                                          std::chrono::milliseconds after, int attempts) const;

    boot_context& boot_;
    connection_settings where_;
    postgres::session session_;
    std::unique_ptr<postgres::leadership> lock_;
    std::chrono::milliseconds lock_wait_;
    history recorded_;
    postgres::history_tail tail_;
    // A leader before this one did not get to its verification, nor to refresh_all().
    bool unverified_before_ = false;
    std::optional<std::vector<postgres::object_key>> drifted_before_; // where it had to be asked
    std::optional<postgres::script_progress> progress_;               // of the script that runs in steps
    std::optional<postgres::statement_watch> watch_;
    bool unwatchable_ = false;
    std::optional<postgres::blocker> blocker_; // the last one seen
    bool others_seen_ = false;                 // in the last attempt, who are no autovacuum
    std::optional<stopwatch> last_patience_;
    std::map<std::string, stopwatch>
        seen_; // transactions that hold a lock that we need, since the first look
    int notices_ = 0;
};

/// holder_pid, holder_role, … of an event (observer.hpp).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> fields_of(postgres::blocker const& b);

/// "pid 4711 (role app, application "report", its transaction is 00:12:03 old)".
[[nodiscard]] std::string words_for(postgres::blocker const& b);

/// Where nothing is recorded for this catalog's name: throws applied_under_another_name().
void refuse_renamed_catalog(boot_context const& boot, postgres::connection& on);

/// What to say where this catalog is new to a history that others are recorded in.
[[nodiscard]] std::string other_catalogs_warning(std::string const& mine, std::string const& others);

} // namespace schemagate
