#include "analytics/analytics_store.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <map>

#include "analytics/execution_numbers.hpp"
#include "database/rfc3339.hpp"

namespace app {
namespace {

namespace json = boost::json;

// $1 since, $2 until, $3 interval. All statuses by name: with the times an index has them together.
constexpr char const* in_period = "x.executed_at >= $1::timestamptz and x.executed_at < $2::timestamptz and "
                                  "x.status in ('rendered', 'blocked', 'success', 'failure', 'partial')";
constexpr char const* bucket =
    " x cross join lateral (select date_trunc($3::text, x.executed_at at time zone 'UTC') as at) b where ";

std::string time_text(std::string const& of_utc)
{
    return "to_char(" + of_utc + R"(, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
}

std::vector<sql_text> bounds_of(period const& of)
{
    return {to_sql_time(of.since), to_sql_time(of.until), std::string{of.interval}};
}

// A row for each set of the groups: all of it, a bucket, a version of a prompt.
struct grouped
{
    query_row total{};
    std::map<std::string, query_row> buckets{};
    std::vector<query_row> versions{}; ///< most executions first
};
constexpr std::size_t first_number = 4; // after what it is, bucket, name and version

grouped grouped_by(database_connection& c, std::string const& log, std::string const& columns,
                   std::string const& where, std::vector<sql_text> const& values)
{
    grouped out;
    for (auto const& row : c.ask("select grouping(b.at, x.template_name), " + time_text("b.at") +
                                     ", x.template_name, x.template_version, " + columns + " from " + log +
                                     bucket + in_period + where +
                                     " group by grouping sets ((), (b.at), (x.template_name, "
                                     "x.template_version)) order by 5 desc, x.template_name, "
                                     "x.template_version",
                                 values)) {
        auto const kind = integer_in(row[0]);
        if (kind == 3) {
            out.total = row;
        }
        else if (kind == 1) {
            out.buckets.emplace(text_in(row[1]), row);
        }
        else {
            out.versions.push_back(row);
        }
    }
    return out;
}

// One for each bucket of the period, whatever is in it.
template <typename F>
json::array series_from(database_connection& c, period const& of,
                        std::map<std::string, query_row> const& known, F const& numbers)
{
    static query_row const nothing(64);
    json::array out;
    for (auto const& row :
         c.ask("select " + time_text("s.at") +
                   " from generate_series(date_trunc($3::text, $1::timestamptz at time zone 'UTC'), "
                   "$2::timestamptz at time zone 'UTC' - interval '1 microsecond', ('1 ' || "
                   "$3::text)::interval) s (at) order by s.at",
               bounds_of(of))) {
        auto const found = known.find(text_in(row[0]));
        json::object point{{"at", *row[0]}};
        for (auto const& member : numbers(found == known.end() ? nothing : found->second)) {
            point.insert_or_assign(member.key(), member.value());
        }
        out.push_back(std::move(point));
    }
    return out;
}

// $4, where it is given.
char const* of_prompt(std::optional<std::string> const& prompt)
{
    return prompt ? " and x.template_name = $4" : " and $4::text is null";
}

// Statuses of what went wrong, for errors.
constexpr char const* error_columns =
    "count(*), count(*) filter (where x.status = 'failure'), count(*) filter (where x.status = 'partial'), "
    "count(*) filter (where x.status = 'blocked')";

json::object errors_in(query_row const& row, std::size_t first)
{
    auto const requests = count_in(row.at(first));
    auto const failure = count_in(row.at(first + 1));
    auto const partial = count_in(row.at(first + 2));
    auto const blocked = count_in(row.at(first + 3));
    return {{"requests", requests},
            {"failure", failure},
            {"partial", partial},
            {"blocked", blocked},
            {"error_rate", share(failure + partial + blocked, requests)}};
}

constexpr char const* hit_columns =
    "count(*), count(*) filter (where x.guardrail_violations <> '[]'), count(*) filter (where "
    "x.guardrail_action = 'block'), count(*) filter (where x.guardrail_action = 'redact'), count(*) filter "
    "(where x.guardrail_action = 'warn')";

json::object hits_in(query_row const& row, std::size_t first)
{
    return {{"requests", count_in(row.at(first))},
            {"hits", count_in(row.at(first + 1))},
            {"block", count_in(row.at(first + 2))},
            {"redact", count_in(row.at(first + 3))},
            {"warn", count_in(row.at(first + 4))}};
}

json::object of_version(query_row const& row, json::object const& numbers)
{
    json::object out{{"name", text_in(row[2])}, {"version", integer_in(row[3])}};
    for (auto const& member : numbers) {
        out.insert_or_assign(member.key(), member.value());
    }
    return out;
}

constexpr std::size_t list_max = 100;

} // namespace

json::object analytics_store::prompts(database_connection& c, period const& of,
                                      execution_choice const& choice) const
{
    auto values = bounds_of(of);
    auto const version = choice.version ? sql_text{std::to_string(*choice.version)} : std::nullopt;
    values.insert(values.end(), {choice.prompt, version, choice.environment});
    auto const found = grouped_by(
        c, log(), number_columns(),
        of_prompt(choice.prompt) +
            std::string{" and ($5::integer is null or x.template_version = $5) and ($6::text is null or "
                        "x.environment = $6)"},
        values);
    auto const numbers = [](query_row const& row) { return numbers_in(row, first_number); };
    json::array prompts;
    for (auto const& row : found.versions) {
        if (prompts.size() < list_max) {
            prompts.push_back(of_version(row, numbers(row)));
        }
    }
    json::array versions;
    for (auto const& row : c.ask(
             "select name, category, version, is_active and ab_test_group is null, total_executions, "
             "success_count, failure_count, avg_response_time_ms, avg_token_count, avg_cost_usd::float8 "
             "from " +
                 schema_ +
                 ".v_template_performance where ($1::text is null or name = $1) and ($2::integer is null or "
                 "version = $2) order by total_executions desc, name, version limit 100",
             {choice.prompt, version})) {
        // Those without an outcome are no failures.
        versions.push_back(
            json::object{{"name", text_in(row[0])},
                         {"category", text_or_null(row[1])},
                         {"version", integer_in(row[2])},
                         {"production", truth_in(row[3])},
                         {"executions", integer_in(row[4])},
                         {"success", integer_in(row[5])},
                         {"failure", integer_in(row[6])},
                         {"success_rate", share(integer_in(row[5]), integer_in(row[5]) + integer_in(row[6]))},
                         {"latency_ms_mean", number_or_null(row[7])},
                         {"tokens_mean", number_or_null(row[8])},
                         {"cost_usd_mean", number_or_null(row[9])}});
    }
    auto out = of.shown();
    out["total"] = numbers(found.total);
    out["series"] = series_from(c, of, found.buckets, numbers);
    out["prompts"] = std::move(prompts);
    out["versions"] = std::move(versions);
    return out;
}

json::object analytics_store::errors(database_connection& c, period const& of,
                                     std::optional<std::string> const& prompt) const
{
    auto values = bounds_of(of);
    values.emplace_back(prompt);
    auto const found = grouped_by(c, log(), error_columns, of_prompt(prompt), values);
    auto const numbers = [](query_row const& row) { return errors_in(row, first_number); };
    auto wrong = found.versions;
    auto const errors = [](query_row const& row) {
        return count_in(row[5]) + count_in(row[6]) + count_in(row[7]);
    };
    std::erase_if(wrong, [&](auto const& row) { return errors(row) == 0; });
    std::stable_sort(wrong.begin(), wrong.end(),
                     [&](auto const& a, auto const& b) { return errors(a) > errors(b); });
    json::array prompts;
    for (auto const& row : wrong) {
        if (prompts.size() < list_max) {
            prompts.push_back(of_version(row, numbers(row)));
        }
    }
    values = {to_sql_time(of.since), to_sql_time(of.until), prompt};
    std::string const where = std::string{" where x.executed_at >= $1::timestamptz and x.executed_at < "
                                          "$2::timestamptz and ($3::text is null or x.template_name = $3)"};
    json::array types;
    for (auto const& row : c.ask("select x.error_type, count(*), " + rfc3339("max(x.executed_at)") +
                                     " from " + log() + " x" + where +
                                     " and x.status in ('failure', 'partial', 'blocked') group by 1 order by "
                                     "2 desc, 1 limit 50",
                                 values)) {
        types.push_back(json::object{{"error_type", text_or_null(row[0])},
                                     {"count", integer_in(row[1])},
                                     {"last_at", text_or_null(row[2])}});
    }
    // As v_recent_execution_errors: status by status, each walks its part of the index and stops.
    json::array recent;
    for (auto const& row : c.ask(
             "select e.id, " + rfc3339("e.executed_at") +
                 ", e.template_name, e.template_version, e.status, e.error_type, e.error_message, e.user_id, "
                 "coalesce(e.http_request_id, e.request_id::text) from unnest(array['failure', 'partial', "
                 "'blocked']) as unsuccessful (status) cross join lateral (select * from " +
                 log() + " x" + where +
                 " and x.status = unsuccessful.status order by x.executed_at desc limit 100) e order by "
                 "e.executed_at desc limit 100",
             values)) {
        recent.push_back(json::object{{"id", text_in(row[0])},
                                      {"executed_at", text_or_null(row[1])},
                                      {"prompt", text_in(row[2])},
                                      {"version", integer_in(row[3])},
                                      {"status", text_in(row[4])},
                                      {"error_type", text_or_null(row[5])},
                                      {"error_message", text_or_null(row[6])},
                                      {"user_id", text_or_null(row[7])},
                                      {"request_id", text_or_null(row[8])}});
    }
    auto out = of.shown();
    out["total"] = numbers(found.total);
    out["series"] = series_from(c, of, found.buckets, numbers);
    out["types"] = std::move(types);
    out["prompts"] = std::move(prompts);
    out["recent"] = std::move(recent);
    return out;
}

json::object analytics_store::guardrails(database_connection& c, period const& of,
                                         std::optional<std::string> const& prompt) const
{
    auto values = bounds_of(of);
    values.emplace_back(prompt);
    auto const found = grouped_by(c, log(), hit_columns, of_prompt(prompt), values);
    // Of each violation: its guardrail, in a bucket, of a prompt, and in all.
    auto const rows = c.ask(
        "select grouping(b.at, x.template_name), " + time_text("b.at") +
            ", x.template_name, v ->> 'guardrail_name', max(coalesce(g.guardrail_type, v ->> "
            "'guardrail_type')), count(*), count(distinct x.user_id), " +
            rfc3339("max(x.executed_at)") + ", max(g.total_checks), max(g.violation_count) from " + log() +
            " x cross join lateral (select date_trunc($3::text, x.executed_at at time zone 'UTC') as at) b "
            "cross join lateral jsonb_array_elements(x.guardrail_violations) v left join " +
            schema_ + ".prompt_guardrails g on g.name = v ->> 'guardrail_name' where " + in_period +
            of_prompt(prompt) +
            " and x.guardrail_violations <> '[]' and v ->> 'guardrail_name' is not null group by grouping "
            "sets ((v ->> 'guardrail_name'), (v ->> 'guardrail_name', b.at), (v ->> 'guardrail_name', "
            "x.template_name)) order by 6 desc, 4, 3",
        values);
    std::map<std::string, json::object> by_bucket;
    json::array guardrails;
    json::array prompts;
    for (auto const& row : rows) {
        auto const& name = text_in(row[3]);
        auto const kind = integer_in(row[0]);
        if (kind == 1) {
            by_bucket[text_in(row[1])][name] = integer_in(row[5]);
            continue;
        }
        json::object one{{kind == 3 ? "name" : "guardrail", name},
                         {"type", text_or_null(row[4])},
                         {"violations", integer_in(row[5])},
                         {"affected_users", integer_in(row[6])},
                         {"last_at", text_or_null(row[7])}};
        if (kind == 3) {
            one["total_checks"] = row[8] ? json::value(integer_in(row[8])) : json::value(nullptr);
            one["violation_count"] = row[9] ? json::value(integer_in(row[9])) : json::value(nullptr);
            guardrails.push_back(std::move(one));
        }
        else if (prompts.size() < list_max) {
            one["prompt"] = text_in(row[2]);
            prompts.push_back(std::move(one));
        }
    }
    auto const numbers = [](query_row const& row) { return hits_in(row, first_number); };
    auto series = series_from(c, of, found.buckets, numbers);
    for (auto& point : series) {
        auto& object = point.as_object();
        object["violations"] = by_bucket[std::string{object.at("at").as_string()}];
    }
    auto out = of.shown();
    out["total"] = numbers(found.total);
    out["series"] = std::move(series);
    out["guardrails"] = std::move(guardrails);
    out["prompts"] = std::move(prompts);
    return out;
}

} // namespace app
