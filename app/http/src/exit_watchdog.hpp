// The promise that a process told to end does end, whatever a thread of it hangs in.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace app {

/// Once armed, ends the process with exit code 70 after `limit` unless it is destroyed before. The thread it
/// guards against is one in a blocking call of libpq or of the resolver, which nothing can interrupt.
class exit_watchdog
{
public:
    exit_watchdog() = default;
    exit_watchdog(exit_watchdog const&) = delete;
    exit_watchdog& operator=(exit_watchdog const&) = delete;
    ~exit_watchdog();

    void arm(std::chrono::milliseconds limit);

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool disarmed_ = false;
    std::thread thread_;
};

} // namespace app
