#include "leader.hpp"

#include <array>
#include <random>
#include <unistd.h>

#include "failure_mapping.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/script_runner.hpp"
#include "twins.hpp"

namespace schemagate {
namespace {

std::string host_name()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// Full jitter: whoever collides with live traffic at a fixed beat collides again.
std::chrono::milliseconds pause_before_retry(int attempt)
{
    thread_local std::mt19937_64 random{std::random_device{}()};
    auto const longest = std::min<long long>(5'000, 200LL << std::min(attempt, 10));
    return std::chrono::milliseconds{std::uniform_int_distribution<long long>{longest / 4, longest}(random)};
}

} // namespace

leader::leader(boot_context& boot, postgres::session on, std::unique_ptr<postgres::leadership> lock,
               std::chrono::milliseconds lock_wait)
    : boot_{boot}, session_{std::move(on)}, lock_{std::move(lock)}, lock_wait_{lock_wait}
{}

template <class Work>
void leader::in_fenced_transaction(Work const& work)
{
    auto& native = session_.native();
    try {
        native.execute("BEGIN ISOLATION LEVEL READ COMMITTED; " + session_.settings_sql());
        postgres::raise_fence(native, *lock_);
        native.execute(work(native));
    }
    catch (...) {
        postgres::roll_back(native);
        throw;
    }
}

plan leader::make_plan()
{
    auto& native = session_.native();
    auto const there = boot_.table.exists(native);
    recorded_ = there ? boot_.table.read(native) : history{};
    tail_ = postgres::tail_of(recorded_);
    auto planned = schemagate::make_plan(boot_.shipped, recorded_, boot_.with.plan);
    auto const adopted = recorded_.empty() ? adoptions() : std::vector<postgres::transaction_order>{};
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
        recorded_ = boot_.table.read(native);
        planned = schemagate::make_plan(boot_.shipped, recorded_, boot_.with.plan);
    }
    return planned;
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
            if (boot_.table.exists(on)) {
                throw postgres::fence_broken{meanwhile};
            }
            boot_.table.create(on);
            return "COMMIT";
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

std::vector<set_member> leader::recorded_members() const
{
    std::vector<set_member> members;
    for (auto const& row : recorded_) {
        if (row.kind != "repeatable") {
            members.push_back({version{row.version}, row.checksum});
        }
    }
    return members;
}

postgres::history_entry leader::entry_for(migration const& what, std::string const& kind,
                                          std::vector<set_member>& members, int retries) const
{
    members.push_back({*what.version, what.checksum});
    return {&what,
            kind,
            set_digest(members),
            boot_.with.application,
            boot_.with.application_version,
            host_name(),
            lock_wait_,
            retries};
}

std::vector<postgres::transaction_order> leader::orders_for(batch const& what, plan const& planned,
                                                            int retries) const
{
    std::vector<postgres::transaction_order> orders;
    auto members = recorded_members();
    for (auto const* const m : what.migrations) {
        postgres::transaction_order order;
        order.entry = entry_for(*m, planned.runs(*m) ? "versioned" : "not-needed", members, retries);
        order.record_sql = planned.runs(*m) ? "" : "SELECT 1"; // nothing ran, so nothing is to be recorded
        order.application_name = boot_.application_name(
            "migrating " + std::to_string(what.position + orders.size()) + "/" + std::to_string(what.of));
        order.lock_timeout = m->directives.lock_timeout.value_or(boot_.with.lock_timeout);
        order.statement_timeout = m->directives.statement_timeout.value_or(boot_.with.statement_timeout);
        orders.push_back(std::move(order));
    }
    return orders;
}

void leader::record(std::span<postgres::transaction_order const> orders)
{
    std::size_t at = 0;
    tail_ = postgres::apply_in_transaction(session_, *lock_, boot_.table, orders, tail_, at);
}

void leader::apply(batch const& what, plan const& planned)
{
    stopwatch const time;
    for (int retries = 0;; ++retries) {
        auto const orders = orders_for(what, planned, retries);
        std::size_t at = 0;
        try {
            tail_ = postgres::apply_in_transaction(session_, *lock_, boot_.table, orders, tail_, at);
            for (auto const& order : orders) {
                history_row row;
                row.kind = order.entry.kind;
                row.version = order.entry.applied->recorded_version();
                row.checksum = order.entry.applied->checksum;
                recorded_.push_back(std::move(row));
            }
            return;
        }
        catch (postgres::script_error const& e) {
            retry_later(*what.migrations[at], what, e, time, retries);
        }
        catch (postgres::transaction_ended_by_script const&) {
            throw script_ended_transaction(what.migrations[at]->name);
        }
        catch (postgres::history_disturbed const& e) {
            throw script_disturbed_history(boot_, what.migrations[at]->name, e.why);
        }
        catch (postgres::sql_error const& e) { // after its last statement: a deferred constraint, for example
            if (e.error.connection_lost) {
                throw;
            }
            if (postgres::is_lock_conflict(e.error.sqlstate)) {
                throw late_lock_conflict(what.migrations[at]->name, e.error.sqlstate);
            }
            throw script_failure(boot_, what.migrations[at]->name, postgres::script_error{e.error, {}});
        }
    }
}

// Sleeps and returns if trying again makes sense; throws what it is otherwise.
void leader::retry_later(migration const& at, batch const& what, postgres::script_error const& e,
                         stopwatch const& since, int retries)
{
    if (e.error.connection_lost) {
        throw e;
    }
    if (!postgres::is_lock_conflict(e.error.sqlstate)) {
        throw script_failure(boot_, at.name, e);
    }
    auto const pause = pause_before_retry(retries);
    if (since.elapsed() + pause > boot_.with.lock_retry) {
        throw failure{errc::lock_retry_over,
                      at.name + ".sql got no table lock in " + std::to_string(since.elapsed().count()) +
                          " ms and " + std::to_string(retries + 1) +
                          " attempts (SCHEMAGATE_LOCK_RETRY): a long transaction holds the table.",
                      "Find it in pg_stat_activity (oldest xact_start), end it, and start again."}
            .with_script(at.name)
            .with_sqlstate(e.error.sqlstate);
    }
    boot_.tell(step::apply, outcome::retrying,
               {.script = at.name,
                .position = what.position,
                .of = what.of,
                .elapsed = since.elapsed(),
                .message = "a table lock is held by others; trying again",
                .fields = {{"sqlstate", e.error.sqlstate}}});
    boot_.stop.sleep(pause);
}

void leader::verify()
{
    run_checks();
    in_fenced_transaction([this](postgres::connection&) {
        boot_.table.mark_verified(session_);
        return "COMMIT";
    });
}

void leader::run_checks()
{
    in_fenced_transaction([this](postgres::connection& on) {
        require_objects(postgres::missing_objects(on, boot_.table));
        judge_drift(boot_, on);
        run_twins(boot_, on, [](migration const& m, twin_outcome const& ended) {
            if (!ended.error.empty()) {
                throw failure{errc::check_failed, "the check of " + m.name + " fails: " + ended.error + ".",
                              "The schema is not what this binary expects. Look at what the check names; the "
                              "migrations before it are applied and stay."}
                    .with_script("checks/" + m.name);
            }
        });
        return "ROLLBACK";
    });
}

} // namespace schemagate
