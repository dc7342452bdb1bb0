#include "service_metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

namespace app {

service_metrics::service_metrics(prometheus::Registry& registry)
    : age_{prometheus::BuildGauge()
               .Name("prompt_service_snapshot_age_seconds")
               .Help("Since when nobody has confirmed that the prompts served are the newest.")
               .Register(registry)
               .Add({})},
      in_flight_{prometheus::BuildGauge()
                     .Name("prompt_service_http_requests_in_flight")
                     .Help("Requests being answered.")
                     .Register(registry)
                     .Add({})},
      builtins_{prometheus::BuildCounter()
                    .Name("prompt_service_builtin_prompts_total")
                    .Help("Prompts that came from the binary, since the database lacks them.")
                    .Register(registry)
                    .Add({})},
      loads_{prometheus::BuildCounter()
                 .Name("prompt_service_snapshot_loads_total")
                 .Help("Looks at the database for newer prompts.")
                 .Register(registry)},
      loads_done_{loads_.Add({{"outcome", "done"}})}, loads_failed_{loads_.Add({{"outcome", "failed"}})}
{}

} // namespace app
