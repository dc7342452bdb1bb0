// The command `verify`: everything there is to check, each item with its own verdict. Never writes.
#include <set>

#include "boot_flow.hpp"
#include "emptied_record.hpp"
#include "engine_door.hpp"
#include "hidden_rows.hpp"
#include "renamed_catalog.hpp"
#include "schemagate/migrator.hpp"
#include "schemagate/postgres/migration_transaction.hpp"
#include "schemagate/postgres/object_drift.hpp"
#include "schemagate/postgres/reading_transaction.hpp"
#include "twins.hpp"

namespace schemagate {
namespace {

using result = verification_item::result;

// Scripts, not rows: a repeatable one has a row for each text that it ever had.
std::size_t applied_scripts(catalog const& shipped, history const& recorded)
{
    std::set<std::string> names;
    std::size_t versioned = 0;
    for (auto const& row : recorded) {
        if (row.state != "applied") {
            continue;
        }
        if (row.kind != "repeatable") {
            ++versioned;
        }
        else if (shipped.find_repeatable(row.version) != nullptr) {
            names.insert(row.version);
        }
    }
    return versioned + names.size();
}

verification_item history_item(boot_context& boot, postgres::connection& on, history const& recorded,
                               bool has_history)
{
    try {
        if (has_history && recorded.empty()) {
            refuse_renamed_catalog(boot, on);
        }
        auto const planned = make_plan(boot.shipped, recorded, boot.with.plan);
        if (planned.pending.empty()) {
            return {"history", result::passed,
                    std::to_string(applied_scripts(boot.shipped, recorded)) + " of " +
                        std::to_string(boot.shipped.scripts().size()) + " applied" +
                        (planned.verification_due ? ", the newest never verified" : "")};
        }
        return {"history", result::failed,
                std::to_string(planned.pending.size()) + " pending, first " + planned.pending.front()->name};
    }
    catch (failure const& f) {
        return {"history", result::failed, f.message()};
    }
}

verification_item objects_item(boot_context& boot, postgres::connection& on, history const& recorded,
                               bool has_history, std::vector<std::string> const& missing)
{
    if (!has_history) {
        return {"objects", result::not_run, "nothing is recorded yet"};
    }
    if (missing.empty()) {
        postgres::reading_transaction const limits{on};
        if (auto const emptied = emptied_record(boot, on, recorded); !emptied.empty()) {
            return {"objects", result::failed, emptied};
        }
        return {"objects", result::passed, "every recorded table, view, index and column is there and valid"};
    }
    return {"objects", result::failed,
            missing.front() + " is missing or not valid (" + std::to_string(missing.size()) + " in all)"};
}

verification_item drift_item(boot_context& boot, postgres::connection& on, bool has_history)
{
    if (!has_history) {
        return {"drift", result::not_run, "nothing is recorded yet"};
    }
    if (boot.with.drift == drift_policy::ignore) {
        return {"drift", result::not_run, "SCHEMAGATE_DRIFT=ignore"};
    }
    postgres::reading_transaction const limits{on};
    auto const changed = postgres::drifted_objects(on, boot.table);
    if (changed.empty()) {
        return {"drift", result::passed, "every recorded object is as the last migration left it"};
    }
    return {"drift", result::failed,
            changed.front() + " was changed since the last migration (" + std::to_string(changed.size()) +
                " in all)"};
}

// "" for a role that migrates: what it may not do is a fault. Another one may only look, and what a twin
// writes to see its effect is not for it.
std::string role_that_only_looks(boot_context const& boot, postgres::connection& on, bool has_history)
{
    if (!has_history) {
        return "";
    }
    auto const answer =
        on.execute("SELECT current_user, pg_catalog.has_table_privilege(pg_catalog.to_regclass(" +
                   on.literal(boot.table.qualified(on, "history")) + "), 'INSERT')");
    auto const& row = answer.at(0).rows.at(0);
    return row.at(1) == "t" ? "" : row.at(0).value_or("");
}

verification_item twin_item(migration const& m, twin_outcome const& ended, postgres::idle_state const& seen,
                            std::string const& looking)
{
    if (!seen.newest) {
        return {m.name, result::not_run, "nothing is applied yet"};
    }
    if (ended.needs_writing && (seen.in_recovery || seen.read_only)) {
        return {m.name, result::not_run, "the server is a standby or read-only, and this twin writes"};
    }
    if (ended.lacks_right && !looking.empty()) {
        return {m.name, result::not_run,
                "the role " + looking + " may not do what this twin does (" + ended.error +
                    "): run verify as the role that migrates"};
    }
    return ended.error.empty() ? verification_item{m.name, result::passed, "its check passes"}
                               : verification_item{m.name, result::failed, ended.error};
}

// The twins are run even where nothing is applied: what they count shows what is there all the same.
void add_twins(boot_context& boot, postgres::connection& on, postgres::idle_state const& seen,
               std::vector<verification_item>& items)
{
    on.execute("BEGIN ISOLATION LEVEL READ COMMITTED"); // a standby knows no serializable one
    std::vector<verification_item> counted;
    try {
        auto const looking = role_that_only_looks(boot, on, seen.has_history);
        run_twins(boot, on, [&](migration const& m, twin_outcome const& ended) {
            counted.insert(counted.end(), ended.counted.begin(), ended.counted.end());
            items.push_back(twin_item(m, ended, seen, looking));
        });
    }
    catch (...) {
        postgres::roll_back(on);
        throw;
    }
    on.execute("ROLLBACK");
    items.insert(items.begin(), counted.begin(), counted.end());
}

std::vector<verification_item> verify_all(boot_context& boot)
{
    auto connection = connect_with_events(boot, validate_url(boot));
    connection.answers_within(std::nullopt);
    boot.begin(step::check, boot_state::checking);
    auto const seen = check_idle(boot, connection);
    std::vector<verification_item> items;
    auto const recorded = seen.has_history ? read_history(boot, connection) : history{};
    items.push_back(history_item(boot, connection, recorded, seen.has_history));
    items.push_back(objects_item(boot, connection, recorded, seen.has_history, seen.missing));
    items.push_back(drift_item(boot, connection, seen.has_history));
    add_twins(boot, connection, seen, items);
    return items;
}

} // namespace

history read_history(boot_context const& boot, postgres::connection& on)
{
    postgres::reading_transaction const limits{on};
    return boot.table.read(on);
}

std::vector<verification_item> verify(settings const& with, catalog const& shipped,
                                      std::shared_ptr<observer> listener, std::stop_token stop)
{
    boot_context boot{with, shipped, std::move(listener), std::move(stop)};
    return with_failures(boot, [&] { return verify_all(boot); });
}

} // namespace schemagate
