#include "history_writer.hpp"

#include <algorithm>
#include <array>
#include <unistd.h>

#include "failure_mapping.hpp"
#include "schemagate/digest_after.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/object_watch.hpp"
#include "twins.hpp"

namespace schemagate {
namespace {

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

} // namespace

history_writer::history_writer(boot_context& boot, postgres::session on,
                               std::unique_ptr<postgres::leadership> lock,
                               std::chrono::milliseconds lock_wait)
    : boot_{boot}, session_{std::move(on)}, lock_{std::move(lock)}, lock_wait_{lock_wait}
{}

template <class Work>
void history_writer::in_fenced_transaction(Work const& work, std::optional<postgres::history_tail> planned)
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
void history_writer::on_planned_history(Work const& work)
{
    in_fenced_transaction(work, tail_);
}

bool history_writer::read()
{
    auto& native = session_.native();
    auto const there = boot_.table.exists(native);
    recorded_ = there ? boot_.table.read(native) : history{};
    tail_ = postgres::tail_of(recorded_);
    unverified_before_ = std::any_of(recorded_.begin(), recorded_.end(), [](history_row const& row) {
        return row.state == "applied" && !row.verified;
    });
    return there;
}

// Another leader may make it after our look, which then is out of date: one of another catalog has another
// lock, and behind a pooler the lock is only taken with the fence. The boot looks again.
void history_writer::create()
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

void history_writer::complete()
{
    if (boot_.table.is_complete(session_.native())) {
        return;
    }
    in_fenced_transaction([this](postgres::connection& on) {
        boot_.table.complete(on);
        return "COMMIT";
    });
}

void history_writer::forget_started(std::int64_t id)
{
    in_fenced_transaction([this, id](postgres::connection& on) {
        boot_.table.forget_begun(on, id);
        return "COMMIT";
    });
}

void history_writer::admit_reader(std::string const& role)
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

postgres::history_entry history_writer::entry_for(std::span<migration const* const> applied, std::string kind,
                                                  int retries) const
{
    return {applied.back(),
            std::move(kind),
            digest_after(boot_.shipped, recorded_, {applied.begin(), applied.end()}),
            boot_.with.application,
            boot_.with.application_version,
            host_name(),
            lock_wait_,
            retries};
}

void history_writer::record(std::span<postgres::transaction_order const> orders)
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

void history_writer::remember(postgres::transaction_order const& order)
{
    history_row row;
    row.kind = order.entry.kind;
    row.version = order.entry.applied->recorded_version();
    row.checksum = order.entry.applied->checksum;
    row.state = "applied";
    row.id = tail_.last_id;
    recorded_.push_back(std::move(row));
}

void history_writer::note_drift(batch const& next)
{
    auto const needed = std::any_of(next.migrations.begin(), next.migrations.end(),
                                    [](migration const* m) { return reaches_far(*m); });
    if (needed && !drifted_before_) {
        drifted_before_ = unverified_before_ ? std::vector<postgres::object_key>{}
                                             : postgres::drifted_keys(session_.native(), boot_.table);
    }
}

// A leader that was killed may have caused it, or a person: nobody knows any more, so it is said and kept.
void history_writer::tell_taken_over(std::vector<postgres::object_key> const& drifted)
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
void history_writer::refresh_all()
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
void history_writer::verify()
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

void history_writer::run_checks(bool some_may_differ)
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
