#include "execution_copy.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <string_view>

#include "database/query_result.hpp"
#include "database/sql_time.hpp"
#include "execution/uuid_v7.hpp"

namespace app {
namespace {

using text = std::optional<std::string>;
using number = std::optional<std::int64_t>;

/// One line after the other; each put() is a column.
class copy_lines
{
public:
    void put(std::string_view value)
    {
        separate();
        for (;;) {
            // find_first_of() would call memchr() for every character.
            auto const special = std::find_if(value.begin(), value.end(), [](char c) {
                return c == '\\' || c == '\n' || c == '\r' || c == '\t';
            });
            out_.append(value.begin(), special);
            if (special == value.end()) {
                return;
            }
            auto const c = *special;
            out_ += '\\';
            out_ += c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
            value.remove_prefix(static_cast<std::size_t>(special - value.begin()) + 1);
        }
    }
    void put(text const& value) { value ? put(std::string_view{*value}) : put_null(); }
    void put(number value) { value ? put(std::string_view{std::to_string(*value)}) : put_null(); }
    void put_null()
    {
        separate();
        out_ += "\\N";
    }
    void end_line()
    {
        out_ += '\n';
        first_ = true;
    }
    void reserve(std::size_t bytes) { out_.reserve(bytes); }
    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    void separate()
    {
        if (!first_) {
            out_ += '\t';
        }
        first_ = false;
    }

    std::string out_;
    bool first_ = true;
};

text time_of(execution const& e)
{
    using std::chrono::microseconds;
    auto const at = time_of_uuid_v7(e.id);
    return at ? text{to_sql_time(microseconds{at->time_since_epoch()}.count())} : std::nullopt;
}

struct column
{
    std::string_view name;
    void (*put)(copy_lines&, execution const&);
};

// What is written, and where. An id without a time is refused by the database, as NULL.
constexpr column columns[] = {
    {"id", [](auto& out, auto const& e) { out.put(std::string_view{e.id}); }},
    {"executed_at", [](auto& out, auto const& e) { out.put(time_of(e)); }},
    {"template_id", [](auto& out, auto const& e) { out.put(e.prompt_id); }},
    {"template_name", [](auto& out, auto const& e) { out.put(std::string_view{e.prompt_name}); }},
    {"template_version", [](auto& out, auto const& e) { out.put(number{e.prompt_version}); }},
    {"ab_test_group", [](auto& out, auto const& e) { out.put(e.variant); }},
    {"experiment_id", [](auto& out, auto const& e) { out.put(e.experiment_id); }},
    {"label", [](auto& out, auto const& e) { out.put(e.label); }},
    {"user_id", [](auto& out, auto const& e) { out.put(e.user_id); }},
    {"session_id", [](auto& out, auto const& e) { out.put(e.session_id); }},
    {"http_request_id", [](auto& out, auto const& e) { out.put(e.request_id); }},
    {"input_variables", [](auto& out, auto const& e) { out.put(std::string_view{e.variables}); }},
    {"rendered_prompt", [](auto& out, auto const& e) { out.put(std::string_view{e.rendered}); }},
    {"status", [](auto& out, auto const& e) { out.put(name(e.status)); }},
    {"guardrail_violations", [](auto& out, auto const& e) { out.put(std::string_view{e.violations}); }},
    {"guardrail_action", [](auto& out, auto const& e) { out.put(e.action); }},
    {"environment", [](auto& out, auto const& e) { out.put(e.environment); }},
    {"model", [](auto& out, auto const& e) { out.put(e.result.model); }},
    {"model_response", [](auto& out, auto const& e) { out.put(e.result.response); }},
    {"execution_time_ms",
     [](auto& out, auto const& e) {
         out.put(e.result.latency_ms ? number{clamped(*e.result.latency_ms)} : std::nullopt);
     }},
    {"input_tokens", [](auto& out, auto const& e) { out.put(e.result.input_tokens); }},
    {"output_tokens", [](auto& out, auto const& e) { out.put(e.result.output_tokens); }},
    {"token_count", [](auto& out, auto const& e) { out.put(tokens_of(e.result)); }},
    {"cost_usd",
     [](auto& out, auto const& e) {
         out.put(e.result.cost_micros ? text{dollars(*e.result.cost_micros)} : std::nullopt);
     }},
    {"score", [](auto& out,
                 auto const& e) { out.put(e.result.score ? text{to_sql(*e.result.score)} : std::nullopt); }},
    {"error_type", [](auto& out, auto const& e) { out.put(e.result.error_type); }},
    {"error_message", [](auto& out, auto const& e) { out.put(e.result.error_message); }},
    {"outcome_at",
     [](auto& out, auto const& e) {
         out.put(e.outcome_at ? text{to_sql_time(*e.outcome_at)} : std::nullopt);
     }},
};

} // namespace

std::string copy_columns()
{
    std::string list;
    for (auto const& one : columns) {
        list.append(list.empty() ? "" : ", ").append(one.name);
    }
    return list;
}

std::string copy_text(std::span<execution const* const> batch)
{
    copy_lines out;
    std::size_t bytes = 0;
    for (auto const* const e : batch) {
        bytes += size_of(*e);
    }
    out.reserve(bytes + bytes / 8);
    for (auto const* const e : batch) {
        for (auto const& one : columns) {
            one.put(out, *e);
        }
        out.end_line();
    }
    return out.take();
}

std::string dollars(std::int64_t micros)
{
    char text_of_it[32];
    auto const [quotient, rest] = std::lldiv(micros, 1'000'000);
    std::snprintf(text_of_it, sizeof text_of_it, "%s%lld.%06lld", micros < 0 && quotient == 0 ? "-" : "",
                  quotient, rest < 0 ? -rest : rest);
    return text_of_it;
}

std::optional<std::int64_t> tokens_of(execution_result const& r)
{
    if (!r.input_tokens && !r.output_tokens) {
        return std::nullopt;
    }
    // Each is clamped first, so that the sum of two large numbers is no small one.
    return clamped(clamped(r.input_tokens.value_or(0)) + clamped(r.output_tokens.value_or(0)));
}

std::int64_t clamped(std::int64_t number_of_any_size)
{
    return std::clamp<std::int64_t>(number_of_any_size, std::numeric_limits<std::int32_t>::min(),
                                    std::numeric_limits<std::int32_t>::max());
}

} // namespace app
