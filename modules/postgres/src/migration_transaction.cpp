#include "schemagate/postgres/migration_transaction.hpp"

#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/script_runner.hpp"

namespace schemagate::postgres {
namespace {

// Whatever a script did to its session, inside its transaction and so undone with it. RESET ALL keeps the
// role, RESET SESSION AUTHORIZATION gives it back; both keep advisory locks, which DISCARD ALL would drop.
// Deferred constraints are checked here, while an error can still be told apart from one of ours.
constexpr auto put_back = "SET CONSTRAINTS ALL IMMEDIATE; CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL;"
                          " DISCARD TEMP; UNLISTEN *; DEALLOCATE ALL; ";

bool is_true(statement_result const& r)
{
    return !r.rows.empty() && r.rows[0].at(0) == "t";
}

// Behind a pooler the settings are local to the transaction; on a direct connection RESET ALL undid the
// session's.
void restore(session& on)
{
    on.native().execute(put_back + on.settings_sql());
}

void run_script_of(session& on, leadership& leader, history_table const& table,
                   transaction_order const& order, history_tail expected)
{
    auto& native = on.native();
    native.execute(script_settings_sql(native, table.target_schema(), order.application_name,
                                       order.lock_timeout, order.statement_timeout));

    run_script(native, order.entry.applied->text);

    if (native.state() != transaction_state::in_transaction) {
        throw transaction_ended_by_script{};
    }
    restore(on);
    if (!is_true(native.execute(leader.still_fenced_sql()).at(0))) {
        throw transaction_ended_by_script{};
    }
    // Nobody else can have written: the fence is still up.
    if (table.tail(native) != expected) {
        throw history_disturbed{"it writes to the history of Schemagate"};
    }
}

history_tail run_in_open_transaction(session& on, leadership& leader, history_table const& table,
                                     transaction_order const& order, history_tail expected)
{
    auto& native = on.native();
    if (order.entry.kind == "versioned") {
        run_script_of(on, leader, table, order, expected);
    }
    native.execute(order.record_sql.empty() ? record_objects_sql(native, table) : order.record_sql);
    table.append(on, order.entry);
    auto const tail = table.tail(native);
    if (tail.rows != expected.rows + 1) {
        throw history_disturbed{"its history row was not written (a trigger or rule on the history table?)"};
    }
    return tail;
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

void raise_fence(connection& on, leadership const& leader)
{
    if (!is_true(on.execute(leader.fence_sql()).at(0))) {
        throw fence_broken{"another process holds the migration lock"};
    }
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

history_tail apply_in_transaction(session& on, leadership& leader, history_table const& table,
                                  std::span<transaction_order const> orders, history_tail expected,
                                  std::size_t& at)
{
    auto& native = on.native();
    try {
        native.execute("BEGIN ISOLATION LEVEL READ COMMITTED; " + on.settings_sql());
        // The tail is read in the next statement: its snapshot is newer than the lock.
        raise_fence(native, leader);
        if (table.tail(native) != expected) {
            throw fence_broken{"another process wrote to the history meanwhile"};
        }
        for (at = 0; at < orders.size(); ++at) {
            expected = run_in_open_transaction(on, leader, table, orders[at], expected);
        }
        at = orders.empty() ? 0 : orders.size() - 1;
        if (native.execute("COMMIT").at(0).tag != "COMMIT") {
            throw fence_broken{"the server rolled the transaction back at COMMIT"};
        }
        return expected;
    }
    catch (...) {
        roll_back(native);
        throw;
    }
}

} // namespace schemagate::postgres
