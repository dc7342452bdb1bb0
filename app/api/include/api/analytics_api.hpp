// /v1/analytics.
#pragma once

#include "analytics/analytics_store.hpp"
#include "api/parts.hpp"
#include "experiment/experiment_store.hpp"

namespace app {

/// Any thread; all block on the database, with the connections of analyses.
class analytics_api
{
public:
    explicit analytics_api(database& for_reading)
        : reading_{for_reading}, store_{for_reading.schema()}, experiments_{for_reading.schema()}
    {}

    [[nodiscard]] answer prompts(call const& asked) const;
    [[nodiscard]] answer errors(call const& asked) const;
    [[nodiscard]] answer guardrails(call const& asked) const;
    [[nodiscard]] answer experiments(call const& asked) const;

private:
    database& reading_;
    analytics_store store_;
    experiment_store experiments_;
};

} // namespace app
