#include "api/execution_api.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

#include "execution/uuid_v7.hpp"
#include "http/problem.hpp"
#include "http/utf8.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::int64_t page_length = 50;
constexpr double cost_max = 10'000;                    // numeric(10,6)
constexpr std::int64_t tokens_max = 1'000'000'000'000; // of a million executions, the sum has 64 bits
constexpr double score_max = 1e100;                    // squares of scores, and their sums, are finite

void check_length(char const* path, std::optional<std::string> const& text, std::size_t most)
{
    if (text && length_in_characters(*text) > most) {
        throw decode_error{path, "must have " + std::to_string(most) + " characters at most"};
    }
}

void check_range(char const* path, std::optional<std::int64_t> const& number, std::int64_t most)
{
    if (number && (*number < 0 || *number > most)) {
        throw decode_error{path, "must be a whole number from 0 to " + std::to_string(most)};
    }
}

// Nothing for what its column does not hold, rounded.
std::optional<std::int64_t> micros(double usd)
{
    if (!(usd >= 0 && usd < cost_max)) {
        return std::nullopt;
    }
    auto const rounded = static_cast<std::int64_t>(std::llround(usd * 1'000'000));
    return rounded < static_cast<std::int64_t>(cost_max) * 1'000'000 ? std::optional{rounded} : std::nullopt;
}

// Tokens times the price of the model, where both are known.
std::optional<std::int64_t> computed_cost(snapshot const& now, outcome_body const& body)
{
    if (!body.model || (!body.input_tokens && !body.output_tokens)) {
        return std::nullopt;
    }
    auto const found = now.prices.find(*body.model);
    if (found == now.prices.end()) {
        return std::nullopt;
    }
    auto const usd =
        (static_cast<double>(body.input_tokens.value_or(0)) * found->second.input_usd_per_million +
         static_cast<double>(body.output_tokens.value_or(0)) * found->second.output_usd_per_million) /
        1'000'000;
    return micros(usd);
}

outcome outcome_of(snapshot const& now, outcome_body body)
{
    outcome out;
    out.status = execution_status_named(body.status);
    if (!out.status || *out.status == execution_status::rendered ||
        *out.status == execution_status::blocked) {
        throw decode_error{"/status", "must be success, failure or partial"};
    }
    check_range("/input_tokens", body.input_tokens, tokens_max);
    check_range("/output_tokens", body.output_tokens, tokens_max);
    check_range("/latency_ms", body.latency_ms, std::numeric_limits<std::int64_t>::max());
    check_length("/model", body.model, 255);
    check_length("/error_type", body.error_type, 100);
    if (body.cost_usd && !micros(*body.cost_usd)) {
        throw decode_error{"/cost_usd", "must be a number from 0 to 9999.999999"};
    }
    if (body.score && !(std::abs(*body.score) <= score_max)) {
        throw decode_error{"/score", "must be a number from -1e100 to 1e100"};
    }
    out.computed_cost_micros = body.cost_usd ? std::nullopt : computed_cost(now, body);
    auto& r = out.result;
    r.response = std::move(body.response);
    r.latency_ms = body.latency_ms;
    r.input_tokens = body.input_tokens;
    r.output_tokens = body.output_tokens;
    if (body.cost_usd) {
        r.cost_micros = micros(*body.cost_usd);
    }
    r.model = std::move(body.model);
    r.error_type = std::move(body.error_type);
    r.error_message = std::move(body.error_message);
    r.score = body.score;
    return out;
}

json::value or_null(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value(nullptr);
}

json::value or_null(std::optional<std::int64_t> const& number)
{
    return number ? json::value(*number) : json::value(nullptr);
}

// RFC 3339 in UTC with microseconds.
std::string time_text(std::int64_t microseconds)
{
    constexpr std::int64_t second = 1'000'000;
    auto const fraction = (microseconds % second + second) % second;
    auto const seconds = static_cast<std::time_t>((microseconds - fraction) / second);
    std::tm parts{};
    std::array<char, 64> day{};
    if (::gmtime_r(&seconds, &parts) == nullptr ||
        std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
        return microseconds > 0 ? "infinity" : "-infinity"; // rows of an adopted database may have such times
    }
    std::array<char, 16> tail{};
    std::snprintf(tail.data(), tail.size(), ".%06dZ", static_cast<int>(fraction));
    return std::string{day.data()} + tail.data();
}

// A chat's rendered text is its messages.
json::value rendered_of(std::string const& text)
{
    if (text.starts_with("[{\"role\":")) {
        boost::system::error_code ec;
        auto parsed = json::parse(text, ec);
        if (!ec) {
            return parsed;
        }
    }
    return json::value(text);
}

