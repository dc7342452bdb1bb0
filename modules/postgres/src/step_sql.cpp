#include "step_sql.hpp"

#include <algorithm>

#include "schemagate/far_reach.hpp"
#include "schemagate/postgres/object_drift.hpp"
#include "schemagate/postgres/object_table.hpp"

namespace schemagate::postgres {
namespace {

// Where a session of ours keeps what its script has set, while a statement needs another value.
std::string const kept_lock_timeout = "schemagate.lock_timeout";
std::string const kept = "NULLIF(pg_catalog.current_setting('" + kept_lock_timeout + "', true), '')";
constexpr auto current = "pg_catalog.current_setting('lock_timeout')";

} // namespace

step_sql::step_sql(session& on, leadership const& leader, history_table const& table,
                   transaction_order const& order, migration_sql const& sql)
    : session_{on}, on_{on.native()}, leader_{leader}, table_{table}, order_{order}, sql_{sql}
{}

std::string step_sql::beginning(history_tail tail, attempt_question const& next) const
{
    auto sql = sql_.opening() + "SET LOCAL synchronous_commit = off; ";
    sql += sql_.require_tail({tail});
    auto const row = history_row_sql{on_, table_, order_.entry, row_state::running, row_start::message, next};
    auto const often = next.empty() || !next.value.empty();
    sql += sql_.run(often, next.empty() ? "begin" : "begin an index", row.arguments(),
                    [&row](auto const& values) { return row.text(values); });
    return sql + sql_.new_tail(order_.entry) + "COMMIT; ";
}

std::string step_sql::settings() const
{
    auto const text = [this](std::string_view value) {
        return statement_argument{"text", on_.literal(value)};
    };
    std::vector<statement_argument> const arguments{text(order_.application_name),
                                                    text(std::to_string(order_.statement_timeout.count())),
                                                    text(std::to_string(order_.lock_timeout.count()))};
    auto const sql = sql_.run(true, "settings of steps", arguments, [](std::vector<std::string> const& v) {
        auto const set = [](std::string_view name, std::string const& value) {
            return "pg_catalog.set_config('" + std::string{name} + "', " + value + ", false)";
        };
        return "SELECT " + set("application_name", v[0]) + ", " + set("statement_timeout", v[1]) + ", " +
               set("lock_timeout", v[2]) + ", " + set("client_min_messages", "'notice'") + ", " +
               set(kept_lock_timeout, "''");
    });
    return sql + "SET search_path = " + on_.identifier(table_.target_schema()) + "; " +
           sql_.drop_prepared(order_);
}

std::string step_sql::without_lock_timeout()
{
    return "SELECT pg_catalog.set_config('" + kept_lock_timeout + "', coalesce(" + kept + ", " + current +
           "), false), pg_catalog.set_config('lock_timeout', '0', false); ";
}

std::string step_sql::lock_timeout_again()
{
    return "SELECT pg_catalog.set_config('lock_timeout', coalesce(" + kept + ", " + current +
           "), false), pg_catalog.set_config('" + kept_lock_timeout + "', '', false); ";
}

// Whoever the script has become, the history is written by us. Local: the script goes on as before.
std::string step_sql::ourselves() const
{
    return "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE " +
           (session_.run_as().empty() ? "NONE" : on_.identifier(session_.run_as())) + "; ";
}

std::string step_sql::recording(steps_done const& done, std::string_view text) const
{
    auto sql = ourselves();
    sql += sql_.run(true, "still fenced", {}, [this](auto const&) {
        return "SELECT " + require_sql("(" + leader_.still_fenced_sql() + ")", "transaction");
    });
    if (!order_.follow_sql.empty()) {
        sql += follow_schemas_sql(on_, table_, lexer::renamed_schemas(text));
    }
    sql += sql_.objects(order_);
    return sql + record_steps(done);
}

std::string step_sql::recording_alone(steps_done const& done, bool durable,
                                      std::optional<std::string> const& new_index) const
{
    auto sql = lock_timeout_again() + "BEGIN; " + (durable ? "" : "SET LOCAL synchronous_commit = off; ") +
               ourselves();
    sql += made(done.row, new_index);
    return sql + record_steps(done) + "COMMIT; ";
}

std::string step_sql::record_steps(steps_done const& done) const
{
    auto const often = done.next.empty() || !done.next.value.empty();
    return sql_.run(
        often, done.next.empty() ? "step" : "step before an index", steps_arguments(on_, done),
        [&](std::vector<std::string> const& v) { return record_steps_sql(on_, table_, done, v); });
}

// What a statement that ran alone may have taken with it.
std::string step_sql::gone() const
{
    if (!order_.may_drop) {
        return "";
    }
    return forget_relations_sql(on_, table_) + "; " +
           (order_.reaches_far ? forget_columns_sql(on_, table_) + "; " : "");
}

std::string step_sql::made(std::int64_t row, std::optional<std::string> const& new_index) const
{
    if (!new_index) {
        return "";
    }
    return sql_.run(
        true, "new index", {{"int8", std::to_string(row)}, {"text", on_.literal(*new_index)}},
        [this](std::vector<std::string> const& v) { return record_new_index_sql(on_, table_, v[0], v[1]); });
}

std::string step_sql::finishing(history_tail tail, steps_done const& done, bool durable,
                                std::optional<std::string> const& new_index) const
{
    auto text = sql_.changed_session(order_);
    text += sql_.put_back(order_);
    text += sql_.opening(true);
    text += durable ? "" : "SET LOCAL synchronous_commit = off; ";
    text += sql_.require_tail({tail}) + gone();
    text += made(done.row, new_index);
    text += sql_.run(true, "finish", finish_arguments(on_, order_.entry, done),
                     [this](std::vector<std::string> const& v) { return finish_row_sql(on_, table_, v); });
    text += sql_.new_tail(order_.entry);
    return text + "COMMIT";
}

std::string step_sql::recording_only(steps_done const& done) const
{
    return "BEGIN; " + ourselves() + record_steps(done) + "COMMIT";
}

std::string step_sql::reading(std::int64_t row) const
{
    return "BEGIN; " + ourselves() + "SELECT steps_digest FROM " + table_.qualified(on_, "history") +
           " WHERE id = " + std::to_string(row) + "; COMMIT";
}

std::vector<statement_result> execute_ours(connection& on, std::string const& sql)
{
    try {
        return on.execute(sql);
    }
    catch (sql_error const& e) {
        roll_back(on);
        throw_broken_requirement(e.error);
        throw;
    }
}

std::vector<statement_result> execute_ours(connection& on, migration_sql const& sql,
                                           std::function<std::string()> const& message)
{
    try {
        return execute_ours(on, message());
    }
    catch (sql_error const& e) {
        if (!sql.lost_prepared(e.error)) {
            throw;
        }
    }
    return execute_ours(on, message());
}

void require_commit(statement_result const& result)
{
    if (result.tag != "COMMIT") {
        throw fence_broken{"the server rolled the transaction back at COMMIT"};
    }
}

void require_one_row(std::vector<statement_result> const& results)
{
    if (std::none_of(results.begin(), results.end(), [](auto const& r) { return r.tag == "UPDATE 1"; })) {
        throw history_disturbed{"its history row is gone (a trigger or rule on the history table?)"};
    }
}

} // namespace schemagate::postgres
