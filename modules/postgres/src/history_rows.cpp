#include "history_rows.hpp"

#include <utility>

namespace schemagate::postgres {
namespace {

std::string begun_row(history_table const& table, connection const& on, std::string const& row)
{
    return " WHERE id = " + row + " AND state = 'running' AND " + table.mine(on);
}

std::vector<std::string> values_of(std::vector<statement_argument> const& arguments)
{
    std::vector<std::string> values;
    values.reserve(arguments.size());
    for (auto const& each : arguments) {
        values.push_back(each.value);
    }
    return values;
}

} // namespace

history_row_sql::history_row_sql(connection const& on, history_table const& table, history_entry const& entry,
                                 row_state state, row_start start, attempt_question next)
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
    std::vector<statement_argument> arguments{
        text(entry_.kind),
        text(m.recorded_version()),
        text(m.description),
        text(m.checksum),
        {"int8", std::to_string(entry_.lock_wait.count())},
        {"int4", std::to_string(entry_.retries)},
        {"text", breaks ? on_.literal(breaks->text()) : "NULL"},
        text(running_ ? std::string{} : entry_.set_digest)}; // what is begun is no set yet
    if (!next_.value.empty()) {
        arguments.push_back({"text[]", next_.value});
    }
    return arguments;
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
           (next_.empty() ? std::string{"''"} : "' ' || " + next_.text(v.size() > 8 ? v[8] : "")) + ")";
}

std::vector<statement_argument> steps_arguments(connection const& on, steps_done const& done)
{
    std::vector<statement_argument> arguments{{"int8", std::to_string(done.row)},
                                              {"int4", std::to_string(done.steps)},
                                              {"text", on.literal(done.digest)}};
    if (!done.next.value.empty()) {
        arguments.push_back({"text[]", done.next.value});
    }
    return arguments;
}

std::string record_steps_sql(connection const& on, history_table const& table, steps_done const& done,
                             std::vector<std::string> const& v)
{
    return "UPDATE " + table.qualified(on, "history") + " SET statement_reached = " + v[1] +
           ", steps_digest = " + v[2] +
           (done.next.empty() ? "" : " || ' ' || " + done.next.text(v.size() > 3 ? v[3] : "")) +
           begun_row(table, on, v[0]);
}

std::string record_steps_sql(connection const& on, history_table const& table, steps_done const& done)
{
    return record_steps_sql(on, table, done, values_of(steps_arguments(on, done)));
}

std::vector<statement_argument> finish_arguments(connection const& on, history_entry const& entry,
                                                 steps_done const& done)
{
    auto const& m = *entry.applied;
    return {{"int8", std::to_string(done.row)},  {"int4", std::to_string(done.steps)},
            {"text", on.literal(done.digest)},   {"text", on.literal(m.checksum)},
            {"text", on.literal(m.description)}, {"text", on.literal(entry.set_digest)}};
}

std::string finish_row_sql(connection const& on, history_table const& table,
                           std::vector<std::string> const& v)
{
    // A new id: the order of the rows is that in which they became part of the set.
    return "UPDATE " + table.qualified(on, "history") +
           " SET id = DEFAULT, state = 'applied', finished_at = pg_catalog.clock_timestamp(),"
           " statement_reached = " +
           v[1] + ", steps_digest = " + v[2] + ", checksum = " + v[3] + ", description = " + v[4] +
           ", set_digest = " + v[5] + begun_row(table, on, v[0]);
}

} // namespace schemagate::postgres
