// Requests as metrics for Prometheus.
#pragma once

#include <functional>
#include <memory>
#include <prometheus/registry.h>
#include <string>

#include "http/server.hpp"

namespace app {

/// Names and labels are part of the contract (app/deploy/monitoring/README.md):
///
///   prompt_service_http_requests_total{route,method,status}
///   prompt_service_http_request_seconds{route,status}         histogram; status is its first digit, "2xx"
///
/// A path that no route has counts under the route "none". Any thread.
class http_metrics
{
public:
    explicit http_metrics(std::shared_ptr<prometheus::Registry> registry);
    ~http_metrics();
    http_metrics(http_metrics const&) = delete;
    http_metrics& operator=(http_metrics const&) = delete;

    void observe(exchange const& done);

private:
    class book;
    std::unique_ptr<book> book_;
};

} // namespace app
