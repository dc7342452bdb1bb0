#include "exit_watchdog.hpp"

#include <cstdlib>

namespace app {
namespace {
constexpr int exit_hung =
    70; // EX_SOFTWARE of sysexits.h: whoever started us is to see that it was no clean end
} // namespace

exit_watchdog::~exit_watchdog()
{
    if (thread_.joinable()) {
        {
            std::lock_guard const lock{mutex_};
            disarmed_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
}

void exit_watchdog::arm(std::chrono::milliseconds limit)
{
    if (thread_.joinable()) {
        return;
    }
    thread_ = std::thread{[this, limit] {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, limit, [this] { return disarmed_; })) {
            std::_Exit(exit_hung);
        }
    }};
}

} // namespace app
