#include "history_rows.hpp"

namespace schemagate::postgres {
namespace {

std::string steps_values(connection const& on, steps_done const& done)
{
    return "statement_reached = " + std::to_string(done.steps) +
           ", steps_digest = " + on.literal(done.digest) +
           (done.next.empty() ? "" : " || ' ' || " + done.next);
}

std::string begun_row(history_table const& table, connection const& on, std::int64_t row)
{
    return " WHERE id = " + std::to_string(row) + " AND state = 'running' AND " + table.mine(on);
}

} // namespace

std::string insert_row_sql(connection const& on, history_table const& table, history_entry const& entry,
                           row_state state, row_start start, std::string const& next)
{
    auto const& m = *entry.applied;
    auto const running = state == row_state::running;
    auto const& breaks = m.directives.breaks_older_than;
    auto const began = start == row_start::message
                           ? std::string{"pg_catalog.now()"}
                           : "(SELECT GREATEST(pg_catalog.now(), LEAST(pg_catalog.max(finished_at),"
                             " pg_catalog.clock_timestamp())) FROM " +
                                 table.qualified(on, "history") + " WHERE " + table.mine(on) + ")";
    auto const text = [&on](std::string const& value) { return on.literal(value) + ", "; };
    return "INSERT INTO " + table.qualified(on, "history") +
           " (catalog, target_schema, kind, version, description, checksum, checksum_algorithm, state,"
           " statement_reached, started_at, finished_at, applied_by, application, application_version, host,"
           " server_version_num, wait_ms, retries, breaks_older_than, set_digest, steps_digest) VALUES (" +
           text(table.catalog()) + text(table.target_schema()) + text(entry.kind) +
           text(m.recorded_version()) + text(m.description) + text(m.checksum) + "'sha256', " +
           (running ? "'running', 0, " + began + ", NULL, "
                    : "'applied', NULL, " + began + ", pg_catalog.clock_timestamp(), ") +
           "current_user, " + text(entry.application) + text(entry.application_version) + text(entry.host) +
           "pg_catalog.current_setting('server_version_num')::pg_catalog.int4, " +
           std::to_string(entry.lock_wait.count()) + ", " + std::to_string(entry.retries) + ", " +
           (breaks ? on.literal(breaks->text()) : "NULL") + ", " +
           on.literal(running ? std::string{} : entry.set_digest) + ", " + // what is begun is no set yet
           (next.empty() ? std::string{"''"} : "' ' || " + next) + ")";
}

std::string record_steps_sql(connection const& on, history_table const& table, steps_done const& done)
{
    return "UPDATE " + table.qualified(on, "history") + " SET " + steps_values(on, done) +
           begun_row(table, on, done.row);
}

std::string finish_row_sql(connection const& on, history_table const& table, std::int64_t row,
                           history_entry const& entry, steps_done const& done)
{
    auto const& m = *entry.applied;
    return "UPDATE " + table.qualified(on, "history") +
           // A new id: the order of the rows is that in which they became part of the set.
           " SET id = DEFAULT, state = 'applied', finished_at = pg_catalog.clock_timestamp(), checksum = " +
           on.literal(m.checksum) + ", description = " + on.literal(m.description) +
           ", set_digest = " + on.literal(entry.set_digest) + ", " + steps_values(on, done) +
           begun_row(table, on, row);
}

} // namespace schemagate::postgres
