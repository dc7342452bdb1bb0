// One boot, read from top to bottom (modules/README.md, "The way of the data"):
//
//   1 read · 2 validate · 4 connect · 5 check ─ current? ─────────────────────────────▶ admitted
//                            ▲             └ pending ▶ 6 lock ▶ 7 plan ▶ 8 apply ▶ 9 verify ▶ 10 release ┘
//                            └── wait, jittered ◀──── somebody else has the lock, or we may not write
//
// (3, leaving the io_context, lies before this in startup; 11 and 12, the gate and the traffic, after it.)
//
// This file holds the `if`s; the leaves hold none of them. What it promises: it returns only when the schema
// is current and verified; whatever it does can be killed at any moment, and the next boot finishes it; every
// wait has a limit and says what it waits for. What it never does: wait inside the server, guess what a lost
// COMMIT did (it reads the history again), or write without the lock.
#include "boot_flow.hpp"

#include "failure_mapping.hpp"
#include "hidden_rows.hpp"
#include "renamed_catalog.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/reading_transaction.hpp"
#include "twins.hpp"

namespace schemagate {

using namespace std::chrono_literals;

boot_report boot_flow::run()
{
    auto const serving = validate_url(boot_); // 1, 2
    auto const migrating = validate_migration_url(boot_);
    if (boot_.with.mode == mode::skip) {
        boot_.tell(step::check, outcome::warned, {.message = "not checked: SCHEMAGATE_MODE=skip"});
        return admitted(admission_kind::unchecked, {});
    }
    for (;;) {
        try {
            auto connection = connect_with_events(boot_, serving); // 4
            auto seen = check(connection);                         // 5
            if (migrating && !seen.current) {
                seen.server = postgres::identify(connection);
            }
            if (seen.current) {
                return admitted(kind_of(seen), seen);
            }
            if (boot_.with.mode == mode::verify) {
                throw not_current(seen);
            }
            if (!seen.may_write) {
                connection.close();
                wait_.before_next_look(seen.why_waiting);
                continue;
            }
            become_leader(migrating ? *migrating : serving, std::move(connection),
                          seen); // 6 to 10, or a wait
            if (seen.current && !migrating) {
                return admitted(kind_of(seen), seen);
            }
            // With a URL for migrating, the last look is at the server that will carry the traffic.
            if (seen.current && led_++ > 0) {
                wait_.before_next_look("the server of DATABASE_URL does not show the new schema yet");
            }
        }
        catch (postgres::sql_error const& e) {
            survive_lost_connection(e);
        }
    }
}

// 5: judged without the lock, on one message where nothing is to be done.
boot_flow::verdict boot_flow::check(postgres::connection& on)
{
    stopwatch const time;
    boot_.begin(step::check, boot_state::checking);
    auto const separate = boot_.with.migration_database_url.has_value();
    auto const seen = separate ? check_as_reader(on) : check_idle(boot_, on);
    boot_.undecided = false;

    verdict result;
    result.why_waiting = reason_to_wait(boot_.with, seen);
    result.may_write = boot_.with.mode != mode::wait && result.why_waiting.empty();

    if (!seen.under_way && seen.missing != missing_) { // else whoever resumes it says so in the end
        missing_ = seen.missing;
        judge_missing(boot_, on, seen.missing);
    }
    if (seen.newest && seen.newest->verified && !seen.under_way && boot_.with.drift == drift_policy::refuse) {
        postgres::reading_transaction const limits{on};
        judge_drift(boot_, on); // else by the leader and by `verify`: an idle boot stays one round trip
    }
    if (seen.newest && seen.newest->set_digest == boot_.shipped.digest()) {
        result.current = seen.newest->verified;
        if (seen.under_way) { // of another binary: all scripts of this one are applied
            result.newer = true;
            boot_.tell(step::check, outcome::warned,
                       {.message = "a script, or a text of one, that this binary does not carry is in "
                                   "progress, or was left half-done"});
        }
        // Equal sets: the newest version is mine. The newest row may be a repeatable script's, which has
        // none.
        auto const* const newest = boot_.shipped.newest();
        result.schema_version = newest == nullptr ? "" : newest->version->text();
    }
    else {
        auto const recorded = seen.has_history ? read_history(boot_, on) : history{};
        if (seen.has_history && recorded.empty()) {
            refuse_renamed_catalog(boot_, on);
        }
        auto const planned = make_plan(boot_.shipped, recorded, boot_.with.plan);
        // Ahead of us and compatible: what its own newer leader left is for that leader's kind to verify.
        result.newer = planned.pending.empty() && (planned.database_newer || planned.half_done);
        result.current = planned.current() || (planned.pending.empty() && planned.database_newer);
        result.schema_version = planned.schema_version;
        for (auto const* m : planned.pending) {
            result.pending.push_back(m->name);
        }
        if (result.may_write && !boot_.with.job && !planned.pending.empty() && planned.before_job().empty()) {
            result.may_write = false;
            result.why_waiting = planned.pending.front()->name +
                                 ".sql is only for a job: waiting until one has run it (the command migrate)";
        }
        for (auto const& warning : planned.warnings) {
            boot_.tell(step::plan, outcome::warned, {.message = warning});
        }
    }
    if (result.current && !seen.hold.empty()) { // else it is what is waited for
        boot_.tell(step::check, outcome::warned,
                   {.message = held_words(seen) + ". Nothing is pending, so it opens."});
    }
    boot_.tell(step::check, outcome::done,
               {.elapsed = time.elapsed(),
                .message = result.current ? "current" : "pending",
                .fields = {{"schema_version", result.schema_version},
                           {"pending", std::to_string(result.pending.size())}}});
    return result;
}

// Until a leader has granted it, the role that carries the traffic may not be able to read the history. Then
// there is nothing to judge yet, and leading comes first.
postgres::idle_state boot_flow::check_as_reader(postgres::connection& on) const
{
    try {
        return check_idle(boot_, on);
    }
    catch (postgres::sql_error const& e) {
        if (e.error.sqlstate != "42501" || led_ > 0) {
            throw;
        }
        on.execute("ROLLBACK");
        return {};
    }
}

// 6: try, never wait in the server. Whoever does not get the lock closes its connection and comes back. Goes
// on with the connection that has checked, since a role may have a limit of one.
void boot_flow::become_leader(connection_settings const& where, postgres::connection checked, verdict& seen)
{
    if (seen.server) {
        checked.close();
        checked = connect_with_events(boot_, where);
        if (!may_migrate(checked, *seen.server)) {
            checked.close();
            wait_.before_next_look("the server of MIGRATION_DATABASE_URL cannot be written (in recovery, or "
                                   "default_transaction_read_only is on)");
            return;
        }
    }
    boot_.begin(step::lock, boot_state::checking);
    auto session =
        postgres::session::open(std::move(checked), {.application_name = boot_.application_name("leading"),
                                                     .run_as = boot_.with.run_as,
                                                     .session_pooler = boot_.with.session_pooler});
    if (!session.run_as().empty()) {
        boot_.acting.role = session.run_as();
    }
    auto lock = postgres::advisory_lock(postgres::lock_key(boot_.with.history_schema, boot_.shipped.name()),
                                        postgres::marker_key(boot_.with.history_schema, boot_.shipped.name()),
                                        session.pooled());
    if (!lock->try_acquire(session.native())) {
        auto const holder = lock->who_leads(session.native());
        {
            auto const closed = std::move(session);
        }
        wait_.before_next_look("another process is migrating", holder);
        return;
    }
    wait_.over();
    boot_.tell(step::lock, outcome::done,
               {.elapsed = wait_.elapsed(), .fields = {{"pooled", session.pooled() ? "yes" : "no"}}});
    try {
        std::optional<leader> chosen{std::in_place,      boot_,           where,
                                     std::move(session), std::move(lock), wait_.elapsed()};
        lead(*chosen, seen); // 7, 8, 9
        stopwatch const time;
        chosen.reset(); // 10: closing is the only sure release
        boot_.tell(step::release, outcome::done, {.elapsed = time.elapsed()});
    }
    catch (postgres::fence_broken const&) { // behind a pooler the lock is only taken per transaction
        wait_.before_next_look("another process is migrating");
    }
}

void boot_flow::lead(leader& chosen, verdict& seen)
{
    boot_.begin(step::plan, boot_state::migrating);
    auto const planned = chosen.prepare(); // 7
    boot_.tell(step::plan, outcome::done,
               {.fields = {{"pending", std::to_string(planned.pending.size())},
                           {"schema_version", planned.schema_version}}});
    seen.schema_version = planned.schema_version;
    seen.newer = planned.database_newer || planned.half_done;

    // Who looks at the history is not who writes it; and the next boot has to look where this one fails.
    if (seen.server || !boot_.with.run_as.empty()) {
        chosen.admit_reader(seen.server ? seen.server->role : chosen.login_role());
    }
    for (auto const& together : batches_of(planned, boot_)) { // 8
        apply(chosen, together, planned, seen);
    }
    if (!boot_.with.job && planned.before_job().size() <
                               planned.pending.size()) { // the rest is a job's, and the twins describe it
        return;
    }
    if (!planned.current()) { // 9
        stopwatch const time;
        boot_.begin(step::verify, boot_state::verifying);
        boot_.tell(step::verify, outcome::started, {});
        chosen.verify();
        boot_.tell(step::verify, outcome::done, {.elapsed = time.elapsed()});
    }
    seen.current = true;
}

// 8: neighbours that travel together.
void boot_flow::apply(leader& chosen, batch const& together, plan const& planned, verdict& seen)
{
    stopwatch time;
    boot_.stop.check();
    boot_.begin(step::apply, boot_state::migrating);
    auto const tell = [&](outcome o, std::size_t at, details d) {
        d.script = together.migrations[at]->name;
        d.position = together.position + at;
        d.of = together.of;
        boot_.tell(step::apply, o, std::move(d));
    };
    tell(outcome::started, 0, {});
    chosen.apply(together, planned, [&](std::size_t at, postgres::script_aftermath const& aftermath) {
        losses_ = 0;
        auto const& m = *together.migrations[at];
        details told{.elapsed = time.elapsed()};
        if (planned.runs(m)) {
            applied_.push_back(m.name);
        }
        else {
            told.message = "not needed: nothing was adopted here; recorded, not run";
            told.fields = {{"ran", "no"}};
        }
        if (!aftermath.put_back.empty()) {
            told.message = "it set " + aftermath.put_back + "; the session was reset";
        }
        tell(outcome::done, at, std::move(told));
        if (m.version && (seen.schema_version.empty() || version{seen.schema_version} < *m.version)) {
            seen.schema_version = m.version->text();
        }
        if (at + 1 < together.migrations.size()) {
            time = {};
            tell(outcome::started, at + 1, {});
        }
    });
}

// DATABASE_URL and MIGRATION_DATABASE_URL must lead to one database; whether it can be written now is asked
// each time.
bool boot_flow::may_migrate(postgres::connection& on, postgres::server_identity const& serving) const
{
    auto const there = postgres::identify(on);
    if (!postgres::same_database(there, serving)) {
        auto const what = there.database == serving.database
                              ? "they are different clusters, both with a database \"" + there.database + '"'
                              : "one leads to database \"" + serving.database + "\", the other to \"" +
                                    there.database + '"';
        throw failure{errc::setting_invalid,
                      "DATABASE_URL and MIGRATION_DATABASE_URL do not name one database: " + what + ".",
                      "Let both name the same server and database; user, port and parameters may differ."};
    }
    return !there.in_recovery && !there.read_only;
}

// A lost connection is no verdict: connect again and read the history. Three in a row without a migration in
// between are one: then this very boot is what breaks the server, or its way to it.
void boot_flow::survive_lost_connection(postgres::sql_error const& e)
{
    auto const why = server_failure(boot_, "in step " + std::string{name(boot_.current_step())}, e.error);
    if (why.code() != errc::connection_lost || ++losses_ >= 3) {
        throw why;
    }
    boot_.undecided = boot_.undecided || boot_.current_step() >= step::plan;
    boot_.tell(step::connect, outcome::retrying,
               {.message = "the connection was lost; reading the history again"});
    boot_.stop.sleep(250ms);
}

} // namespace schemagate