json::object shown(execution const& e, bool with_content)
{
    auto const& r = e.result;
    json::object o{{"id", e.id},
                   {"executed_at", time_text(e.executed_at)},
                   {"prompt", e.prompt_name},
                   {"version", e.prompt_version},
                   {"label", or_null(e.label)},
                   {"experiment_id", or_null(e.experiment_id)},
                   {"variant", or_null(e.variant)},
                   {"user_id", or_null(e.user_id)},
                   {"session_id", or_null(e.session_id)},
                   {"request_id", or_null(e.request_id)},
                   {"environment", or_null(e.environment)},
                   {"status", name(e.status)}};
    if (with_content) {
        o["variables"] = json::parse(e.variables);
        auto const rendered = rendered_of(e.rendered);
        o[rendered.is_array() ? "messages" : "rendered"] = rendered;
        o["response"] = or_null(r.response);
    }
    o["guardrails"] = json::object{{"action", or_null(e.action)}, {"violations", json::parse(e.violations)}};
    o["input_tokens"] = or_null(r.input_tokens);
    o["output_tokens"] = or_null(r.output_tokens);
    o["latency_ms"] = or_null(r.latency_ms);
    o["cost_usd"] =
        r.cost_micros ? json::value(static_cast<double>(*r.cost_micros) / 1'000'000) : json::value(nullptr);
    o["model"] = or_null(r.model);
    o["error_type"] = or_null(r.error_type);
    o["error_message"] = or_null(r.error_message);
    o["score"] = r.score ? json::value(*r.score) : json::value(nullptr);
    o["outcome_at"] = e.outcome_at ? json::value(time_text(*e.outcome_at)) : json::value(nullptr);
    return o;
}

problem not_there()
{
    return {404, "execution-not-found", "There is no execution with this id."};
}

problem recorded_already()
{
    return {409, "outcome-recorded",
            "Another outcome of this execution is recorded; it stays. GET shows it."};
}

} // namespace

std::optional<execution> execution_api::look_up(std::string const& id) const
{
    if (auto queued = journal_.find(id)) {
        if (auto const time = time_of_uuid_v7(id)) {
            queued->executed_at = std::chrono::microseconds{time->time_since_epoch()}.count();
        }
        return queued;
    }
    return parts_.db.read([&](database_connection& c) { return store_.find(c, id); });
}

answer execution_api::find(call const& asked) const
{
    auto const& id = asked.path[0];
    auto const found = is_uuid(id) ? look_up(id) : std::nullopt;
    if (!found) {
        throw not_there();
    }
    return json_answer(shown(*found, true));
}

answer execution_api::list(call const& asked) const
{
    execution_filter filter;
    filter.prompt = asked.text("prompt");
    if (auto const number = asked.number("version")) {
        filter.version = static_cast<int>(*number);
    }
    if (auto const status = asked.text("status")) {
        filter.status = execution_status_named(*status);
        if (!filter.status) {
            throw problem{400,
                          "invalid-parameter",
                          "status must be rendered, success, failure, partial or blocked.",
                          {{"parameter", "status"}}};
        }
    }
    filter.user_id = asked.text("user_id");
    if (auto const since = asked.time("since")) {
        filter.since = *since;
    }
    if (auto const until = asked.time("until")) {
        filter.until = *until;
    }
    if (auto const cursor = asked.text("cursor")) {
        filter.after = execution_cursor::parse(*cursor);
        if (!filter.after) {
            throw problem{400,
                          "invalid-parameter",
                          "cursor must be the next_cursor of an earlier page.",
                          {{"parameter", "cursor"}}};
        }
    }
    filter.limit = static_cast<int>(asked.number("limit").value_or(page_length));
    auto const page = parts_.db.read([&](database_connection& c) { return store_.list(c, filter); });
    json::array list;
    for (auto const& e : page.executions) {
        list.push_back(shown(e, false));
    }
    return json_answer(
        json::object{{"executions", std::move(list)},
                     {"next_cursor", page.next ? json::value(page.next->text()) : json::value(nullptr)}});
}

answer execution_api::report(call const& asked) const
{
    auto const& id = asked.path[0];
    auto const reported = outcome_of(*parts_.served(), asked.body_as<outcome_body>());
    if (!is_uuid(id)) {
        throw not_there();
    }
    auto const done = json_answer(json::object{{"id", id}, {"recorded", true}});
    switch (journal_.merge(id, reported)) {
    case queued_merge::merged: return done;
    case queued_merge::conflict: throw recorded_already();
    case queued_merge::full:
        throw unavailable("log-full", "The execution log cannot take the outcome at the moment.", 1);
    case queued_merge::not_queued: break;
    }
    auto const stored =
        parts_.db.transaction([&](database_connection& c) { return store_.apply(c, id, reported); });
    switch (stored) {
    case outcome_answer::recorded:
    case outcome_answer::same: break;
    case outcome_answer::conflict: throw recorded_already();
    case outcome_answer::not_found: throw not_there();
    }
    return done;
}

} // namespace app
