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

#include <random>

#include "failure_mapping.hpp"
#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate {

using namespace std::chrono_literals;

boot_report boot_flow::run()
{
    auto const where = validated_url(); // 1, 2
    if (boot_.with.mode == mode::skip) {
        boot_.tell(step::check, outcome::warned, {.message = "not checked: SCHEMAGATE_MODE=skip"});
        return admitted(admission_kind::unchecked, {});
    }
    for (;;) {
        try {
            auto connection = connect(where); // 4
            auto seen = check(connection);    // 5
            connection.close();
            if (seen.current) {
                measure_wait();
                return admitted(seen.may_write ? admission_kind::verified : admission_kind::current_elsewhere,
                                seen);
            }
            if (boot_.with.mode == mode::verify) {
                throw not_current(seen);
            }
            if (!seen.may_write) {
                wait_before_next_look(seen.why_waiting);
                continue;
            }
            become_leader(where, seen); // 6 to 10, or a wait
            if (seen.current) {
                return admitted(admission_kind::verified, seen);
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
    auto const seen = postgres::idle_check(on, boot_.table);

    verdict result;
    if (boot_.with.mode == mode::wait) {
        result.why_waiting = "SCHEMAGATE_MODE=wait: another process brings the schema up to date";
    }
    else if (seen.in_recovery) {
        result.why_waiting = "the server is a standby (in recovery): waiting for replication or promotion";
    }
    else if (seen.read_only) {
        result.why_waiting = "default_transaction_read_only is on: waiting for another process to migrate";
    }
    else if (!seen.hold.empty()) {
        result.why_waiting = "schemagate.hold is set on this database: " + seen.hold;
    }
    result.may_write = boot_.with.mode != mode::wait && result.why_waiting.empty();

    require_objects(seen.missing);
    if (seen.newest && seen.newest->set_digest == boot_.shipped.digest()) {
        result.current = seen.newest->verified;
        result.schema_version = seen.newest->version;
    }
    else {
        auto const recorded = seen.has_history ? boot_.table.read(on) : history{};
        auto const planned = make_plan(boot_.shipped, recorded, boot_.with.plan);
        // Ahead of us and compatible: what its own newer leader left is for that leader's kind to verify.
        result.newer = planned.database_newer && planned.pending.empty();
        result.current = planned.current() || result.newer;
        result.schema_version = planned.schema_version;
        for (auto const* m : planned.pending) {
            result.pending.push_back(m->name);
        }
        for (auto const& warning : planned.warnings) {
            boot_.tell(step::plan, outcome::warned, {.message = warning});
        }
    }
    boot_.tell(step::check, outcome::done,
               {.elapsed = time.elapsed(),
                .message = result.current ? "current" : "pending",
                .fields = {{"schema_version", result.schema_version},
                           {"pending", std::to_string(result.pending.size())}}});
    return result;
}

// 6: try, never wait in the server. Whoever does not get the lock closes its connection and comes back.
void boot_flow::become_leader(connection_settings const& where, verdict& seen)
{
    boot_.begin(step::lock, boot_state::checking);
    auto session = postgres::session::open(where, boot_.application_name("leading"), boot_.stop);
    auto lock = postgres::advisory_lock(postgres::lock_key(boot_.with.history_schema, boot_.shipped.name()),
                                        postgres::marker_key(boot_.with.history_schema, boot_.shipped.name()),
                                        session.pooled());
    if (!lock->try_acquire(session.native())) {
        auto const holder = lock->who_leads(session.native());
        {
            auto const closed = std::move(session);
        }
        wait_before_next_look("another process is migrating", holder);
        return;
    }
    measure_wait();
    boot_.tell(step::lock, outcome::done,
               {.elapsed = lock_wait_, .fields = {{"pooled", session.pooled() ? "yes" : "no"}}});
    try {
        std::optional<leader> chosen{std::in_place, boot_, std::move(session), std::move(lock), lock_wait_};
        lead(*chosen, seen); // 7, 8, 9
        stopwatch const time;
        chosen.reset(); // 10: closing is the only sure release
        boot_.tell(step::release, outcome::done, {.elapsed = time.elapsed()});
    }
    catch (postgres::fence_broken const&) { // behind a pooler the lock is only taken per transaction
        wait_before_next_look("another process is migrating");
    }
}

void boot_flow::lead(leader& chosen, verdict& seen)
{
    boot_.begin(step::plan, boot_state::migrating);
    auto const planned = chosen.make_plan(); // 7
    boot_.tell(step::plan, outcome::done,
               {.fields = {{"pending", std::to_string(planned.pending.size())},
                           {"schema_version", planned.schema_version}}});
    seen.schema_version = planned.schema_version;

    for (std::size_t i = 0; i < planned.pending.size(); ++i) { // 8
        auto const& m = *planned.pending[i];
        stopwatch const time;
        boot_.stop.check();
        boot_.begin(step::apply, boot_state::migrating);
        boot_.tell(step::apply, outcome::started,
                   {.script = m.name, .position = i + 1, .of = planned.pending.size()});
        chosen.apply(m, i + 1, planned.pending.size());
        boot_.tell(
            step::apply, outcome::done,
            {.script = m.name, .position = i + 1, .of = planned.pending.size(), .elapsed = time.elapsed()});
        applied_.push_back(m.name);
        losses_ = 0;
        if (seen.schema_version.empty() || version{seen.schema_version} < m.version) {
            seen.schema_version = m.version.text();
        }
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

void boot_flow::wait_before_next_look(std::string const& reason,
                                      std::optional<postgres::leader_description> const& holder)
{
    if (!waiting_since_) {
        waiting_since_ = std::chrono::steady_clock::now();
    }
    measure_wait();
    auto const who = !holder ? std::string{}
                             : " (pid " + std::to_string(holder->pid) + ", role " + holder->role + ", " +
                                   holder->application + ", connected for " + holder->age + ")";
    if (lock_wait_ >= boot_.with.lock_wait) {
        throw failure{
            holder ? errc::lock_wait_over : errc::standby_waiting,
            reason + who + ", and the schema was not current within " + std::to_string(lock_wait_.count()) +
                " ms (SCHEMAGATE_LOCK_WAIT).",
            holder ? "Look at what it runs in pg_stat_activity. If it hangs: SELECT pg_terminate_backend(" +
                         std::to_string(holder->pid) + "); then start again."
                   : "Start again once the schema is current, or lift what is waited for."};
    }
    boot_.begin(step::lock, boot_state::waiting_for_lock);
    details told{.elapsed = lock_wait_, .message = reason};
    if (holder) {
        told.fields = {{"holder_pid", std::to_string(holder->pid)},
                       {"holder_role", holder->role},
                       {"holder_application", holder->application},
                       {"holder_age", holder->age}};
    }
    boot_.tell(step::lock, outcome::waiting, std::move(told));

    // A fleet must neither come back in step nor take connections from live traffic: 0.25 s doubling to 5 s.
    thread_local std::mt19937_64 random{std::random_device{}()};
    auto const longest = std::min<long long>(5'000, 250LL << std::min(waits_++, 5));
    auto const nap =
        std::chrono::milliseconds{std::uniform_int_distribution<long long>{longest / 4, longest}(random)};
    boot_.stop.sleep(std::min(nap, boot_.with.lock_wait - lock_wait_));
}

void boot_flow::measure_wait()
{
    if (waiting_since_) {
        lock_wait_ = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                           *waiting_since_);
    }
}

// A lost connection is no verdict: connect again and read the history. Three in a row without a migration in
// between are one: then this very boot is what breaks the server, or its way to it.
void boot_flow::survive_lost_connection(postgres::sql_error const& e)
{
    auto const why = server_failure(boot_, "in step " + std::string{name(boot_.current_step())}, e.error);
    if (why.code() != errc::connection_lost || ++losses_ >= 3) {
        throw why;
    }
    boot_.tell(step::connect, outcome::retrying,
               {.message = "the connection was lost; reading the history again"});
    boot_.stop.sleep(250ms);
}

connection_settings boot_flow::validated_url()
{
    return validate_url(boot_);
}

postgres::connection boot_flow::connect(connection_settings const& where)
{
    return connect_with_events(boot_, where);
}

boot_report boot_flow::admitted(admission_kind kind, verdict const& seen) const
{
    boot_report r{admission{kind}};
    r.mode = boot_.with.mode;
    r.lock_wait = lock_wait_;
    r.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - boot_.began);
    r.schema_version = seen.schema_version;
    r.catalog_digest = boot_.shipped.digest();
    r.database_newer = seen.newer;
    for (auto const& name : applied_) {
        r.add_applied(name);
    }
    return r;
}

failure boot_flow::not_current(verdict const& seen) const
{
    auto const what = seen.pending.empty() ? "its newest migration was never verified"
                                           : std::to_string(seen.pending.size()) +
                                                 " migration(s) are pending, first " + seen.pending.front();
    return failure{
        errc::not_current, "the schema is not current: " + what + " (SCHEMAGATE_MODE=verify never writes).",
        "Migrate first (the command `migrate`, or a boot in mode apply), then start this one again."};
}

} // namespace schemagate
