#include "schemagate/postgres/idle_check.hpp"

#include "schemagate/failure.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "schemagate/postgres/object_watch.hpp"
#include "schemagate/postgres/reading_transaction.hpp"

namespace schemagate::postgres {
namespace {

constexpr auto server_columns =
    "pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only') = 'on',"
    " pg_catalog.pg_backend_pid(), coalesce(pg_catalog.current_setting('schemagate.hold', true), '')";

std::string opening()
{
    return std::string{reading_transaction::begin()};
}

idle_state server_state(connection& on, std::vector<std::optional<std::string>> const& row)
{
    idle_state seen;
    seen.in_recovery = row.at(0) == "t";
    seen.read_only = row.at(1) == "t";
    seen.pooled = std::stoi(row.at(2).value_or("0")) != on.protocol_pid();
    seen.hold = row.at(3).value_or("");
    return seen;
}

// The first result with rows: the SELECT between BEGIN, SET LOCAL and COMMIT.
std::vector<std::optional<std::string>> const& only_row(std::vector<statement_result> const& results)
{
    for (auto const& r : results) {
        if (!r.rows.empty()) {
            return r.rows.front();
        }
    }
    throw sql_error{server_error{}};
}

} // namespace

namespace {

// What the one message of an idle boot would pay for, and seldom needs: whether what is in progress is more
// than a text of a repeatable script that a later one has replaced, and what row level security hides.
void look_closer(connection& on, history_table const& table, idle_state& seen)
{
    auto const history = table.qualified(on, "history");
    auto const answer =
        on.execute(opening() + "SELECT EXISTS (SELECT FROM " + history + " r WHERE " + table.mine(on) +
                   " AND state = 'running' AND NOT EXISTS (SELECT FROM " + history +
                   " l WHERE (l.catalog, l.target_schema, l.kind, l.version) ="
                   " (r.catalog, r.target_schema, 'repeatable', r.version) AND r.kind = l.kind"
                   " AND l.state = 'applied' AND l.id > r.id)), current_user, CASE WHEN " +
                   table.hides_rows_sql(on, "history") + " THEN 'history' WHEN " +
                   table.hides_rows_sql(on, "object") + " THEN 'object' END; COMMIT");
    auto const& row = only_row(answer);
    seen.under_way = row.at(0) == "t";
    seen.role = row.at(1).value_or("");
    seen.hidden = row.at(2).value_or("");
}

// nullopt: there is no history table, or not all of it.
std::optional<idle_state> look_once(connection& on, history_table const& table,
                                    std::string const& watched = "watched")
{
    auto const secured = [&](std::string const& each) {
        return "pg_catalog.row_security_active(" + on.literal(table.qualified(on, each)) + ")";
    };
    try {
        auto const answer = on.execute(
            opening() + "SELECT " + server_columns +
            ", h.version, h.set_digest, h.verified_at IS NOT NULL, " + unchanged_objects_sql("h.watched") +
            ", EXISTS (SELECT FROM " + table.qualified(on, "history") + " WHERE " + table.mine(on) +
            " AND state = 'running'), " + secured("history") + " OR " + secured("object") +
            " FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT version, set_digest, verified_at, " + watched +
            " FROM " + table.qualified(on, "history") + " WHERE " + table.mine(on) +
            // A script that is being applied step by step changes nothing for those who do not carry it,
            // unless it says that it breaks them.
            " AND (state = 'applied' OR breaks_older_than IS NOT NULL)"
            " ORDER BY id DESC LIMIT 1) h ON true; COMMIT");
        auto const& row = only_row(answer);
        auto seen = server_state(on, row);
        seen.has_history = true;
        if (row.at(4)) {
            seen.newest = newest_row{*row[4], row.at(5).value_or(""), row.at(6) == "t"};
        }
        seen.under_way = row.at(8) == "t";
        if (row.at(7) != "t") {
            auto const missing =
                on.execute(opening() + "SELECT " + missing_objects_sql(on, table) + "; COMMIT");
            seen.missing = object_lines(only_row(missing).at(0).value_or(""));
        }
        if (seen.under_way || row.at(9) == "t") {
            look_closer(on, table, seen);
        }
        return seen;
    }
    catch (sql_error const& e) {
        // undefined_table, invalid_schema_name: nothing was ever applied here. undefined_column: by an
        // earlier release, and no leader of this one has completed its tables yet.
        auto const not_there = e.error.sqlstate == "42P01" || e.error.sqlstate == "3F000";
        if (!not_there && (e.error.sqlstate != "42703" || watched != "watched")) {
            throw;
        }
        if (not_there) {
            return std::nullopt;
        }
    }
    on.execute("ROLLBACK");
    return look_once(on, table, "NULL::pg_catalog.text AS watched");
}

} // namespace

idle_state idle_check(connection& on, history_table const& table)
{
    // Twice, because a leader may make the history between our look and the question whether it is there.
    for (int attempt = 0; attempt < 2; ++attempt) {
        if (auto seen = look_once(on, table)) {
            return *std::move(seen);
        }
        auto const answer = on.execute("ROLLBACK; " + opening() + "SELECT " + server_columns + ", " +
                                       table.is_there_sql(on) + "; COMMIT");
        if (auto const& row = only_row(answer); row.at(4) != "t") {
            return server_state(on, row);
        }
    }
    throw failure{errc::history_malformed,
                  "the history is there, but the table \"object\" beside it in schema \"" + table.schema() +
                      "\" is missing.",
                  "Restore that schema from a backup: without it, missing tables would not be noticed."};
}

} // namespace schemagate::postgres
