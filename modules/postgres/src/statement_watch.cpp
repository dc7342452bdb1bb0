#include "schemagate/postgres/statement_watch.hpp"

#include <algorithm>
#include <charconv>

#include "activity_sql.hpp"
#include "schemagate/postgres/migration_transaction.hpp"

namespace schemagate::postgres {
namespace {

using namespace std::chrono_literals;
using row_of_text = std::vector<std::optional<std::string>>;

std::int64_t number(std::optional<std::string> const& text)
{
    std::int64_t value = 0;
    if (text) {
        std::from_chars(text->data(), text->data() + text->size(), value);
    }
    return value;
}

blocker blocker_of(row_of_text const& row)
{
    return {static_cast<int>(number(row.at(0))), row.at(1).value_or(""), row.at(2).value_or(""),
            row.at(3).value_or(""), row.at(4).value_or("")};
}

// A phase counts one of the three, and leaves the others at 0.
build_progress progress_of(row_of_text const& row, std::size_t from)
{
    build_progress p{row.at(from).value_or(""), 0, 0, ""};
    for (auto const* const unit : {"lockers", "blocks", "tuples"}) {
        ++from;
        if (auto const total = number(row.at(from + 3)); total > 0) {
            p.done = number(row.at(from));
            p.total = total;
            p.unit = unit;
        }
    }
    return p;
}

} // namespace

statement_watch::statement_watch(connection on, int pid)
    : on_{std::move(on)},
      sql_{"SELECT b.pid, " + activity_columns("b", "xact_start") +
           ", p.phase, p.lockers_done, p.blocks_done, p.tuples_done, p.lockers_total, p.blocks_total,"
           " p.tuples_total FROM (SELECT " +
           std::to_string(pid) +
           " AS pid) w LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.pid = w.pid"
           // Those that a concurrent build waits for are among them, though they hold no lock of a table.
           " LEFT JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS u (pid) ON true"
           " LEFT JOIN pg_catalog.pg_stat_activity b ON b.pid = u.pid"}
{}

statement_sight statement_watch::look()
{
    statement_sight seen;
    auto const answer = on_.execute(sql_);
    for (auto const& row : answer.at(0).rows) {
        if (row.at(0)) {
            seen.blockers.push_back(blocker_of(row));
        }
        if (row.at(5)) {
            seen.build = progress_of(row, 5);
        }
    }
    return seen;
}

std::vector<lock_holder> holders_of(session& on, std::vector<lexer::locked_relation> const& relations,
                                    std::string const& schema)
{
    if (relations.empty()) {
        return {};
    }
    auto const& native = on.native();
    std::string names;
    std::string exclusive;
    for (auto const& each : relations) {
        auto const* const comma = names.empty() ? "" : ", ";
        auto const& of = each.relation;
        names += comma + native.literal(native.identifier(of.schema.empty() ? schema : of.schema) + "." +
                                        native.identifier(of.name));
        exclusive += std::string{comma} + (each.exclusive ? "true" : "false");
    }
    auto const sql = on.prepared().run(
        "holders", {{"text[]", "ARRAY[" + names + "]"}, {"bool[]", "ARRAY[" + exclusive + "]"}},
        [](std::vector<std::string> const& v) {
            return "SELECT DISTINCT a.pid, " + activity_columns("a", "xact_start") +
                   ", l.virtualtransaction, (extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)"
                   " * 1000)::pg_catalog.int8, a.xact_start, l.relation::pg_catalog.regclass::pg_catalog.text"
                   " FROM ROWS FROM (pg_catalog.unnest(" +
                   v[0] + "), pg_catalog.unnest(" + v[1] +
                   ")) AS w (name, exclusive) JOIN pg_catalog.pg_locks l"
                   " ON l.relation = pg_catalog.to_regclass(w.name)::pg_catalog.oid"
                   " JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
                   " WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()"
                   " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
                   " WHERE d.datname = pg_catalog.current_database())"
                   " AND (w.exclusive"
                   " OR l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'ShareUpdateExclusiveLock'))"
                   " ORDER BY a.xact_start";
        });
    auto const answer = on.native().execute(sql).back();
    std::vector<lock_holder> holders;
    for (auto const& row : answer.rows) {
        auto const& age = row.at(6);
        holders.push_back({blocker_of(row), row.at(8).value_or(""), row.at(5).value_or(""),
                           age ? std::optional{std::chrono::milliseconds{number(age)}} : std::nullopt});
    }
    return holders;
}

std::chrono::milliseconds autovacuum_patience(session& on)
{
    auto const answer =
        on.native().execute("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'deadlock_timeout'");
    // A server with a long one cancels no autovacuum for us.
    auto const deadlock_timeout = std::chrono::milliseconds{number(answer.at(0).rows.at(0).at(0))};
    return std::min<std::chrono::milliseconds>(deadlock_timeout, 5s) + 500ms;
}

void ask_autovacuum_to_yield(session& on, std::string const& relation)
{
    auto const patience = std::to_string(autovacuum_patience(on).count());
    try {
        on.native().execute("BEGIN; SET LOCAL lock_timeout = " + patience + "; LOCK TABLE " + relation +
                            " IN SHARE UPDATE EXCLUSIVE MODE; ROLLBACK");
    }
    catch (sql_error const& e) { // it does not yield, or this role may not lock
        if (e.error.connection_lost) {
            throw;
        }
        roll_back(on.native());
    }
}

} // namespace schemagate::postgres
