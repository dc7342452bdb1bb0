#include "leader.hpp"

#include <algorithm>

#include "failure_mapping.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/object_watch.hpp"
#include "twins.hpp"

namespace schemagate {

leader::leader(boot_context& boot, connection_settings where, postgres::session on,
               std::unique_ptr<postgres::leadership> lock, std::chrono::milliseconds lock_wait)
    : boot_{boot}, where_{std::move(where)}, session_{std::move(on)}, lock_{std::move(lock)}, lock_wait_{
                                                                                                  lock_wait}
{}

template <class Work>
void leader::in_fenced_transaction(Work const& work, std::optional<postgres::history_tail> planned)
{
    auto& native = session_.native();
    try {
        postgres::begin_fenced(session_, *lock_, boot_.table, planned);
        native.execute(work(native));
    }
    catch (...) {
        postgres::roll_back(native);
        throw;
    }
}

// Behind a pooler another may lead between two transactions: what it adds is for it to verify.
template <class Work>
void leader::on_planned_history(Work const& work)
{
    in_fenced_transaction(work, tail_);
}

plan leader::make_plan()
{
    auto& native = session_.native();
    auto const there = boot_.table.exists(native);
    recorded_ = there ? boot_.table.read(native) : history{};
    tail_ = postgres::tail_of(recorded_);
    unverified_before_ = std::any_of(recorded_.begin(), recorded_.end(), [](history_row const& row) {
        return row.state == "applied" && !row.verified;
    });
    if (recorded_.empty() && there) {
        refuse_renamed_catalog(boot_, native);
    }
    auto planned = schemagate::make_plan(boot_.shipped, recorded_, boot_.with.plan);
    auto const adopted = recorded_.empty() ? adoptions() : std::vector<postgres::transaction_order>{};
    refuse_steps_behind_pooler(planned, adopted.size());
    preflight(planned, adopted.size());
    if (recorded_.empty() && there) {
        warn_of_other_catalogs();
    }
    if (!there) {
        create_history();
    }
    else if (!boot_.table.is_complete(native)) {
        in_fenced_transaction([this](postgres::connection& on) {
            boot_.table.complete(on);
            return "COMMIT";
        });
    }
    if (!adopted.empty()) {
        record(adopted);
        for (auto const& order : adopted) {
            boot_.tell(step::plan, outcome::done,
                       {.script = order.entry.applied->name,
                        .message = "adopted from an earlier tool: recorded, not run"});
        }
    }
    if (!adopted.empty() || forget_begun(planned)) {
        recorded_ = boot_.table.read(native);
        tail_ = postgres::tail_of(recorded_);
        planned = schemagate::make_plan(boot_.shipped, recorded_, boot_.with.plan);
    }
    return planned;
}

// The rows of scripts that were begun in steps, of which none is done, and whose mended text is one
// transaction: they would be in the way of its row. One that still has to be settled goes on in steps.
bool leader::forget_begun(plan const& planned)
{
    bool forgot = false;
    for (auto const& each : planned.started) {
        if (each.what->transactional && each.statement_reached == 0 &&
            !postgres::left_unsettled(session_, postgres::mark_in(each.steps_digest))) {
            in_fenced_transaction([this, &each](postgres::connection& on) {
                boot_.table.forget_begun(on, each.id);
                return "COMMIT";
            });
            forgot = true;
        }
    }
    return forgot;
}

void leader::warn_of_other_catalogs()
{
    if (auto const others = boot_.table.other_catalogs(session_.native()); !others.empty()) {
        boot_.tell(step::plan, outcome::warned,
                   {.message = other_catalogs_warning(boot_.shipped.name(), others)});
    }
}

// Another leader may make it after our look, which then is out of date: one of another catalog has another
// lock, and behind a pooler the lock is only taken with the fence. The boot looks again.
void leader::create_history()
{
    constexpr auto meanwhile = "another process made the history meanwhile";
    try {
        in_fenced_transaction([this](postgres::connection& on) {
            auto const sql = boot_.table.create_sql(on);
            if (!sql) {
                throw postgres::fence_broken{meanwhile};
            }
            return *sql + "; COMMIT";
        });
    }
    catch (postgres::sql_error const& e) {
        // duplicate_schema, duplicate_table, or both at the very same moment: unique_violation in a system
        // catalog.
        auto const& state = e.error.sqlstate;
        bool const duplicate = state == "42P06" || state == "42P07" || state == "23505";
        if (duplicate && boot_.table.exists(session_.native())) {
            throw postgres::fence_broken{meanwhile};
        }
        throw;
    }
}

void leader::admit_reader(std::string const& role)
{
    if (boot_.table.readable_by(session_.native(), role)) {
        return;
    }
    in_fenced_transaction([this, &role](postgres::connection& on) {
        boot_.table.grant_reading(on, role);
        return "COMMIT";
    });
    boot_.tell(step::plan, outcome::done,
               {.message = "the role of DATABASE_URL may read the history now", .fields = {{"role", role}}});
}

std::string leader::login_role()
{
    return session_.native().execute("SELECT session_user").at(0).rows.at(0).at(0).value_or("");
}

// A leader that was killed may have caused it, or a person: nobody knows any more, so it is said and kept.
void leader::tell_taken_over(std::vector<postgres::object_key> const& drifted)
{
    if (drifted.empty()) {
        return;
    }
    auto const more = drifted.size() == 1 ? "" : " (and " + std::to_string(drifted.size() - 1) + " more)";
    boot_.tell(
        step::verify, outcome::warned,
        {.message =
             drifted.front().words() + more +
             " is not as it was recorded. A boot before this one did not get to its verification, and may "
             "have changed it; it is taken over as it is now.",
         .fields = {{"drifted", std::to_string(drifted.size())}}});
}

// The hashes of what the migrations touched and, after one that reaches further than its locks show
// (note_drift()), of all. Once, at the end, since it costs more the more is recorded; until then the newest
// row is not verified, and nobody judges drift.
void leader::refresh_all()
{
    if (unverified_before_ && boot_.with.drift != drift_policy::ignore) {
        tell_taken_over(postgres::drifted_keys(session_.native(), boot_.table));
    }
    if (!drifted_before_) {
        drifted_before_.emplace();
    }
    on_planned_history([this](postgres::connection& on) {
        return postgres::refresh_hashes_sql(on, boot_.table, drifted_before_) + "; COMMIT";
    });
}

// Where the scripts touched no more than their locks show, the hashes of that are not known yet while all
// others are judged, and nothing is hashed twice.
void leader::verify()
{
    postgres::connection::unhurried const as_long_as_it_takes{session_.native()};
    auto const of_all = unverified_before_ || drifted_before_;
    if (of_all) {
        refresh_all();
    }
    // What was taken over a moment ago does not differ from it.
    run_checks(!of_all || !drifted_before_->empty());
    on_planned_history([&](postgres::connection& on) {
        auto const hashes =
            of_all ? std::string{} : postgres::refresh_hashes_sql(on, boot_.table, std::nullopt) + "; ";
        return hashes + boot_.table.mark_verified_sql(on) + "; " +
               postgres::watch_objects_sql(on, boot_.table) + "; COMMIT";
    });
}

void leader::run_checks(bool some_may_differ)
{
    on_planned_history([&](postgres::connection& on) {
        judge_missing(boot_, on, postgres::missing_objects(on, boot_.table));
        if (some_may_differ) {
            judge_drift(boot_, on);
        }
        run_twins(boot_, on, [](migration const& m, twin_outcome const& ended) {
            if (!ended.error.empty()) {
                throw failure{errc::check_failed, "the check of " + m.name + " fails: " + ended.error + ".",
                              "The schema is not what this binary expects: look at what the check names. "
                              "Every migration is applied "
                              "and stays, this one too; mend the schema by a new one, or the check, which "
                              "may be edited."}
                    .with_script("checks/" + m.name);
            }
        });
        return "ROLLBACK";
    });
}

} // namespace schemagate
