#include "step_sql.hpp"

#include <algorithm>

#include "schemagate/created_relations.hpp"
#include "schemagate/locked_relations.hpp"
#include "schemagate/postgres/object_table.hpp"

namespace schemagate::postgres {

step_sql::step_sql(session& on, leadership const& leader, history_table const& table,
                   transaction_order const& order)
    : session_{on}, on_{on.native()}, leader_{leader}, table_{table}, order_{order}
{}

std::string step_sql::settings() const
{
    return "SET search_path = " + on_.identifier(table_.target_schema()) +
           "; SET application_name = " + on_.literal(order_.application_name) +
           "; SET statement_timeout = " + std::to_string(order_.statement_timeout.count()) +
           "; SET client_min_messages = notice; " + lock_timeout();
}

std::string step_sql::lock_timeout() const
{
    return "SET lock_timeout = " + std::to_string(order_.lock_timeout.count()) + "; ";
}

// Whoever the script has become, the history is written by us. Local: the script goes on as before.
std::string step_sql::ourselves() const
{
    return "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE " +
           (session_.run_as().empty() ? "NONE" : on_.identifier(session_.run_as())) + "; ";
}

std::string step_sql::recording(steps_done const& done) const
{
    return ourselves() + "SELECT " + require_sql("(" + leader_.still_fenced_sql() + ")", "transaction") +
           "; " + record_steps_sql(on_, table_, done) + "; ";
}

std::string step_sql::recording_alone(steps_done const& done, bool durable) const
{
    return lock_timeout() + "BEGIN; " + (durable ? "" : "SET LOCAL synchronous_commit = off; ") +
           recording_only(done) + "COMMIT";
}

std::string step_sql::finishing(migration_sql const& sql, history_tail tail, std::string_view script,
                                steps_done const& done) const
{
    auto names = lexer::created_relations(script);
    for (auto const& each : lexer::locked_relations(script)) {
        names.push_back(each.relation);
    }
    auto text = sql.put_back(order_);
    text += sql.opening(true);
    text += "SELECT " + require_sql(sql.tail_is({tail}), "tail") + "; " + order_.follow_sql;
    if (order_.may_drop) {
        text += forget_relations_sql(on_, table_) + "; ";
    }
    if (order_.reaches_far) {
        text += forget_columns_sql(on_, table_) + "; ";
    }
    return text + record_relations_sql(on_, table_, names) + "; " +
           finish_row_sql(on_, table_, done.row, order_.entry, done) +
           "; SELECT pg_catalog.max(id) AS schemagate_last_id, pg_catalog.count(*) AS schemagate_rows FROM " +
           table_.qualified(on_, "history") + " WHERE " + table_.mine(on_) + "; COMMIT";
}

std::string step_sql::recording_only(steps_done const& done) const
{
    return ourselves() + record_steps_sql(on_, table_, done) + "; ";
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
