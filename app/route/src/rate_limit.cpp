#include "route/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace app {

int rate_limit::take(std::string const& holder, clock::time_point now)
{
    std::lock_guard const lock{mutex_};
    auto& mine = buckets_.try_emplace(holder, bucket{burst_, now}).first->second;
    // Two threads may have read the clock in the other order.
    auto const passed = std::max(0.0, std::chrono::duration<double>(now - mine.at).count());
    mine.tokens = std::min(burst_, mine.tokens + passed * per_second_);
    mine.at = std::max(mine.at, now);
    if (mine.tokens >= 1) {
        mine.tokens -= 1;
        return 0;
    }
    return std::max(1, static_cast<int>(std::ceil((1 - mine.tokens) / per_second_)));
}

} // namespace app
