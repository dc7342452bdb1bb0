// From a plan to what the server is sent: shares that go together, and the history row of each script.
#include <algorithm>
#include <array>
#include <unistd.h>

#include "leader.hpp"
#include "schemagate/created_relations.hpp"
#include "schemagate/digest_after.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/far_reach.hpp"
#include "schemagate/postgres/migration_message.hpp"
#include "schemagate/session_change.hpp"
#include "schemagate/transaction_modes.hpp"

namespace schemagate {
namespace {

// A message is parsed whole and its end is waited for, so it stays small enough to tell what happens.
constexpr std::size_t message_scripts_max = 32;
constexpr std::size_t message_bytes_max = 256UL << 10U;

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// A script in steps has let go of its locks when it is recorded, so they tell nothing of it.
bool reaches_far(migration const& m)
{
    return m.transactional ? lexer::reaches_far(m.text) : lexer::reaches_far_in_steps(m.text);
}

// Whatever it does there; a name in a comment costs a message of its own.
bool names_history(migration const& m, postgres::history_table const& table)
{
    return m.text.find(table.schema()) != std::string_view::npos &&
           m.text.find("history") != std::string_view::npos;
}

// One transaction has one level.
void require_transactional(std::span<migration const* const> pending, plan const& planned)
{
    auto const level = lexer::isolation_level(pending.front()->text);
    for (auto const* const m : pending) {
        if (planned.runs(*m) && (!m->transactional || planned.started_as(*m) != nullptr)) {
            throw failure{errc::setting_invalid,
                          "SCHEMAGATE_TRANSACTION=all cannot hold " + m->name +
                              ".sql, which runs outside a transaction. Nothing was applied.",
                          "Start once with SCHEMAGATE_TRANSACTION=each."}
                .with_script(m->name);
        }
        if (auto const own = lexer::isolation_level(m->text);
            planned.runs(*m) && own != level && !own.empty()) {
            throw failure{errc::setting_invalid,
                          "SCHEMAGATE_TRANSACTION=all cannot hold " + m->name +
                              ".sql, which asks for isolation level " + own +
                              ": the transaction has that of the first script. Nothing was applied.",
                          "Start once with SCHEMAGATE_TRANSACTION=each."}
                .with_script(m->name);
        }
    }
}

} // namespace

std::vector<leader::share> leader::shares(plan const& planned) const
{
    auto const all =
        boot_.with.job ? std::span<migration const* const>{planned.pending} : planned.before_job();
    if (boot_.with.transaction == transaction_scope::all && !all.empty()) {
        require_transactional(all, planned);
        return {{all, 1, all.size(), way::transaction}};
    }
    std::vector<share> result;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& m = *all[i];
        auto const runs = planned.runs(m);
        auto const how = runs && runs_in_steps(m, planned) ? way::steps
                         : runs && (!postgres::fits_in_message(m.text) || names_history(m, boot_.table))
                             ? way::transaction
                             : way::message;
        bytes += m.text.size();
        auto const joins = how == way::message && !result.empty() && result.back().how == way::message &&
                           result.back().migrations.size() < message_scripts_max &&
                           bytes <= message_bytes_max;
        if (joins) {
            auto& last = result.back().migrations;
            last = all.subspan(i - last.size(), last.size() + 1);
        }
        else {
            bytes = m.text.size();
            result.push_back({all.subspan(i, 1), i + 1, all.size(), how});
        }
    }
    return result;
}

postgres::history_entry leader::entry_for(migration const& what, std::string kind, std::string set_digest,
                                          int retries) const
{
    return {&what,
            std::move(kind),
            std::move(set_digest),
            boot_.with.application,
            boot_.with.application_version,
            host_name(),
            lock_wait_,
            retries};
}

// Asked once, before the first script that would otherwise be taken for the cause of what somebody else did.
void leader::note_drift(share const& what)
{
    auto const needed = std::any_of(what.migrations.begin(), what.migrations.end(),
                                    [](migration const* m) { return reaches_far(*m); });
    if (needed && !drifted_before_) {
        drifted_before_ = unverified_before_ ? std::vector<postgres::object_key>{}
                                             : postgres::drifted_keys(session_.native(), boot_.table);
    }
}

std::vector<postgres::transaction_order> leader::orders_for(share const& what, plan const& planned,
                                                            int retries) const
{
    std::vector<postgres::transaction_order> orders;
    std::vector<migration const*> applied;
    for (auto const* const m : what.migrations) {
        applied.push_back(m);
        auto const runs = planned.runs(*m);
        postgres::transaction_order order;
        order.entry =
            entry_for(*m,
                      !runs             ? "not-needed"
                      : m->repeatable() ? "repeatable"
                                        : "versioned",
                      digest_after(boot_.shipped, recorded_, applied), orders.empty() ? retries : 0);
        if (!runs) {
            order.record_sql = "SELECT 1"; // nothing ran, so nothing is to be recorded
        }
        order.creates = lexer::created_relations(m->text);
        order.reaches_far = reaches_far(*m);
        order.names_history = names_history(*m, boot_.table);
        order.isolation = runs && m->transactional ? lexer::isolation_level(m->text) : std::string{};
        order.may_drop = lexer::may_drop(m->text);
        if (runs && order.reaches_far) {
            order.follow_sql =
                postgres::follow_schemas_sql(session_.native(), boot_.table, lexer::renamed_schemas(m->text));
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

} // namespace schemagate
