// Pauses between attempts, different in every process.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace app {

/// Between half of the pause and all of it; the pause doubles from `first` up to `longest` with each failure.
[[nodiscard]] inline std::chrono::milliseconds pause_after(unsigned failures, std::chrono::milliseconds first,
                                                           std::chrono::milliseconds longest)
{
    thread_local std::mt19937_64 random{std::random_device{}()};
    auto const pause = std::min<long long>(first.count() << std::min(failures, 16U), longest.count());
    return std::chrono::milliseconds{std::uniform_int_distribution<long long>{pause / 2, pause}(random)};
}

} // namespace app
