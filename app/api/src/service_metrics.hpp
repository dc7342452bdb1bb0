// The service as metrics, beside those of HTTP, the database and the journal.
#pragma once

#include <memory>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "snapshot/snapshot_source.hpp"

namespace app {

/// Names are part of the contract (app/deploy/monitoring/README.md):
///
///   prompt_service_snapshot_age_seconds        since when nobody has confirmed that what is served is the
///   newest prompt_service_http_requests_in_flight     requests being answered
///   prompt_service_builtin_prompts_total       prompts that came from the binary instead of the database
///   prompt_service_snapshot_loads_total{outcome="…"}  done or failed
///
/// Any thread.
class service_metrics
{
public:
    explicit service_metrics(prometheus::Registry& registry);

    void served_builtin() { builtins_.Increment(); }
    void loaded(bool good) { (good ? loads_done_ : loads_failed_).Increment(); }
    /// Before the text of /metrics is made.
    void show(double snapshot_age, int in_flight)
    {
        age_.Set(snapshot_age);
        in_flight_.Set(in_flight);
    }

private:
    prometheus::Gauge& age_;
    prometheus::Gauge& in_flight_;
    prometheus::Counter& builtins_;
    prometheus::Family<prometheus::Counter>& loads_;
    prometheus::Counter& loads_done_;
    prometheus::Counter& loads_failed_;
};

} // namespace app
