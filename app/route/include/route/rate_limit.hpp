// How often a key may ask: one token bucket for each.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace app {

/// Any thread. Of this process alone: two replicas let through twice as many.
class rate_limit
{
public:
    using clock = std::chrono::steady_clock;

    /// `per_second` tokens come back each second, up to `burst`; both are at least 1.
    rate_limit(std::int64_t per_second, std::int64_t burst)
        : per_second_{static_cast<double>(per_second)}, burst_{static_cast<double>(burst)}
    {}

    /// Takes a token of `holder`: 0, or the whole seconds after which there is one.
    [[nodiscard]] int take(std::string const& holder, clock::time_point now = clock::now());

private:
    struct bucket
    {
        double tokens;
        clock::time_point at;
    };

    double per_second_;
    double burst_;
    std::mutex mutex_;
    std::unordered_map<std::string, bucket> buckets_; ///< of keys that exist: as many as there are
};

} // namespace app
