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
    " DISCARD TEMP; UNLISTEN *; ";

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

std::string changed_session(std::vector<statement_result> const& results)
{
    for (auto const& r : results) {
        if (auto changed = value_of(r, "schemagate_changed")) {
            return *changed;
        }
    }
    return {};
}

history_tail tail_after(statement_result const& r)
{
    return {std::stoll(value_of(r, "schemagate_last_id").value_or("0"))};
}

migration_sql::migration_sql(session& on, leadership const& leader, history_table const& table, reuse how)
    : on_{on}, native_{on.native()}, leader_{leader}, table_{table}, prepare_{how == reuse::prepared}
{}

std::string migration_sql::run(bool prepare, std::string_view name,
                               std::vector<statement_argument> const& arguments,
                               prepared_statements::writer const& text) const
{
    return prepare && prepare_ ? on_.prepared().run(name, arguments, text)
                               : prepared_statements::run_once(arguments, text);
}

bool migration_sql::lost_prepared(server_error const& e) const noexcept
{
    // invalid_sql_statement_name; the message may be translated, the name in it is not. Or
    // duplicate_prepared_statement: one that a function of an earlier script has left.
    auto const dropped = e.sqlstate == "26000" && e.message.find(prepared_prefix) != std::string::npos;
    return prepare_ && (dropped || e.sqlstate == "42P05") && on_.prepared().give_up();
}

// Above READ COMMITTED every statement reads what the first one saw, and that has to be the history as it is
// under the lock: LOCK TABLE takes no snapshot.
std::string migration_sql::begin(std::string const& isolation) const
{
    if (isolation.empty() || isolation.starts_with("READ")) {
        return "BEGIN ISOLATION LEVEL " + (isolation.empty() ? "READ COMMITTED" : isolation) + "; ";
    }
    auto const role = on_.pooled() && !on_.run_as().empty()
                          ? "SET LOCAL ROLE " + native_.identifier(on_.run_as()) + "; "
                          : std::string{};
    return "BEGIN ISOLATION LEVEL " + isolation + "; " + role + "LOCK TABLE " +
           table_.qualified(native_, "history") + " IN SHARE ROW EXCLUSIVE MODE; ";
}

std::string migration_sql::opening(bool follows_ours, std::string const& isolation) const
{
    auto sql = begin(isolation);
    sql += on_.prepared().drop_left_behind();
    // What ours put back before its COMMIT is still so, except behind a pooler, where it was SET LOCAL.
    if (!(follows_ours || on_.settled()) || on_.pooled()) {
        sql += run(true, "settings at first", {}, [this](auto const&) { return on_.settings_sql(); });
    }
    return sql + run(true, "fence", {}, [this](auto const&) {
               return "SELECT " + require_sql("(" + leader_.fence_sql() + ")", "fence");
           });
}

// `newest` is a value or a parameter: of an earlier row of the same message the digest is known, which no
// other row has.
std::string migration_sql::tail_sql(planned_tail const& tail, std::string const& newest) const
{
    auto const row = " FROM " + table_.newest_row(native_) + ")";
    return tail.newest == nullptr ? "coalesce((SELECT id" + row + ", 0) = " + newest
                                  : "(SELECT set_digest" + row + " = " + newest;
}

std::vector<statement_argument> migration_sql::tail_arguments(planned_tail const& tail) const
{
    if (tail.newest != nullptr) {
        return {{"text", native_.literal(tail.newest->entry.set_digest)}};
    }
    return {{"int8", std::to_string(tail.known.last_id)}};
}

std::string migration_sql::require_tail(planned_tail const& tail) const
{
    return run(true, tail.newest != nullptr ? "tail is" : "tail is first", tail_arguments(tail),
               [&](std::vector<std::string> const& v) {
                   return "SELECT " + require_sql(tail_sql(tail, v[0]), "tail");
               });
}

std::string migration_sql::entering(transaction_order const& order, planned_tail const& tail,
                                    std::string_view mark) const
{
    auto const text = [&](std::string_view value) {
        return statement_argument{"text", native_.literal(value)};
    };
    auto arguments = tail_arguments(tail);
    arguments.insert(arguments.end(),
                     {text(order.application_name), text(std::to_string(order.lock_timeout.count())),
                      text(std::to_string(order.statement_timeout.count())), text(mark)});
    auto sql = drop_prepared(order);
    sql += run(!order.prepares, tail.newest != nullptr ? "enter" : "enter first", arguments,
               [&](std::vector<std::string> const& v) {
                   auto const set = [](std::string_view name, std::string const& value) {
                       return ", pg_catalog.set_config('" + std::string{name} + "', " + value + ", true)";
                   };
                   return "SELECT " + require_sql(tail_sql(tail, v[0]), "tail") +
                          set("application_name", v[1]) + set("lock_timeout", v[2]) +
                          set("statement_timeout", v[3]) + set("client_min_messages", "'notice'") + ", " +
                          v[4] + " AS schemagate_mark";
               });
    // Not one of those: a plan that changes the search_path is made anew each time.
    return sql + "SET LOCAL search_path = " + native_.identifier(table_.target_schema()) + "; ";
}

