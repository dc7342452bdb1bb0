#include "batch.hpp"

#include <algorithm>

#include "schemagate/failure.hpp"
#include "schemagate/far_reach.hpp"
#include "schemagate/postgres/migration_message.hpp"
#include "schemagate/transaction_modes.hpp"

namespace schemagate {
namespace {

// A message is parsed whole and its end is waited for, so it stays small enough to tell what happens.
constexpr std::size_t message_scripts_max = 32;
constexpr std::size_t message_bytes_max = 256UL << 10U;

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

// A non-transactional script has released its locks when it is recorded, so they tell nothing of it.
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

bool runs_outside_transaction(migration const& m, plan const& planned)
{
    return !m.transactional || planned.started_as(m) != nullptr;
}

std::vector<batch> batches_of(plan const& planned, boot_context const& boot)
{
    auto const all =
        boot.with.job ? std::span<migration const* const>{planned.pending} : planned.before_job();
    if (boot.with.transaction == transaction_scope::all && !all.empty()) {
        require_transactional(all, planned);
        return {{all, 1, all.size(), strategy::transaction}};
    }
    std::vector<batch> result;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& m = *all[i];
        auto const runs = planned.runs(m);
        auto const how = runs && runs_outside_transaction(m, planned) ? strategy::statements
                         : runs && (!postgres::fits_in_message(m.text) || names_history(m, boot.table))
                             ? strategy::transaction
                             : strategy::message;
        bytes += m.text.size();
        auto const joins =
            how == strategy::message && !result.empty() && result.back().how == strategy::message &&
            result.back().migrations.size() < message_scripts_max && bytes <= message_bytes_max;
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

} // namespace schemagate
