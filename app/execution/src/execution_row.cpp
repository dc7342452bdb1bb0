#include "execution_row.hpp"

#include <array>

#include "database/database_error.hpp"
#include "database/sql_time.hpp"

namespace app {
namespace {

using take = void (*)(execution&, sql_text const&);

struct column
{
    char const* sql;
    take into;
};

// The three that can be megabytes: the last, where they are asked for.
constexpr std::array content{
    column{"input_variables", [](auto& e, auto const& v) { e.variables = text_in(v); }},
    column{"rendered_prompt", [](auto& e, auto const& v) { e.rendered = text_in(v); }},
    column{"model_response", [](auto& e, auto const& v) { e.result.response = v; }},
};

constexpr std::array columns{
    column{"id", [](auto& e, auto const& v) { e.id = text_in(v); }},
    column{"template_id", [](auto& e, auto const& v) { e.prompt_id = v; }},
    column{"template_name", [](auto& e, auto const& v) { e.prompt_name = text_in(v); }},
    column{"template_version",
           [](auto& e, auto const& v) { e.prompt_version = static_cast<int>(integer_in(v)); }},
    column{"ab_test_group", [](auto& e, auto const& v) { e.variant = v; }},
    column{"experiment_id", [](auto& e, auto const& v) { e.experiment_id = v; }},
    column{"label", [](auto& e, auto const& v) { e.label = v; }},
    column{"user_id", [](auto& e, auto const& v) { e.user_id = v; }},
    column{"session_id", [](auto& e, auto const& v) { e.session_id = v; }},
    // Earlier clients had a UUID for it.
    column{"coalesce(http_request_id, request_id::text)", [](auto& e, auto const& v) { e.request_id = v; }},
    column{"status",
           [](auto& e, auto const& v) {
               auto const status = execution_status_named(text_in(v));
               if (!status) {
                   throw database_error{database_error::kind::failed, "an execution's status is not known"};
               }
               e.status = *status;
           }},
    column{"guardrail_violations", [](auto& e, auto const& v) { e.violations = text_in(v); }},
    column{"guardrail_action", [](auto& e, auto const& v) { e.action = v; }},
    column{"environment", [](auto& e, auto const& v) { e.environment = v; }},
    column{"model", [](auto& e, auto const& v) { e.result.model = v; }},
    column{"execution_time_ms", [](auto& e, auto const& v) { e.result.latency_ms = optional_integer_in(v); }},
    column{"input_tokens", [](auto& e, auto const& v) { e.result.input_tokens = optional_integer_in(v); }},
    column{"output_tokens", [](auto& e, auto const& v) { e.result.output_tokens = optional_integer_in(v); }},
    column{"(cost_usd * 1000000)::bigint",
           [](auto& e, auto const& v) { e.result.cost_micros = optional_integer_in(v); }},
    column{"score", [](auto& e, auto const& v) { e.result.score = optional_number_in(v); }},
    column{"error_type", [](auto& e, auto const& v) { e.result.error_type = v; }},
    column{"error_message", [](auto& e, auto const& v) { e.result.error_message = v; }},
};

} // namespace

std::string execution_columns(bool with_content)
{
    auto list = microseconds_of("executed_at") + ", " + microseconds_of("outcome_at");
    for (auto const& one : columns) {
        list.append(", ").append(one.sql);
    }
    for (auto const& one : content) {
        list.append(with_content ? ", " : "").append(with_content ? one.sql : "");
    }
    return list;
}

execution execution_in(query_row const& row)
{
    execution e;
    e.executed_at = integer_in(row.at(0));
    e.outcome_at = optional_integer_in(row.at(1));
    std::size_t at = 2;
    for (auto const& one : columns) {
        one.into(e, row.at(at++));
    }
    for (auto const& one : content) {
        if (at < row.size()) {
            one.into(e, row[at++]);
        }
    }
    return e;
}

} // namespace app
