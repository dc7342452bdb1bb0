#include "plan_runner.hpp"

#include <algorithm>

#include "failure_mapping.hpp"
#include "schemagate/created_relations.hpp"
#include "schemagate/far_reach.hpp"
#include "schemagate/postgres/jitter.hpp"
#include "schemagate/postgres/migration_message.hpp"
#include "schemagate/session_change.hpp"
#include "schemagate/transaction_modes.hpp"

namespace schemagate {
namespace {

// Full jitter: whoever collides with live traffic at a fixed beat collides again.
std::chrono::milliseconds pause_before_retry(int attempt)
{
    std::chrono::milliseconds const longest{std::min<long long>(5'000, 200LL << std::min(attempt, 10))};
    return postgres::jittered(longest / 4, longest);
}

} // namespace

std::vector<postgres::transaction_order> plan_runner::orders_for(batch const& what, plan const& planned,
                                                                 int retries)
{
    std::vector<postgres::transaction_order> orders;
    std::vector<migration const*> applied;
    for (auto const* const m : what.migrations) {
        applied.push_back(m);
        auto const runs = planned.runs(*m);
        postgres::transaction_order order;
        order.entry = history_.entry_for(applied,
                                         !runs             ? "not-needed"
                                         : m->repeatable() ? "repeatable"
                                                           : "versioned",
                                         orders.empty() ? retries : 0);
        if (!runs) {
            order.record_sql = "SELECT 1"; // nothing ran, so nothing is to be recorded
        }
        order.creates = lexer::created_relations(m->text);
        order.reaches_far = reaches_far(*m);
        order.names_history = names_history(*m, boot_.table);
        order.isolation = runs && m->transactional ? lexer::isolation_level(m->text) : std::string{};
        order.may_drop = lexer::may_drop(m->text);
        if (runs && order.reaches_far) {
            order.follow_sql = postgres::follow_schemas_sql(history_.session().native(), boot_.table,
                                                            lexer::renamed_schemas(m->text));
        }
        order.application_name = boot_.application_name(
            "migrating " + std::to_string(what.position + orders.size()) + "/" + std::to_string(what.of));
        order.lock_timeout = m->directives.lock_timeout.value_or(boot_.with.lock_timeout);
        order.statement_timeout = m->directives.statement_timeout.value_or(boot_.with.statement_timeout);
        order.changes_session = lexer::may_change_session(m->text);
        order.prepares = order.changes_session && lexer::may_prepare(m->text);
        orders.push_back(std::move(order));
    }
    return orders;
}

void plan_runner::send(batch const& what, std::span<postgres::transaction_order const> orders,
                       plan const& planned, std::size_t& at, postgres::on_recorded const& recorded)
{
    auto const remember = [&](std::size_t i, postgres::script_aftermath const& aftermath) {
        history_.remember(orders[i]);
        recorded(i, aftermath);
    };
    auto& session = history_.session();
    switch (what.how) {
    case strategy::message:
        postgres::apply_in_message(session, history_.lock(), boot_.table, orders, history_.tail(), at,
                                   remember);
        return;
    case strategy::transaction:
        postgres::apply_in_transaction(session, history_.lock(), boot_.table, orders, history_.tail(), at,
                                       remember);
        return;
    case strategy::statements: nontransactional_.apply(orders.front(), what, planned, remember); return;
    }
}

void plan_runner::apply(batch const& what, plan const& planned, postgres::on_recorded const& recorded)
{
    history_.note_drift(what);
    stopwatch since;
    std::size_t done = 0;
    for (int retries = 0; done < what.migrations.size(); ++retries) {
        auto const rest = batch{what.migrations.subspan(done), what.position + done, what.of, what.how};
        auto orders = orders_for(rest, planned, retries);
        std::size_t at = 0;
        std::size_t running = 0;
        auto const tell = [&](std::size_t i, postgres::script_aftermath const& aftermath) {
            recorded(rest.position - what.position + i, aftermath);
            ++done;
            running = i + 1;
            since = {};
            retries = 0;
            watch_.next_migration();
        };
        watch_.let_old_transactions_end(rest, since, retries);
        if (auto const longer = watch_.patience(retries)) {
            orders.front().lock_timeout = std::max(orders.front().lock_timeout, *longer);
        }
        std::optional<postgres::server_error> failed;
        {
            auto const heard = watch_.listen(rest, running);
            failed = attempt(rest, orders, planned, at, tell);
        }
        if (failed) {
            retry_later(*rest.migrations[at], rest.position + at, what.of, *failed, since, retries);
        }
    }
}

// What is worth another attempt is returned; anything else is thrown.
std::optional<postgres::server_error>
plan_runner::attempt(batch const& rest, std::span<postgres::transaction_order const> orders,
                     plan const& planned, std::size_t& at, postgres::on_recorded const& recorded)
{
    postgres::connection::unhurried const as_long_as_it_takes{history_.session().native()};
    try {
        send(rest, orders, planned, at, recorded);
        return std::nullopt;
    }
    catch (postgres::script_error const& e) {
        if (e.error.connection_lost) {
            throw;
        }
        if (postgres::is_lock_conflict(e.error)) {
            return e.error;
        }
        throw script_failure(boot_, *rest.migrations[at], e, nontransactional_.remains(e.where.statement));
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
        if (postgres::is_lock_conflict(e.error)) {
            return e.error;
        }
        throw script_failure(boot_, *rest.migrations[at], postgres::script_error{e.error, {}},
                             nontransactional_.remains(0));
    }
}

// Sleeps and returns if there is time to try again.
void plan_runner::retry_later(migration const& at, std::size_t position, std::size_t of,
                              postgres::server_error const& e, stopwatch const& since, int retries)
{
    watch_.open(); // so that the next attempt learns who is in the way
    auto const left = boot_.with.lock_retry - since.elapsed();
    auto const pause = std::min(pause_before_retry(retries), left);
    if (left <= std::chrono::milliseconds{0}) {
        throw watch_.lock_retry_over(at.name, e.sqlstate, since.elapsed(), retries + 1);
    }
    details told{.script = at.name,
                 .position = position,
                 .of = of,
                 .elapsed = since.elapsed(),
                 .message = "a table lock is held by others; trying again",
                 .fields = {{"sqlstate", e.sqlstate}}};
    if (auto const& blocking = watch_.blocking_session()) {
        told.message = "a table lock is held by " + words_for(*blocking) + "; trying again";
        auto const who = fields_of(*blocking);
        told.fields.insert(told.fields.end(), who.begin(), who.end());
    }
    boot_.tell(step::apply, outcome::retrying, std::move(told));
    boot_.stop.sleep(pause);
}

} // namespace schemagate
