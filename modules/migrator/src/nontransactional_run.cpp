#include "nontransactional_run.hpp"

#include <algorithm>

#include "failure_mapping.hpp"
#include "schemagate/failure.hpp"

namespace schemagate {
namespace {

failure needs_one_backend(std::string const& script)
{
    return failure{
        errc::pooler_refused,
        script +
            ".sql runs outside a transaction, and behind a pooler nobody can hold the migration lock from "
            "one of its statements to the next. Nothing was applied.",
        "Name the server itself in MIGRATION_DATABASE_URL; DATABASE_URL may stay with the pooler. For a "
        "pooler "
        "that keeps one server connection per client: SCHEMAGATE_POOLER=session."}
        .with_script(script);
}

failure changed_behind(std::string const& script, std::size_t steps)
{
    return failure{errc::checksum_mismatch,
                   script + ".sql is applied in part, and one of the " + std::to_string(steps) +
                       " steps that ran already is not the same now.",
                   "Put the beginning of the script back as it was; what did not run yet may be mended."}
        .with_script(script);
}

failure call_failure(boot_context const& boot, migration const& m, postgres::call_unfinished const& e)
{
    if (e.way_out.empty()) {
        return failure{errc::script_failed,
                       m.name +
                           ".sql was changed after an attempt had started a statement of it that commits by "
                           "itself (CALL, DO) and not come to its end: what that committed stays, and how "
                           "far it came is not known.",
                       "Look at what it has done. To answer for that statement put the script back as it was "
                       "and start again; where the script may run as it is now: " +
                           e.again + "; then start again."}
            .with_script(m.name);
    }
    auto const where = m.name + ".sql, line " + std::to_string(e.where.line);
    auto const stays =
        std::string{" It commits by itself: what it committed stays, how far it came is not known, "
                    "and run again it might do some of it twice."};
    auto const what =
        !e.now    ? ": an earlier attempt began the statement here and did not come to its end."
        : e.error ? ": " + e.error->sqlstate + " " + postgres::describe(*e.error, boot.with.log_sql) + "."
                  : ": the statement was interrupted by a signal.";
    return failure{e.now && !e.error ? errc::interrupted : errc::script_failed, where + what + stays,
                   "Look at what it has done. Where it is complete: " + e.way_out +
                       "; where it may run from its beginning: " + e.again + "; then start again."}
        .with_script(m.name, e.where.line, e.where.column)
        .with_sqlstate(e.error ? e.error->sqlstate : "");
}

} // namespace

void require_one_backend(postgres::session const& on, plan const& planned, std::size_t adopted)
{
    auto const to_run = std::span{planned.pending}.subspan(std::min(adopted, planned.pending.size()));
    auto const found = std::find_if(to_run.begin(), to_run.end(), [&planned](migration const* const m) {
        return planned.runs(*m) && runs_outside_transaction(*m, planned);
    });
    if (on.pooled() && found != to_run.end()) {
        throw needs_one_backend((*found)->name);
    }
}

std::string nontransactional_run::remains(std::size_t statement) const
{
    return progress_ ? what_remains(*progress_, statement) : "";
}

void nontransactional_run::apply(postgres::transaction_order const& order, batch const& what,
                                 plan const& planned, postgres::on_recorded const& recorded)
{
    auto const& m = *order.entry.applied;
    auto const note = [&](std::string text) {
        boot_.tell(step::apply, outcome::noted,
                   {.script = m.name, .position = what.position, .of = what.of, .message = std::move(text)});
    };
    if (history_.session().pooled()) {
        throw needs_one_backend(m.name);
    }
    if (!progress_) {
        progress_.emplace();
        if (auto const* const begun = planned.started_as(m)) {
            progress_ =
                postgres::script_progress{begun->id, static_cast<std::size_t>(begun->statement_reached),
                                          begun->steps_digest.substr(0, begun->steps_digest.find(' ')),
                                          postgres::mark_in(begun->steps_digest), true};
            note("begun by an earlier attempt; it goes on after " + std::to_string(begun->statement_reached) +
                 " steps");
        }
    }
    postgres::step_listener const listener{
        [&](std::size_t statement, std::size_t of) {
            boot_.tell(
                step::apply, outcome::started,
                {.script = m.name,
                 .position = what.position,
                 .of = what.of,
                 .fields = {{"statement", std::to_string(statement)}, {"statements", std::to_string(of)}}});
        },
        note};
    try {
        postgres::apply_in_steps(history_.session(), history_.lock(), boot_.table, order, *progress_,
                                 history_.tail(), listener, recorded);
        progress_.reset();
    }
    catch (postgres::begun_script_changed const& e) {
        throw changed_behind(m.name, e.steps);
    }
    catch (postgres::script_error const& e) {
        if (progress_->way_out.empty() || e.error.connection_lost || postgres::is_lock_conflict(e.error)) {
            throw;
        }
        auto const plain = script_failure(boot_, m, e, "An earlier attempt had started; what it did stays.");
        throw failure{
            plain.code(), plain.message(),
            "An earlier attempt may have done this statement and not come to record it. If it did: " +
                progress_->way_out + "; else: " + plain.fix()}
            .with_script(m.name, e.where.line, e.where.column)
            .with_sqlstate(e.error.sqlstate);
    }
    catch (postgres::stop_requested const&) {
        if (!progress_->alone) {
            throw;
        }
        if (!progress_->builds) {
            throw failure{
                errc::interrupted,
                m.name + ".sql: interrupted by a signal in statement " +
                    std::to_string(progress_->statement) +
                    ", which runs outside a transaction: what it had committed by then stays, and the "
                    "next boot runs it again.",
                "Nothing is wrong: start it again."}
                .with_script(m.name);
        }
        throw failure{errc::interrupted,
                      m.name +
                          ".sql: interrupted by a signal while an index was built concurrently. It may be "
                          "left INVALID, and then costs every write of its table until the next boot, "
                          "which drops it and builds it again.",
                      "Start it again soon."}
            .with_script(m.name);
    }
    catch (postgres::call_unfinished const& e) {
        throw call_failure(boot_, m, e);
    }
    catch (postgres::attempt_undecided const& e) {
        throw failure{errc::script_failed,
                      m.name + ".sql" + (e.where.line == 0 ? "" : ", line " + std::to_string(e.where.line)) +
                          ": an earlier attempt began a statement here and did not come to its end; " +
                          e.about + ". Nothing was changed.",
                      e.fix}
            .with_script(m.name, e.where.line, e.where.column);
    }
    catch (postgres::step_refused const& e) {
        throw failure{errc::script_refused,
                      m.name + ".sql, line " + std::to_string(e.line) + ": " + e.message,
                      "Change the script as that says, and start again."}
            .with_script(m.name, e.line);
    }
}

} // namespace schemagate
