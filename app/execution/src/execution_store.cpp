#include "execution/execution_store.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "execution/uuid_v7.hpp"
#include "execution_copy.hpp"
#include "execution_list.hpp"
#include "execution_row.hpp"

namespace app {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// The row of an id. One that carries its time meets one partition; for the others, and where another client
// has written it at another time, all are searched.
query_result rows_of_id(database_connection& c, std::string const& select, std::string const& id,
                        char const* lock)
{
    if (auto const at = time_of_uuid_v7(id)) {
        auto const first = microseconds{at->time_since_epoch()};
        auto found = c.ask(select +
                               " where id = $1::uuid and executed_at >= $2::timestamptz and executed_at < "
                               "$3::timestamptz" +
                               lock,
                           {id, to_sql_time(first.count()), to_sql_time((first + milliseconds{1}).count())});
        if (!found.empty()) {
            return found;
        }
    }
    return c.ask(select + " where id = $1::uuid" + lock, {id});
}

std::string array_of_ids(std::span<execution const* const> batch)
{
    std::string text = "{";
    for (auto const* const e : batch) {
        text.append(text.size() > 1 ? "," : "").append(e->id);
    }
    return text + '}';
}

} // namespace

std::string execution_cursor::text() const
{
    return std::to_string(executed_at) + "_" + id;
}

std::optional<execution_cursor> execution_cursor::parse(std::string_view text)
{
    execution_cursor cursor;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, cursor.executed_at);
    if (error != std::errc{} || stop == end || *stop != '_') {
        return std::nullopt;
    }
    cursor.id.assign(stop + 1, end);
    return is_uuid(cursor.id) ? std::optional{std::move(cursor)} : std::nullopt;
}

execution_store::execution_store(std::string schema)
    : table_{std::move(schema) + ".prompt_executions"}, copy_{"copy " + table_ + " (" + copy_columns() +
                                                              ") from stdin"},
      select_{"select " + execution_columns(true) + " from " + table_}
{}

void execution_store::insert(database_connection& c, std::span<execution const* const> batch) const
{
    c.copy(copy_, copy_text(batch));
}

std::vector<std::string> execution_store::written(database_connection& c,
                                                  std::span<execution const* const> batch) const
{
    unix_milliseconds first = unix_milliseconds::max();
    unix_milliseconds last = unix_milliseconds::min();
    for (auto const* const e : batch) {
        auto const at = time_of_uuid_v7(e->id).value_or(unix_milliseconds{});
        first = std::min(first, at);
        last = std::max(last, at);
    }
    auto const found =
        c.ask("select id from " + table_ +
                  " where id = any ($1::uuid[]) and executed_at between $2::timestamptz and $3::timestamptz",
              {array_of_ids(batch), to_sql_time(microseconds{first.time_since_epoch()}.count()),
               to_sql_time(microseconds{last.time_since_epoch()}.count())});
    std::vector<std::string> ids;
    for (auto const& row : found) {
        ids.push_back(text_in(row.at(0)));
    }
    return ids;
}

outcome_answer execution_store::apply(database_connection& c, std::string const& id, outcome reported) const
{
    if (reported.result.latency_ms) {
        reported.result.latency_ms = clamped(*reported.result.latency_ms); // as it is stored, to compare it
    }
    auto const found = rows_of_id(c, select_, id, " for update");
    if (found.empty()) {
        return outcome_answer::not_found;
    }
    auto known = execution_in(found[0]);
    switch (merge(known.status, known.result, reported)) {
    case merging::conflict: return outcome_answer::conflict;
    case merging::same: return outcome_answer::same;
    case merging::changed: break;
    }
    auto const number = [](std::optional<std::int64_t> const& n) {
        return n ? sql_text{std::to_string(*n)} : std::nullopt;
    };
    auto const& r = known.result;
    c.ask("update " + table_ +
              " set status = $3, model_response = $4, execution_time_ms = $5::integer, input_tokens = "
              "$6::bigint, output_tokens = $7::bigint, token_count = coalesce($8::integer, token_count), "
              "cost_usd = $9::numeric, model = $10, error_type = $11, error_message = $12, "
              "score = $13::float8, outcome_at = coalesce(outcome_at, clock_timestamp()) "
              "where id = $1::uuid and executed_at = $2::timestamptz",
          {known.id, to_sql_time(known.executed_at), std::string{name(known.status)}, r.response,
           number(r.latency_ms), number(r.input_tokens), number(r.output_tokens), number(tokens_of(r)),
           r.cost_micros ? sql_text{dollars(*r.cost_micros)} : std::nullopt, r.model, r.error_type,
           r.error_message, r.score ? sql_text{to_sql(*r.score)} : std::nullopt});
    return outcome_answer::recorded;
}

std::optional<execution> execution_store::find(database_connection& c, std::string const& id) const
{
    auto const found = rows_of_id(c, select_, id, "");
    return found.empty() ? std::nullopt : std::optional{execution_in(found[0])};
}

execution_page execution_store::list(database_connection& c, execution_filter const& filter) const
{
    auto const statement = list_of(table_, filter);
    execution_page page;
    for (auto const& row : c.ask(statement.sql, statement.values)) {
        page.executions.push_back(execution_in(row));
    }
    if (page.executions.size() > static_cast<std::size_t>(filter.limit)) {
        page.executions.pop_back();
        auto const& last = page.executions.back();
        page.next = execution_cursor{last.executed_at, last.id};
    }
    return page;
}

} // namespace app
