#include "analytics/execution_numbers.hpp"

#include <cmath>

namespace app {

namespace json = boost::json;

std::string const& number_columns()
{
    static std::string const columns =
        "count(*), count(*) filter (where x.status = 'success'), count(*) filter (where x.status = "
        "'failure'), "
        "count(*) filter (where x.status = 'partial'), count(*) filter (where x.status = 'blocked'), "
        "count(*) "
        "filter (where x.status = 'rendered'), count(*) filter (where x.guardrail_violations <> '[]'), "
        "count(x.execution_time_ms), avg(x.execution_time_ms)::float8, percentile_cont(0.5) within group "
        "(order by x.execution_time_ms), percentile_cont(0.95) within group (order by x.execution_time_ms), "
        "count(x.token_count), avg(x.token_count)::float8, sum(x.token_count)::float8, "
        "sum(x.input_tokens)::float8, sum(x.output_tokens)::float8, count(x.cost_usd), "
        "avg(x.cost_usd)::float8, sum(x.cost_usd)::float8";
    return columns;
}

std::int64_t count_in(sql_text const& column)
{
    return column ? integer_in(column) : 0;
}

json::value number_or_null(sql_text const& column)
{
    if (!column) {
        return nullptr;
    }
    auto const number = number_in(column);
    return std::isfinite(number) ? json::value(number) : json::value(nullptr);
}

json::value text_or_null(sql_text const& column)
{
    return column ? json::value(*column) : json::value(nullptr);
}

json::value share(std::int64_t part, std::int64_t whole)
{
    return whole == 0 ? json::value(nullptr)
                      : json::value(static_cast<double>(part) / static_cast<double>(whole));
}

namespace {

// Sums of nothing are 0, unlike averages.
json::value sum_in(sql_text const& column)
{
    return column ? number_or_null(column) : json::value(0);
}

// Of tokens: a whole number.
json::value whole_sum_in(sql_text const& column)
{
    return column ? json::value(static_cast<std::int64_t>(number_in(column))) : json::value(0);
}

} // namespace

json::object numbers_in(query_row const& row, std::size_t first)
{
    auto const at = [&](std::size_t n) -> sql_text const& { return row.at(first + n); };
    auto const success = count_in(at(1));
    auto const outcomes = success + count_in(at(2)) + count_in(at(3));
    return {{"requests", count_in(at(0))},
            {"success", success},
            {"failure", count_in(at(2))},
            {"partial", count_in(at(3))},
            {"blocked", count_in(at(4))},
            {"rendered", count_in(at(5))},
            {"success_rate", share(success, outcomes)},
            {"latency_ms", json::object{{"count", count_in(at(7))},
                                        {"mean", number_or_null(at(8))},
                                        {"p50", number_or_null(at(9))},
                                        {"p95", number_or_null(at(10))}}},
            {"tokens", json::object{{"count", count_in(at(11))},
                                    {"mean", number_or_null(at(12))},
                                    {"sum", whole_sum_in(at(13))},
                                    {"input", whole_sum_in(at(14))},
                                    {"output", whole_sum_in(at(15))}}},
            {"cost_usd", json::object{{"count", count_in(at(16))},
                                      {"mean", number_or_null(at(17))},
                                      {"sum", sum_in(at(18))}}},
            {"guardrail_hits", count_in(at(6))}};
}

} // namespace app
