// The database as the service's requests meet it after the opening, as metrics for Prometheus.
#pragma once

#include <memory>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "database/database_error.hpp"

namespace app {

/// Names and labels are part of the contract (app/deploy/monitoring/README.md):
///
///   prompt_service_database_up                      gauge, 1 or 0, from the opening of the gate on
///   prompt_service_database_losses_total            counter, how often it went from 1 to 0
///   prompt_service_database_failures_total{kind="…"} counter, questions that failed: lost, busy, read_only,
///   unknown,
///                                                    failed; not what was refused, which is the client's
///
/// opened(), lost() and back() one at a time; failed() from any thread.
class database_metrics
{
public:
    /// Null: nothing is counted.
    explicit database_metrics(std::shared_ptr<prometheus::Registry> registry);

    /// The gate has opened: before that there is nothing to say, and a 0 would be a false alarm.
    void opened();
    void lost();
    void back();
    void failed(database_error::kind how);

private:
    std::shared_ptr<prometheus::Registry> registry_;
    prometheus::Family<prometheus::Gauge>* up_ = nullptr;
    bool opened_ = false;
    prometheus::Counter* losses_ = nullptr;
    prometheus::Family<prometheus::Counter>* failures_ = nullptr;
};

} // namespace app