std::string migration_sql::changed_session(transaction_order const& order, std::string_view mark) const
{
    if (!order.changes_session) {
        return "SELECT NULL AS schemagate_changed, " + native_.literal(mark) + " AS schemagate_mark; ";
    }
    auto arguments = changed_session_arguments(native_, order);
    arguments.push_back({"text", native_.literal(mark)});
    return run(!order.prepares, "changed", arguments, [this](std::vector<std::string> const& v) {
        return "SELECT " + changed_session_sql(native_, table_, on_.run_as(), v) +
               " AS schemagate_changed, " + v.back() + " AS schemagate_mark";
    });
}

std::string migration_sql::leaving(transaction_order const& order, planned_tail const& tail,
                                   std::string_view mark) const
{
    auto sql = changed_session(order, mark);
    sql += put_back(order);
    return sql + run(!order.prepares, tail.newest != nullptr ? "leave" : "leave first", tail_arguments(tail),
                     [&](std::vector<std::string> const& v) {
                         return "SELECT " +
                                require_sql("(" + leader_.still_fenced_sql() + ")", "transaction") + ", " +
                                require_sql(tail_sql(tail, v[0]), "history");
                     });
}

std::string migration_sql::recording(transaction_order const& order, planned_tail const& tail,
                                     std::string_view mark) const
{
    auto const may = !order.prepares;
    auto sql = order.follow_sql;
    if (!order.record_sql.empty()) {
        sql += order.record_sql + "; ";
    }
    else {
        sql += objects(order);
    }
    auto const start = tail.newest == nullptr ? row_start::message : row_start::row_before;
    auto const row = history_row_sql{native_, table_, order.entry, row_state::applied, start};
    sql += run(may, tail.newest != nullptr ? "row" : "row first", row.arguments(),
               [&](std::vector<std::string> const& v) { return row.text(v); });
    return sql + new_tail(order.entry, mark, may);
}

std::string migration_sql::objects(transaction_order const& order) const
{
    auto const may = !order.prepares;
    std::string named;
    for (auto const& each : order.creates) {
        named += (named.empty() ? "" : ", ") + native_.literal(each.name);
    }
    // An empty array has no type of its own.
    auto sql =
        run(may, order.may_drop ? "objects and columns" : "objects",
            {{"text[]", "ARRAY[" + named + "]::pg_catalog.text[]"}}, [&](std::vector<std::string> const& v) {
                return record_objects_sql(native_, table_, order.may_drop, v[0]);
            });
    if (order.may_drop) {
        sql += run(may, "forget", {}, [this](auto const&) { return forget_relations_sql(native_, table_); });
    }
    return sql;
}

std::string migration_sql::drop_prepared(transaction_order const& order) const
{
    if (!order.prepares && prepare_ && on_.prepared().usable()) {
        return "";
    }
    on_.prepared().dropped();
    return "DEALLOCATE ALL; ";
}

std::string migration_sql::put_back(transaction_order const& order) const
{
    auto sql = std::string{reset_session} + drop_prepared(order);
    return sql + run(!order.prepares, "settings", {}, [this](auto const&) { return on_.settings_sql(); });
}

std::string migration_sql::new_tail(history_entry const& written, std::string_view mark, bool often) const
{
    auto const& m = *written.applied;
    return run(often, "tail",
               {{"text", native_.literal(m.recorded_version())},
                {"text", native_.literal(m.checksum)},
                {"text", native_.literal(mark)}},
               [this](std::vector<std::string> const& v) {
                   return "SELECT " +
                          require_sql("n.version = " + v[0] + " AND n.checksum = " + v[1], "row") +
                          ", n.id AS schemagate_last_id, " + v[2] +
                          " AS schemagate_mark FROM (SELECT 1) one LEFT JOIN (SELECT id, version, checksum"
                          " FROM " +
                          table_.newest_row(native_) + ") n ON true";
               });
}

} // namespace schemagate::postgres
