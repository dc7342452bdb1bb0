#include "leader.hpp"

#include "adoption.hpp"
#include "nontransactional_run.hpp"
#include "preflight_check.hpp"
#include "renamed_catalog.hpp"
#include "schemagate/postgres/step_runner.hpp"

namespace schemagate {

leader::leader(boot_context& boot, connection_settings const& where, postgres::session on,
               std::unique_ptr<postgres::leadership> lock, std::chrono::milliseconds lock_wait)
    : boot_{boot}, history_{boot, std::move(on), std::move(lock), lock_wait},
      watch_{boot, where, history_.session()}, runner_{boot, history_, watch_}
{}

// A repeatable script that stopped between its statements goes on there, also where what is left of it was
// fixed. One that begins otherwise is another text, and runs from its beginning.
plan leader::make_plan_that_resumes() const
{
    auto planned = make_plan(boot_.shipped, history_.recorded(), boot_.with.plan);
    for (auto const* const m : planned.pending) {
        if (!m->repeatable() || planned.started_as(*m) != nullptr) {
            continue;
        }
        for (auto const& row : history_.recorded()) {
            if (row.state == "running" && row.kind == "repeatable" && row.version == m->description &&
                postgres::has_begun(m->text, static_cast<std::size_t>(row.statement_reached),
                                    row.steps_digest)) {
                planned.started.push_back({m, row.id, row.statement_reached, row.steps_digest, row.checksum});
                break;
            }
        }
    }
    return planned;
}

plan leader::prepare()
{
    auto& session = history_.session();
    auto const there = history_.read();
    auto const& recorded = history_.recorded();
    if (recorded.empty() && there) {
        refuse_renamed_catalog(boot_, session.native());
    }
    auto planned = make_plan_that_resumes();
    auto const adopted =
        recorded.empty() ? adoptions(boot_, history_) : std::vector<postgres::transaction_order>{};
    require_one_backend(session, planned, adopted.size());
    preflight(boot_, session, recorded, planned, adopted.size());
    if (recorded.empty() && there) {
        warn_of_other_catalogs();
    }

    there ? history_.complete() : history_.create();
    if (!adopted.empty()) {
        history_.record(adopted);
        for (auto const& order : adopted) {
            boot_.tell(step::plan, outcome::done,
                       {.script = order.entry.applied->name,
                        .message = "adopted from an earlier tool: recorded, not run"});
        }
    }
    if (!adopted.empty() || forget_started(planned)) {
        history_.read();
        planned = make_plan_that_resumes();
    }
    return planned;
}

// The rows of scripts that were started outside a transaction, of which nothing ran, and whose fixed text is
// one transaction: they would be in the way of its row. One that still has to be settled goes on as it began.
bool leader::forget_started(plan const& planned)
{
    bool forgot = false;
    for (auto const& each : planned.started) {
        if (each.what->transactional && each.statement_reached == 0 &&
            !postgres::left_unsettled(history_.session(), postgres::mark_in(each.steps_digest))) {
            history_.forget_started(each.id);
            forgot = true;
        }
    }
    return forgot;
}

void leader::warn_of_other_catalogs()
{
    if (auto const others = boot_.table.other_catalogs(history_.session().native()); !others.empty()) {
        boot_.tell(step::plan, outcome::warned,
                   {.message = other_catalogs_warning(boot_.shipped.name(), others)});
    }
}

std::string leader::login_role()
{
    return history_.session().native().execute("SELECT session_user").at(0).rows.at(0).at(0).value_or("");
}

} // namespace schemagate
