#include "leader.hpp"

#include <array>
#include <random>
#include <unistd.h>

#include "failure_mapping.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate {
namespace {

using namespace std::chrono_literals;

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

std::string digest_with(history const& recorded, migration const& added)
{
    std::vector<set_member> members;
    for (auto const& row : recorded) {
        if (row.kind != "repeatable") {
            members.push_back({version{row.version}, row.checksum});
        }
    }
    members.push_back({added.version, added.checksum});
    return set_digest(std::move(members));
}

} // namespace

std::string other_catalogs_warning(std::string const& mine, std::string const& others)
{
    return "nothing is recorded for catalog \"" + mine + "\", but there is for: " + others +
           ". A wrong --catalog, or a renamed target?";
}

void require_objects(std::vector<std::string> const& missing)
{
    if (missing.empty()) {
        return;
    }
    auto const more = missing.size() == 1 ? "" : " (and " + std::to_string(missing.size() - 1) + " more)";
    throw failure{
        errc::object_missing,
        missing.front() + more + " was made by a migration and is missing or not valid now.",
        "Restore it (an INVALID index: REINDEX INDEX CONCURRENTLY), or drop it by a new migration."};
}

leader::leader(boot_context& boot, postgres::session on, std::unique_ptr<postgres::leadership> lock,
               std::chrono::milliseconds lock_wait)
    : boot_{boot}, session_{std::move(on)}, lock_{std::move(lock)}, lock_wait_{lock_wait}
{}

plan leader::make_plan()
{
    auto& native = session_.native();
    auto const there = boot_.table.exists(native);
    recorded_ = there ? boot_.table.read(native) : history{};
    tail_ = postgres::tail_of(recorded_);
    auto planned = schemagate::make_plan(boot_.shipped, recorded_, boot_.with.plan);
    if (recorded_.empty()) {
        judge_empty_history(planned, there);
    }
    if (!there) {
        create_history();
    }
    return planned;
}

// An empty history is a new database, or one that an earlier tool made, or the wrong catalog's name.
void leader::judge_empty_history(plan const& planned, bool has_table)
{
    auto& native = session_.native();
    if (auto const others = has_table ? boot_.table.other_catalogs(native) : ""; !others.empty()) {
        boot_.tell(step::plan, outcome::warned,
                   {.message = other_catalogs_warning(boot_.shipped.name(), others)});
    }
    for (auto const* m : planned.pending) {
        if (m->directives.adopts && postgres::holds_adoptable_row(native, *m->directives.adopts)) {
            auto const& ledger = *m->directives.adopts;
            throw failure{
                errc::adoption_needed,
                "an earlier tool made this database: " + ledger.table + " holds " + ledger.column + "=" +
                    ledger.value + ", and the history of catalog \"" + boot_.shipped.name() +
                    "\" is empty. This release does not adopt such a database yet.",
                "Name an empty database in DATABASE_URL. If it is Schemagate's own and the schema \"" +
                    boot_.with.history_schema + "\" was dropped, restore that schema from a backup."}
                .with_script(m->name);
        }
    }
}

void leader::create_history()
{
    auto& native = session_.native();
    try {
        native.execute("BEGIN ISOLATION LEVEL READ COMMITTED; " + session_.settings_sql());
        postgres::raise_fence(native, *lock_);
        boot_.table.create(native);
        native.execute("COMMIT");
    }
    catch (...) {
        postgres::roll_back(native);
        throw;
    }
}

postgres::transaction_order leader::order_for(migration const& what, std::size_t position, std::size_t of,
                                              int retries)
{
    postgres::transaction_order order;
    order.entry = {&what,
                   digest_with(recorded_, what),
                   boot_.with.application,
                   boot_.with.application_version,
                   host_name(),
                   lock_wait_,
                   retries};
    order.expected = tail_;
    order.application_name =
        boot_.application_name("migrating " + std::to_string(position) + "/" + std::to_string(of));
    order.lock_timeout = what.directives.lock_timeout.value_or(boot_.with.lock_timeout);
    order.statement_timeout = what.directives.statement_timeout.value_or(boot_.with.statement_timeout);
    return order;
}

