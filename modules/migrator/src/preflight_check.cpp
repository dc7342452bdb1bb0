#include "preflight_check.hpp"

#include "emptied_record.hpp"
#include "preflight_judgement.hpp"
#include "schemagate/postgres/preflight.hpp"

namespace schemagate {
namespace {

// nullptr: none, or it is not known which. After an adoption other scripts are needed than before.
migration const* first_to_run(plan const& planned, std::size_t adopted)
{
    for (std::size_t i = adopted; i < planned.pending.size(); ++i) {
        if (planned.runs(*planned.pending[i])) {
            return planned.pending[i];
        }
        if (adopted > 0) {
            return nullptr;
        }
    }
    return nullptr;
}

std::optional<postgres::preflight_facts> facts_of(boot_context& boot, postgres::session& on,
                                                  postgres::preflight_question const& asked)
{
    try {
        return postgres::look_ahead(on, boot.table, asked);
    }
    catch (postgres::sql_error const& e) {
        if (e.error.connection_lost) {
            throw;
        }
        // A server that answers none of this may still take every migration.
        boot.tell(step::plan, outcome::warned,
                  {.message = "no preflight: the server refused to answer: " + e.error.sqlstate + " " +
                              postgres::describe(e.error, boot.with.log_sql)});
        return std::nullopt;
    }
}

} // namespace

void preflight(boot_context& boot, postgres::session& on, history const& recorded, plan const& planned,
               std::size_t adopted)
{
    if (planned.pending.empty() || boot.preflight_passed) {
        return;
    }
    if (!recorded.empty()) { // a first boot has no record yet, and perhaps no table for it
        if (auto const emptied = emptied_record(boot, on.native(), recorded); !emptied.empty()) {
            boot.tell(step::plan, outcome::warned, {.message = emptied});
        }
    }
    preflight_intent intent{.catalog = boot.shipped.name(),
                            .history_schema = boot.with.history_schema,
                            .target_schema = boot.with.target_schema,
                            .history_empty = recorded.empty(),
                            .adopting = adopted > 0};
    postgres::preflight_question asked;
    if (auto const* const first = first_to_run(planned, adopted); first != nullptr) {
        intent.first_script = first->name;
        intent.creations = lexer::first_creations(first->text);
    }
    for (auto const& made : intent.creations) {
        asked.relations.push_back(made.relation);
    }
    for (auto const& m : boot.shipped.migrations()) {
        asked.checksums.push_back(m.checksum);
    }

    auto const facts = facts_of(boot, on, asked);
    if (!facts) {
        return;
    }
    auto const judged = judge_preflight(*facts, intent);
    for (auto const& warning : judged.warnings) {
        boot.tell(step::plan, outcome::warned, {.message = warning});
    }
    if (judged.refusal) {
        throw *judged.refusal;
    }
    if (!judged.overridden.empty()) {
        boot.tell(step::plan, outcome::done, {.message = "overridden for migrations: " + judged.overridden});
    }
    boot.preflight_passed = true;
}

} // namespace schemagate
