// The table of routes, filled with the handlers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/admin_api.hpp"
#include "api/analytics_api.hpp"
#include "api/execution_api.hpp"
#include "api/experiment_api.hpp"
#include "api/guardrail_api.hpp"
#include "api/label_api.hpp"
#include "api/library_api.hpp"
#include "api/price_api.hpp"
#include "api/prompt_api.hpp"
#include "api/render_api.hpp"
#include "api/version_api.hpp"
#include "route/route_table.hpp"
#include "schemagate/gate.hpp"

namespace app {

/// All outlive the table.
struct handlers
{
    schemagate::gate const& gate;
    prompt_api const& prompts;
    version_api const& versions;
    label_api const& labels;
    render_api const& render;
    execution_api const& executions;
    guardrail_api const& guardrails;
    admin_api const& admin;
    library_api const& library;
    experiment_api const& experiments;
    analytics_api const& analytics;
    price_api const& prices;
    std::function<schemagate::probe_answer()> readyz; ///< of the gate, and 503 until the prompts are loaded
    std::function<std::string()> metrics;             ///< the text of GET /metrics
    std::function<std::string()> openapi;             ///< the text of GET /openapi.json
};

[[nodiscard]] std::vector<route> route_list(handlers const& use);

} // namespace app
