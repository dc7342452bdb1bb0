// Pauses that differ from process to process, so that a fleet does not come back in step.
#pragma once

#include <chrono>
#include <random>

namespace schemagate::postgres {

/// Any time between the two, each as likely. From any thread.
[[nodiscard]] inline std::chrono::milliseconds jittered(std::chrono::milliseconds least,
                                                        std::chrono::milliseconds most)
{
    thread_local std::mt19937_64 random{std::random_device{}()};
    return std::chrono::milliseconds{
        std::uniform_int_distribution<long long>{least.count(), most.count()}(random)};
}

} // namespace schemagate::postgres
