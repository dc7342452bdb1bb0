#include "schemagate/postgres/migration_transaction.hpp"

#include <utility>

#include "migration_sql.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate::postgres {
namespace {

// One of our own messages. Returns its results.
std::vector<statement_result> execute_ours(connection& on, std::string const& sql)
{
    try {
        return on.execute(sql);
    }
    catch (sql_error const& e) {
        throw_broken_requirement(e.error);
        throw;
    }
}

// One script of a transaction. `before` is sent with what comes first, `after` with what comes last.
history_tail run_in_open_transaction(session& on, history_table const& table, migration_sql const& sql,
                                     transaction_order const& order, history_tail known, std::string before,
                                     std::string_view after, script_aftermath& aftermath)
{
    auto& native = on.native();
    planned_tail const tail{known};
    if (order.runs()) {
        before += sql.entering(order, tail);
        execute_ours(native, before);
        auto const rows = order.names_history ? table.rows(native) : std::string{};
        run_script(native, order.entry.applied->text);
        before = sql.leaving(order, tail);
        if (order.names_history) { // that the newest row stayed is asked of every script
            aftermath.put_back = changed_session(execute_ours(native, std::exchange(before, {})));
            if (table.rows(native) != rows) {
                throw history_disturbed{"it writes to the history of Schemagate"};
            }
        }
    }
    before += sql.recording(order, tail);
    before += after;
    auto results = execute_ours(native, before);
    if (!order.names_history) {
        aftermath.put_back = changed_session(results);
    }
    if (!after.empty()) {
        if (results.back().tag != "COMMIT") {
            throw fence_broken{"the server rolled the transaction back at COMMIT"};
        }
        results.pop_back();
    }
    return tail_after(results.back());
}

} // namespace

void roll_back(connection& on) noexcept
{
    try {
        if (on.usable() && on.state() != transaction_state::idle) {
            on.execute("ROLLBACK");
        }
    }
    catch (...) { // the connection is gone or we are stopping: it is closed, and the server rolls back
    }
}

void begin_fenced(session& on, leadership const& leader, history_table const& table,
                  std::optional<history_tail> planned)
{
    migration_sql const sql{on, leader, table};
    auto text = sql.opening();
    if (planned) {
        text += sql.require_tail({*planned});
    }
    execute_ours(on.native(), text);
}

std::string script_settings_sql(connection const& on, std::string const& target_schema,
                                std::string const& application_name, std::chrono::milliseconds lock_timeout,
                                std::chrono::milliseconds statement_timeout)
{
    return "SET LOCAL search_path = " + on.identifier(target_schema) +
           "; SET LOCAL application_name = " + on.literal(application_name) +
           "; SET LOCAL lock_timeout = " + std::to_string(lock_timeout.count()) +
           "; SET LOCAL statement_timeout = " + std::to_string(statement_timeout.count());
}

void apply_in_transaction(session& on, leadership const& leader, history_table const& table,
                          std::span<transaction_order const> orders, history_tail& tail, std::size_t& at,
                          on_recorded const& recorded)
{
    auto& native = on.native();
    migration_sql const sql{on, leader, table, reuse::prepared};
    auto now = tail;
    std::vector<script_aftermath> aftermaths(orders.size());
    try {
        for (std::size_t i = 0; i < orders.size(); ++i) {
            at = i;
            now = run_in_open_transaction(on, table, sql, orders[i], now,
                                          i == 0 ? sql.opening(false, orders[0].isolation) : std::string{},
                                          i + 1 == orders.size() ? "COMMIT" : "", aftermaths[i]);
        }
    }
    catch (sql_error const& e) { // of a script or of ours
        roll_back(native);
        if (!sql.lost_prepared(e.error)) {
            throw;
        }
        apply_in_transaction(on, leader, table, orders, tail, at, recorded);
        return;
    }
    catch (...) {
        roll_back(native);
        throw;
    }
    tail = now;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        recorded(i, aftermaths[i]);
    }
}

} // namespace schemagate::postgres
