#include "history_rows.hpp"

#include <utility>

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

history_row_sql::history_row_sql(connection const& on, history_table const& table, history_entry const& entry,
                                 row_state state, row_start start, std::string next)
    : on_{on}, table_{table}, entry_{entry}, running_{state == row_state::running}, start_{start},
      next_{std::move(next)}
{}

std::vector<statement_argument> history_row_sql::arguments() const
{
    auto const& m = *entry_.applied;
    auto const& breaks = m.directives.breaks_older_than;
    auto const text = [this](std::string const& value) {
        return statement_argument{"text", on_.literal(value)};
    };
    return {text(entry_.kind),
            text(m.recorded_version()),
            text(m.description),
            text(m.checksum),
            {"int8", std::to_string(entry_.lock_wait.count())},
            {"int4", std::to_string(entry_.retries)},
            {"text", breaks ? on_.literal(breaks->text()) : "NULL"},
            text(running_ ? std::string{} : entry_.set_digest)}; // what is begun is no set yet
}

std::string history_row_sql::text(std::vector<std::string> const& v) const
{
    auto const began = start_ == row_start::message
                           ? std::string{"pg_catalog.now()"}
                           : "(SELECT GREATEST(pg_catalog.now(), LEAST(pg_catalog.max(finished_at),"
                             " pg_catalog.clock_timestamp())) FROM " +
                                 table_.qualified(on_, "history") + " WHERE " + table_.mine(on_) + ")";
    auto const text = [this](std::string const& value) { return on_.literal(value) + ", "; };
    return "INSERT INTO " + table_.qualified(on_, "history") +
           " (catalog, target_schema, kind, version, description, checksum, checksum_algorithm, state,"
           " statement_reached, started_at, finished_at, applied_by, application, application_version, host,"
           " server_version_num, wait_ms, retries, breaks_older_than, set_digest, steps_digest) VALUES (" +
           text(table_.catalog()) + text(table_.target_schema()) + v[0] + ", " + v[1] + ", " + v[2] + ", " +
           v[3] + ", 'sha256', " +
           (running_ ? "'running', 0, " + began + ", NULL, "
                     : "'applied', NULL, " + began + ", pg_catalog.clock_timestamp(), ") +
           "current_user, " + text(entry_.application) + text(entry_.application_version) +
           text(entry_.host) + "pg_catalog.current_setting('server_version_num')::pg_catalog.int4, " + v[4] +
           ", " + v[5] + ", " + v[6] + ", " + v[7] + ", " +
           (next_.empty() ? std::string{"''"} : "' ' || " + next_) + ")";
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