void leader::apply(migration const& what, std::size_t position, std::size_t of)
{
    stopwatch const time;
    for (int retries = 0;; ++retries) {
        auto const order = order_for(what, position, of, retries);
        try {
            tail_ = postgres::apply_in_transaction(session_, *lock_, boot_.table, order);
            history_row row;
            row.id = tail_.last_id;
            row.kind = "versioned";
            row.version = what.version.text();
            row.checksum = what.checksum;
            recorded_.push_back(std::move(row));
            return;
        }
        catch (postgres::script_error const& e) {
            if (e.error.connection_lost) {
                throw;
            }
            if (!postgres::is_lock_conflict(e.error.sqlstate)) {
                throw script_failure(boot_, what.name, e);
            }
            auto const pause = pause_before_retry(retries);
            if (time.elapsed() + pause > boot_.with.lock_retry) {
                throw failure{errc::lock_retry_over,
                              what.name + ".sql got no table lock in " +
                                  std::to_string(time.elapsed().count()) + " ms and " +
                                  std::to_string(retries + 1) +
                                  " attempts (SCHEMAGATE_LOCK_RETRY): a long transaction holds the table.",
                              "Find it in pg_stat_activity (oldest xact_start), end it, and start again."}
                    .with_script(what.name)
                    .with_sqlstate(e.error.sqlstate);
            }
            boot_.tell(step::apply, outcome::retrying,
                       {.script = what.name,
                        .position = position,
                        .of = of,
                        .elapsed = time.elapsed(),
                        .message = "a table lock is held by others; trying again",
                        .fields = {{"sqlstate", e.error.sqlstate}}});
            boot_.stop.sleep(pause);
        }
        catch (postgres::transaction_ended_by_script const&) {
            throw failure{errc::script_refused,
                          what.name +
                              ".sql ended the transaction it ran in, so its effect and its history row "
                              "could not be one. What it committed itself stays.",
                          "Take COMMIT, ROLLBACK and calls that commit out of the script."}
                .with_script(what.name);
        }
        catch (postgres::history_disturbed const& e) {
            throw failure{errc::script_refused,
                          what.name + ".sql is refused: " + e.why + ". Nothing of it was applied.",
                          "Leave the schema \"" + boot_.with.history_schema + "\" to Schemagate."}
                .with_script(what.name);
        }
        catch (postgres::sql_error const& e) { // after its last statement: a deferred constraint, for example
            if (e.error.connection_lost) {
                throw;
            }
            if (postgres::is_lock_conflict(e.error.sqlstate)) {
                throw failure{errc::lock_retry_over,
                              what.name +
                                  ".sql met a lock conflict with live traffic after its last statement. "
                                  "Nothing of it was applied.",
                              "Start again."}
                    .with_script(what.name)
                    .with_sqlstate(e.error.sqlstate);
            }
            throw script_failure(boot_, what.name, postgres::script_error{e.error, {}});
        }
    }
}

void leader::verify()
{
    run_checks();
    mark_verified();
}

void leader::run_checks()
{
    auto& native = session_.native();
    try {
        native.execute("BEGIN ISOLATION LEVEL READ COMMITTED; " + session_.settings_sql());
        postgres::raise_fence(native, *lock_);
        require_objects(postgres::missing_objects(native, boot_.table));
        run_twins(boot_, native, [](migration const& m, std::string const& error) {
            if (!error.empty()) {
                throw failure{errc::check_failed, "the check of " + m.name + " fails: " + error + ".",
                              "The schema is not what this binary expects. Look at what the check names; the "
                              "migrations before it are applied and stay."}
                    .with_script("checks/" + m.name);
            }
        });
        native.execute("ROLLBACK");
    }
    catch (...) {
        postgres::roll_back(native);
        throw;
    }
}

void leader::mark_verified()
{
    auto& native = session_.native();
    try {
        native.execute("BEGIN ISOLATION LEVEL READ COMMITTED; " + session_.settings_sql());
        postgres::raise_fence(native, *lock_);
        boot_.table.mark_verified(session_);
        native.execute("COMMIT");
    }
    catch (...) {
        postgres::roll_back(native);
        throw;
    }
}

void run_twins(boot_context& boot, postgres::connection& on,
               std::function<void(migration const&, std::string const&)> const& each)
{
    for (auto const& m : boot.shipped.migrations()) {
        if (m.check.empty()) {
            continue;
        }
        on.execute("SAVEPOINT schemagate_check; " +
                   postgres::script_settings_sql(on, boot.with.target_schema,
                                                 boot.application_name("verifying"), 10s,
                                                 boot.with.statement_timeout));
        std::string error;
        try {
            postgres::run_script(on, m.check);
        }
        catch (postgres::script_error const& e) {
            if (e.error.connection_lost) {
                throw;
            }
            // The twin is ours, and raises in its own words: they are what the operator needs.
            error = e.error.sqlstate + " " +
                    (e.error.sqlstate.starts_with("P0") ? e.error.message
                                                        : postgres::describe(e.error, boot.with.log_sql)) +
                    (e.where.line == 0 ? "" : " (line " + std::to_string(e.where.line) + ")");
        }
        if (on.state() == postgres::transaction_state::idle) {
            throw failure{errc::check_failed,
                          "the check of " + m.name + " ended the transaction it ran in: what it wrote stays.",
                          "Take COMMIT and ROLLBACK out of the check."}
                .with_script("checks/" + m.name);
        }
        on.execute("ROLLBACK TO SAVEPOINT schemagate_check");
        each(m, error);
    }
}

} // namespace schemagate
