// Step 8 with its repetitions: what to do where a table is locked, and whose words explain a failure.
#include <algorithm>
#include <random>

#include "failure_mapping.hpp"
#include "leader.hpp"
#include "schemagate/postgres/migration_message.hpp"

namespace schemagate {
namespace {

// Full jitter: whoever collides with live traffic at a fixed beat collides again.
std::chrono::milliseconds pause_before_retry(int attempt)
{
    thread_local std::mt19937_64 random{std::random_device{}()};
    auto const longest = std::min<long long>(5'000, 200LL << std::min(attempt, 10));
    return std::chrono::milliseconds{std::uniform_int_distribution<long long>{longest / 4, longest}(random)};
}

} // namespace

void leader::record(std::span<postgres::transaction_order const> orders)
{
    std::size_t at = 0;
    try {
        postgres::apply_in_transaction(session_, *lock_, boot_.table, orders, tail_, at,
                                       [](std::size_t, postgres::script_aftermath const&) {});
    }
    catch (postgres::history_disturbed const& e) {
        throw script_disturbed_history(boot_, orders[at].entry.applied->name, e.why);
    }
}

void leader::send(share const& what, std::span<postgres::transaction_order const> orders, plan const& planned,
                  std::size_t& at, postgres::on_recorded const& recorded)
{
    auto const remember = [&](std::size_t i, postgres::script_aftermath const& aftermath) {
        history_row row;
        row.kind = orders[i].entry.kind;
        row.version = orders[i].entry.applied->recorded_version();
        row.checksum = orders[i].entry.applied->checksum;
        row.state = "applied";
        row.id = tail_.last_id;
        recorded_.push_back(std::move(row));
        recorded(i, aftermath);
    };
    switch (what.how) {
    case way::message:
        postgres::apply_in_message(session_, *lock_, boot_.table, orders, tail_, at, remember);
        return;
    case way::transaction:
        postgres::apply_in_transaction(session_, *lock_, boot_.table, orders, tail_, at, remember);
        return;
    case way::steps: apply_in_steps(orders.front(), what, planned, remember); return;
    }
}

void leader::apply(share const& what, plan const& planned, postgres::on_recorded const& recorded)
{
    // Whoever listens refers to this attempt, so it ends with it however it ends.
    struct watching
    {
        watching(leader& l, share const& rest, std::size_t const& running) : of{l}
        {
            of.watch(rest, running);
        }
        watching(watching const&) = delete;
        watching& operator=(watching const&) = delete;
        ~watching() { of.stop_watching(); }
        leader& of;
    };

    note_drift(what);
    stopwatch since;
    std::size_t done = 0;
    for (int retries = 0; done < what.migrations.size(); ++retries) {
        auto const rest = share{what.migrations.subspan(done), what.position + done, what.of, what.how};
        auto orders = orders_for(rest, planned, retries);
        std::size_t at = 0;
        std::size_t running = 0;
        auto const tell = [&](std::size_t i, postgres::script_aftermath const& aftermath) {
            recorded(rest.position - what.position + i, aftermath);
            ++done;
            running = i + 1;
            since = {};
            retries = 0;
            notices_ = 0;
        };
        let_old_transactions_end(rest, since, retries);
        if (auto const longer = patience(retries)) {
            orders.front().lock_timeout = std::max(orders.front().lock_timeout, *longer);
        }
        std::optional<postgres::server_error> failed;
        {
            watching const here{*this, rest, running};
            failed = attempt(rest, orders, planned, at, tell);
        }
        if (failed) {
            retry_later(*rest.migrations[at], rest.position + at, what.of, *failed, since, retries);
        }
    }
}

// What is worth another attempt is returned; anything else is thrown.
std::optional<postgres::server_error> leader::attempt(share const& rest,
                                                      std::span<postgres::transaction_order const> orders,
                                                      plan const& planned, std::size_t& at,
                                                      postgres::on_recorded const& recorded)
{
    postgres::connection::unhurried const as_long_as_it_takes{session_.native()};
    try {
        send(rest, orders, planned, at, recorded);
        return std::nullopt;
    }
    catch (postgres::script_error const& e) {
        if (e.error.connection_lost) {
            throw;
        }
        if (postgres::is_lock_conflict(e.error.sqlstate)) {
            return e.error;
        }
        throw script_failure(boot_, *rest.migrations[at], e,
                             progress_ ? what_remains(*progress_, e.where.statement) : "");
    }
    catch (postgres::transaction_ended_by_script const&) {
        throw script_ended_transaction(rest.migrations[at]->name);
    }
    catch (postgres::history_disturbed const& e) {
        throw script_disturbed_history(boot_, rest.migrations[at]->name, e.why);
    }
    catch (postgres::sql_error const& e) { // after its last statement: a deferred constraint, for example
        if (e.error.connection_lost) {
            throw;
        }
        if (postgres::is_lock_conflict(e.error.sqlstate)) {
            return e.error;
        }
        throw script_failure(boot_, *rest.migrations[at], postgres::script_error{e.error, {}},
                             progress_ ? what_remains(*progress_, 0) : "");
    }
}

// Sleeps and returns if there is time to try again.
void leader::retry_later(migration const& at, std::size_t position, std::size_t of,
                         postgres::server_error const& e, stopwatch const& since, int retries)
{
    open_watch(); // so that the next attempt learns who is in the way
    auto const left = boot_.with.lock_retry - since.elapsed();
    auto const pause = std::min(pause_before_retry(retries), left);
    if (left <= std::chrono::milliseconds{0}) {
        throw lock_retry_over(at.name, e.sqlstate, since.elapsed(), retries + 1);
    }
    details told{.script = at.name,
                 .position = position,
                 .of = of,
                 .elapsed = since.elapsed(),
                 .message = "a table lock is held by others; trying again",
                 .fields = {{"sqlstate", e.sqlstate}}};
    if (blocker_) {
        told.message = "a table lock is held by " + words_for(*blocker_) + "; trying again";
        auto const who = fields_of(*blocker_);
        told.fields.insert(told.fields.end(), who.begin(), who.end());
    }
    boot_.tell(step::apply, outcome::retrying, std::move(told));
    boot_.stop.sleep(pause);
}

} // namespace schemagate
