#include "schema_wait.hpp"

#include <algorithm>

#include "schemagate/failure.hpp"
#include "schemagate/postgres/jitter.hpp"

namespace schemagate {
namespace {

// A fleet must neither come back in step nor take connections from live traffic: 0.25 s doubling to 5 s.
std::chrono::milliseconds nap(int waits)
{
    std::chrono::milliseconds const longest{std::min<long long>(5'000, 250LL << std::min(waits, 5))};
    return postgres::jittered(longest / 4, longest);
}

std::string who(postgres::leader_description const& holder)
{
    return " (pid " + std::to_string(holder.pid) + ", role " + holder.role + ", " + holder.application +
           ", connected for " + holder.age + ")";
}

} // namespace

std::chrono::milliseconds schema_wait::elapsed() const
{
    return before_ + (since_ ? since_->elapsed() : std::chrono::milliseconds{0});
}

void schema_wait::over()
{
    before_ = elapsed();
    since_.reset();
}

void schema_wait::before_next_look(std::string const& reason,
                                   std::optional<postgres::leader_description> const& holder)
{
    if (!since_) {
        since_.emplace();
    }
    auto const waited = elapsed();
    if (waited >= boot_.with.lock_wait) {
        throw failure{
            holder ? errc::lock_wait_over : errc::standby_waiting,
            reason + (holder ? who(*holder) : "") + ", and the schema was not current within " +
                std::to_string(waited.count()) + " ms (SCHEMAGATE_LOCK_WAIT).",
            holder ? "Look at what it runs in pg_stat_activity. If it hangs: SELECT pg_terminate_backend(" +
                         std::to_string(holder->pid) + "); then start again."
                   : "Start again once the schema is current, or lift what is waited for."};
    }
    boot_.begin(step::lock, boot_state::waiting_for_lock);
    details told{.elapsed = waited, .message = reason};
    if (holder) {
        told.fields = {{"holder_pid", std::to_string(holder->pid)},
                       {"holder_role", holder->role},
                       {"holder_application", holder->application},
                       {"holder_age", holder->age},
                       {"holder_query", holder->query}};
    }
    boot_.tell(step::lock, outcome::waiting, std::move(told));
    boot_.stop.sleep(std::min(nap(waits_++), boot_.with.lock_wait - waited));
}

std::string held_words(postgres::idle_state const& seen)
{
    return "schemagate.hold is set on this database: " + seen.hold;
}

std::string reason_to_wait(settings const& with, postgres::idle_state const& seen)
{
    auto const separate = with.migration_database_url.has_value();
    if (with.mode == mode::wait) {
        return "SCHEMAGATE_MODE=wait: another process brings the schema up to date";
    }
    if (seen.in_recovery && !separate) {
        return "the server is a standby (in recovery): waiting for replication or promotion";
    }
    if (seen.read_only && !separate) {
        return "default_transaction_read_only is on: waiting for another process to migrate";
    }
    return seen.hold.empty() ? "" : held_words(seen);
}

} // namespace schemagate
