#include "twins.hpp"

#include <algorithm>

#include "counted_items.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/object_drift.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate {

using namespace std::chrono_literals;

namespace {

// SQLSTATE read_only_sql_transaction: what a standby says as well (PostgreSQL documentation, appendix A).
constexpr std::string_view read_only_transaction = "25006";

constexpr auto patience = 10s;

// "tables: 4/5, prompt_guardrails is missing", or "".
std::string first_miscount(std::vector<verification_item> const& counted)
{
    for (auto const& item : counted) {
        if (item.outcome != verification_item::result::failed) {
            continue;
        }
        auto const counts = item.expected && item.found
                                ? std::to_string(*item.found) + "/" + std::to_string(*item.expected) + ", "
                                : "";
        return item.name + ": " + counts + item.message;
    }
    return "";
}

} // namespace

void judge_missing(boot_context& boot, postgres::connection const& on, std::vector<std::string> missing)
{
    // Without a table or view the application fails; without an index, constraint or column it may well work.
    auto const last_needed =
        std::stable_partition(missing.begin(), missing.end(), [](std::string const& what) {
            return what.starts_with("table ") || what.starts_with("view ");
        });
    auto const policy = boot.with.drift;
    auto const some_needed = last_needed != missing.begin();
    if (missing.empty() || (policy == drift_policy::ignore && !some_needed)) {
        return;
    }
    auto const more = missing.size() == 1 ? "" : " (and " + std::to_string(missing.size() - 1) + " more)";
    auto const message = missing.front() + more + " was made by a migration and is missing or not valid now.";
    // "table public.a", "column public.a.b"
    auto const name = missing.front().substr(missing.front().find(' ') + 1);
    auto const column = missing.front().starts_with("column ") ? " || '.' || column_name" : "";
    auto const fix = "Restore it (an INVALID index: REINDEX INDEX CONCURRENTLY). If it is to stay gone, take "
                     "it out of the "
                     "record, DELETE FROM " +
                     boot.table.qualified(on, "object") + " WHERE " + boot.table.mine(on) +
                     " AND schema_name || '.' || relation_name" + column + " = " + on.literal(name) +
                     "; and write a migration that drops it IF EXISTS elsewhere.";
    if (policy == drift_policy::refuse || (policy == drift_policy::warn && some_needed)) {
        throw failure{errc::object_missing, message, fix};
    }
    boot.tell(boot.current_step(), outcome::warned,
              {.message = message + " " + fix, .fields = {{"drifted", std::to_string(missing.size())}}});
}

void judge_drift(boot_context& boot, postgres::connection& on)
{
    if (boot.with.drift == drift_policy::ignore) {
        return;
    }
    auto const changed = postgres::drifted_objects(on, boot.table);
    if (changed.empty()) {
        return;
    }
    auto const message =
        changed.front() +
        (changed.size() == 1 ? "" : " (and " + std::to_string(changed.size() - 1) + " more)") +
        " was changed since the last migration: a person or another program altered it.";
    std::string const fix = "Put it back, or write the change into a new migration.";
    if (boot.with.drift == drift_policy::refuse) {
        throw failure{errc::drift, message + " SCHEMAGATE_DRIFT is refuse.",
                      fix + " For a boot that brings it: SCHEMAGATE_DRIFT=warn, once."};
    }
    boot.tell(boot.current_step(), outcome::warned,
              {.message = message + " " + fix, .fields = {{"drifted", std::to_string(changed.size())}}});
}

namespace {

// A twin that writes takes locks, and traffic queues behind it as behind a migration: so it waits no longer
// than one, and is begun again.
void run_twin(boot_context& boot, postgres::connection& on, migration const& m,
              std::vector<postgres::statement_result>& results)
{
    stopwatch const since;
    for (;;) {
        on.execute("SAVEPOINT schemagate_check; " +
                   postgres::script_settings_sql(on, boot.with.target_schema,
                                                 boot.application_name("verifying"), boot.with.lock_timeout,
                                                 boot.with.statement_timeout));
        try {
            results.clear();
            postgres::run_script(on, m.check, results);
            return;
        }
        catch (postgres::script_error const& e) {
            auto const again = postgres::is_lock_conflict(e.error) && !e.error.connection_lost &&
                               on.state() != postgres::transaction_state::idle;
            if (!again || since.elapsed() > patience) {
                throw;
            }
        }
        on.execute("ROLLBACK TO SAVEPOINT schemagate_check");
        boot.stop.sleep(200ms);
    }
}

} // namespace

void run_twins(boot_context& boot, postgres::connection& on,
               std::function<void(migration const&, twin_outcome const&)> const& each)
{
    for (auto const* const script : boot.shipped.scripts()) {
        auto const& m = *script;
        if (m.check.empty()) {
            continue;
        }
        twin_outcome ended;
        std::vector<postgres::statement_result> results;
        try {
            run_twin(boot, on, m, results);
            ended.counted = counted_items(results);
            ended.error = first_miscount(ended.counted);
        }
        catch (postgres::script_error const& e) {
            if (e.error.connection_lost) {
                throw;
            }
            if (e.error.sqlstate == "57014" || postgres::is_lock_conflict(e.error)) {
                throw failure{errc::lock_retry_over,
                              "the check of " + m.name + " could not be run to its end: " + e.error.sqlstate +
                                  " " + postgres::describe(e.error, boot.with.log_sql) +
                                  ". Nothing is said of the schema.",
                              e.error.sqlstate == "57014"
                                  ? "A statement_timeout ended it, that of the check itself or "
                                    "SCHEMAGATE_STATEMENT_TIMEOUT. "
                                    "Give it more time."
                                  : "Somebody holds a lock (pg_locks, pg_stat_activity). Run it again."}
                    .with_script(m.name)
                    .with_sqlstate(e.error.sqlstate);
            }
            // The twin is ours, and raises in its own words: they are what the operator needs.
            ended.error =
                e.error.sqlstate + " " +
                (e.error.sqlstate.starts_with("P0") ? e.error.message
                                                    : postgres::describe(e.error, boot.with.log_sql)) +
                (e.where.line == 0 ? "" : " (line " + std::to_string(e.where.line) + ")");
            ended.needs_writing = e.error.sqlstate == read_only_transaction;
            ended.lacks_right = e.error.sqlstate == "42501";
            ended.counted = counted_items(results);
        }
        if (on.state() == postgres::transaction_state::idle) {
            throw failure{errc::check_failed,
                          "the check of " + m.name + " ended the transaction it ran in: what it wrote stays.",
                          "Take COMMIT and ROLLBACK out of the check."}
                .with_script("checks/" + m.name);
        }
        on.execute("ROLLBACK TO SAVEPOINT schemagate_check");
        each(m, ended);
    }
}

} // namespace schemagate
