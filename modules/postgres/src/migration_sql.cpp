#include "migration_sql.hpp"

#include <algorithm>

#include "history_rows.hpp"
#include "schemagate/postgres/object_table.hpp"
#include "session_probe.hpp"

namespace schemagate::postgres {
namespace {

constexpr std::string_view prefix = "schemagate: ";

// Whatever a script did to its session, inside its transaction and so undone with it. RESET ALL keeps the
// role, RESET SESSION AUTHORIZATION gives it back; both keep advisory locks, which DISCARD ALL would drop.
// Deferred constraints are checked here, while an error can still be told apart from one of ours.
constexpr std::string_view reset_session =
    "SET CONSTRAINTS ALL IMMEDIATE; CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL;"
    " DISCARD TEMP; UNLISTEN *; DEALLOCATE ALL; ";

std::string marked(connection const& on, std::string_view mark)
{
    return mark.empty() ? std::string{} : ", " + on.literal(mark) + " AS schemagate_mark";
}

} // namespace

std::string require_sql(std::string const& condition, std::string_view word)
{
    return "(CASE WHEN " + condition + " THEN 'true' ELSE '" + std::string{prefix} + std::string{word} +
           "' END)::pg_catalog.bool";
}

std::optional<std::string> broken_requirement(server_error const& e)
{
    // invalid_text_representation; the message may be translated, the word in it is not.
    auto const at = e.message.find(prefix);
    if (e.sqlstate != "22P02" || at == std::string::npos) {
        return std::nullopt;
    }
    auto const word = e.message.substr(at + prefix.size());
    return word.substr(0, word.find_first_not_of("abcdefghijklmnopqrstuvwxyz"));
}

void throw_broken_requirement(server_error const& e)
{
    auto const word = broken_requirement(e);
    if (word == "fence") {
        throw fence_broken{"another process holds the migration lock"};
    }
    if (word == "tail") {
        throw fence_broken{"another process wrote to the history meanwhile"};
    }
    if (word == "transaction") {
        throw transaction_ended_by_script{};
    }
    if (word == "history") {
        throw history_disturbed{"it writes to the history of Schemagate"};
    }
    if (word == "row") {
        throw history_disturbed{"its history row was not written (a trigger or rule on the history table?)"};
    }
}

std::optional<std::string> value_of(statement_result const& r, std::string_view column)
{
    auto const found = std::find(r.columns.begin(), r.columns.end(), column);
    return found == r.columns.end() || r.rows.empty()
               ? std::nullopt
               : r.rows.front().at(static_cast<std::size_t>(found - r.columns.begin()));
}

history_tail tail_after(statement_result const& r)
{
    return {std::stoll(value_of(r, "schemagate_last_id").value_or("0")),
            std::stoll(value_of(r, "schemagate_rows").value_or("0"))};
}

migration_sql::migration_sql(session& on, leadership const& leader, history_table const& table)
    : on_{on}, native_{on.native()}, leader_{leader}, table_{table}
{}

std::string migration_sql::opening(bool follows_ours) const
{
    // What ours put back before its COMMIT is still so, except behind a pooler, where it was SET LOCAL.
    return "BEGIN ISOLATION LEVEL READ COMMITTED; " +
           (follows_ours && !on_.pooled() ? std::string{} : on_.settings_sql()) + "SELECT " +
           require_sql("(" + leader_.fence_sql() + ")", "fence") + "; ";
}

std::string migration_sql::tail_is(planned_tail const& tail) const
{
    auto const history = table_.qualified(native_, "history");
    auto const mine = table_.mine(native_);
    auto const newest = tail.newest == nullptr
                            ? "pg_catalog.max(id) = " + std::to_string(tail.known.last_id)
                            : "(SELECT n.set_digest = " + native_.literal(tail.newest->entry.set_digest) +
                                  " FROM " + history + " n WHERE " + mine + " ORDER BY n.id DESC LIMIT 1)";
    auto const rows = tail.known.rows + static_cast<std::int64_t>(tail.added);
    return "(SELECT pg_catalog.count(*) = " + std::to_string(rows) +
           (rows == 0 ? std::string{} : " AND " + newest) + " FROM " + history + " WHERE " + mine + ")";
}

std::string migration_sql::entering(transaction_order const& order, planned_tail const& tail,
                                    std::string_view mark) const
{
    std::string settings;
    auto const set = [&](std::string_view name, std::string const& value) {
        settings +=
            ", pg_catalog.set_config('" + std::string{name} + "', " + native_.literal(value) + ", true)";
    };
    // As SET would store it: functions made with SET search_path FROM CURRENT keep these words.
    settings += ", pg_catalog.set_config('search_path', pg_catalog.quote_ident(" +
                native_.literal(table_.target_schema()) + "), true)";
    set("application_name", order.application_name);
    set("lock_timeout", std::to_string(order.lock_timeout.count()));
    set("statement_timeout", std::to_string(order.statement_timeout.count()));
    set("client_min_messages", "notice");
    return "SELECT " + require_sql(tail_is(tail), "tail") + settings + marked(native_, mark) + "; ";
}

std::string migration_sql::leaving(transaction_order const& order, planned_tail const& tail,
                                   std::string_view mark) const
{
    auto const changed = order.changes_session ? changed_session_sql(native_, table_, order, on_.run_as())
                                               : std::string{"NULL"};
    return "SELECT " + changed + " AS schemagate_changed" + marked(native_, mark) + "; " +
           std::string{reset_session} + on_.settings_sql() + "SELECT " +
           require_sql("(" + leader_.still_fenced_sql() + ")", "transaction") + ", " +
           require_sql(tail_is(tail), "history") + "; ";
}

std::string migration_sql::recording(transaction_order const& order, planned_tail const& tail,
                                     std::string_view mark) const
{
    auto const objects =
        order.record_sql.empty() ? record_objects_sql(native_, table_, order.may_drop) : order.record_sql;
    return order.follow_sql + objects + "; " +
           insert_row_sql(native_, table_, order.entry, row_state::applied,
                          tail.newest == nullptr ? row_start::message : row_start::row_before) +
           "; " + new_tail(tail, mark);
}

std::string_view migration_sql::put_back() noexcept
{
    return reset_session;
}

std::string migration_sql::new_tail(planned_tail const& tail, std::string_view mark) const
{
    auto const rows = tail.known.rows + static_cast<std::int64_t>(tail.added) + 1;
    return "SELECT " + require_sql("pg_catalog.count(*) = " + std::to_string(rows), "row") +
           ", pg_catalog.max(id) AS schemagate_last_id, pg_catalog.count(*) AS schemagate_rows" +
           marked(native_, mark) + " FROM " + table_.qualified(native_, "history") + " WHERE " +
           table_.mine(native_) + "; ";
}

} // namespace schemagate::postgres
