#include "step_sql.hpp"

#include "migration_sql.hpp"

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

std::string step_sql::recording_alone(steps_done const& done) const
{
    return "BEGIN; " + ourselves() + record_steps_sql(on_, table_, done) + "; COMMIT; " + lock_timeout();
}

} // namespace schemagate::postgres
