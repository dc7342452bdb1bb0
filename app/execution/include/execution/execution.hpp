// One render of a prompt, and what its caller says came of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace app {

enum class execution_status
{
    rendered, ///< no outcome yet
    blocked,  ///< by a guardrail: there will be none
    success,
    failure,
    partial,
};
/// As the database and the interface have it: "rendered", …
[[nodiscard]] std::string_view name(execution_status status) noexcept;
[[nodiscard]] std::optional<execution_status> execution_status_named(std::string_view text) noexcept;

/// What a caller reports; all of it is optional. Lengths and ranges are the database's (see
/// execution_store::insert) and are checked where the report comes in.
struct execution_result
{
    std::optional<std::string> response;
    std::optional<std::int64_t> latency_ms; ///< stored as a 32-bit number, the largest if it is larger
    std::optional<std::int64_t> input_tokens;
    std::optional<std::int64_t> output_tokens;
    std::optional<std::int64_t> cost_micros; ///< millionths of a dollar; less than 10,000 dollars
    std::optional<std::string> model;
    std::optional<std::string> error_type;
    std::optional<std::string> error_message;
    std::optional<double> score;

    friend bool operator==(execution_result const&, execution_result const&) = default;
};

struct execution
{
    std::string id;                       ///< a UUID of version 7, whose millisecond is the row's executed_at
    std::int64_t executed_at = 0;         ///< microseconds since 1970; of rows that were read
    std::optional<std::string> prompt_id; ///< of the version (prompt_templates.id)
    std::string prompt_name;
    int prompt_version = 0;
    std::optional<std::string> label;         ///< that was asked for
    std::optional<std::string> experiment_id; ///< that has chosen the version
    std::optional<std::string> variant;       ///< of the experiment
    std::optional<std::string> user_id;
    std::optional<std::string> session_id;
    std::optional<std::string> request_id; ///< X-Request-Id
    std::string variables = "{}";          ///< JSON
    std::string rendered;                  ///< empty where it was blocked
    execution_status status = execution_status::rendered;
    execution_result result;
    std::string violations = "[]";     ///< JSON, of guardrails
    std::optional<std::string> action; ///< of guardrails: allow, warn, redact, block
    std::optional<std::string> environment;
    std::optional<std::int64_t> outcome_at; ///< microseconds since 1970; of rows that were read
};

/// Bytes that it takes in memory, about.
[[nodiscard]] std::size_t size_of(execution const& e) noexcept;
[[nodiscard]] std::size_t size_of(execution_result const& r) noexcept;

} // namespace app
