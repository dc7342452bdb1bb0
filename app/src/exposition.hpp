// The text of GET /metrics.
#pragma once

#include <memory>
#include <prometheus/registry.h>
#include <string>

namespace app {

/// In Prometheus' text-based format. May be called from any thread.
[[nodiscard]] std::string exposition(prometheus::Registry const& metrics);

} // namespace app
