// /v1/executions.
#pragma once

#include "api/parts.hpp"
#include "execution/execution_store.hpp"
#include "journal/journal.hpp"

namespace app {

/// Any thread; all block on the database.
class execution_api
{
public:
    execution_api(parts const& with, journal& queue, execution_store const& store)
        : parts_{with}, journal_{queue}, store_{store}
    {}

    [[nodiscard]] answer list(call const& asked) const;
    [[nodiscard]] answer find(call const& asked) const;
    /// PATCH: what the model made of it.
    [[nodiscard]] answer report(call const& asked) const;

private:
    [[nodiscard]] std::optional<execution> look_up(std::string const& id) const;

    parts const& parts_;
    journal& journal_;
    execution_store const& store_;
};

struct outcome_body
{
    std::string status;
    std::optional<std::string> response;
    std::optional<std::int64_t> input_tokens;
    std::optional<std::int64_t> output_tokens;
    std::optional<std::int64_t> latency_ms;
    std::optional<double> cost_usd;
    std::optional<std::string> model;
    std::optional<std::string> error_type;
    std::optional<std::string> error_message;
    std::optional<double> score;
};
BOOST_DESCRIBE_STRUCT(outcome_body, (),
                      (status, response, input_tokens, output_tokens, latency_ms, cost_usd, model, error_type,
                       error_message, score))

} // namespace app
