// The leader's second connection: who blocks a statement that runs, and how far it is.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "boot_context.hpp"
#include "schemagate/connection_settings.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/session.hpp"
#include "schemagate/postgres/statement_watch.hpp"

namespace schemagate {

/// Opened when a statement takes long or a lock was busy; not behind a pooler. Whatever keeps it from working
/// costs only the names of the blocking sessions.
class lock_watch
{
public:
    /// `where`: what `on` is connected to.
    lock_watch(boot_context& boot, connection_settings where, postgres::session& on);

    /// Tells the observers who blocks, how far an index is and what the server notes, as long as it lives.
    class listening
    {
    public:
        listening(listening const&) = delete;
        listening& operator=(listening const&) = delete;
        ~listening();

    private:
        friend class lock_watch;
        explicit listening(postgres::connection& on) : on_{on} {}
        postgres::connection& on_;
    };

    /// `at`: the migration of the batch that is being worked on; both outlive the listening.
    [[nodiscard]] listening listen(batch const& what, std::size_t const& at);
    /// Notices are counted for each migration.
    void next_migration() noexcept { notices_ = 0; }

    void open();
    [[nodiscard]] std::optional<postgres::blocker> const& blocking_session() const { return blocker_; }

    /// Waits, within SCHEMAGATE_LOCK_RETRY, for old transactions that hold what the batch locks: behind them
    /// an attempt would only make others queue. Throws lock_retry_over().
    void let_old_transactions_end(batch const& what, stopwatch const& since, int attempts);

    /// A lock_timeout for an attempt that has to outlast an autovacuum, now and then.
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience(int retries);

    [[nodiscard]] failure lock_retry_over(std::string const& script, std::string const& sqlstate,
                                          std::chrono::milliseconds after, int attempts) const;

private:
    void look(batch const& what, std::size_t at);
    void tell_waiting(batch const& what, std::size_t at, postgres::statement_sight const& seen);
    void hear(postgres::server_notice const& n, batch const& what, std::size_t at);
    void let_autovacuum_yield(batch const& what, std::vector<postgres::lock_holder> const& holders);

    boot_context& boot_;
    connection_settings where_;
    postgres::session& session_;
    std::optional<postgres::statement_watch> watch_;
    bool unwatchable_ = false;
    std::optional<postgres::blocker> blocker_; // the last one seen
    bool others_seen_ = false;                 // in the last attempt, who are no autovacuum
    std::optional<stopwatch> last_patience_;
    std::map<std::string, stopwatch>
        seen_; // transactions that hold a lock that we need, since they were first seen
    int notices_ = 0;
};

/// holder_pid, holder_role, … of an event (observer.hpp).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> fields_of(postgres::blocker const& b);

/// "pid 4711 (role app, application "report", its transaction is 00:12:03 old)".
[[nodiscard]] std::string words_for(postgres::blocker const& b);

} // namespace schemagate
