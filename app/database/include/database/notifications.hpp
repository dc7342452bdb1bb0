// What other processes tell through the database: LISTEN on one channel.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <spdlog/logger.h>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "database/private_connection.hpp"

namespace app {

/// Both are called on the thread of the notifications, and must not throw; while one of them runs, nothing is
/// heard.
struct notification_listener
{
    /// LISTEN holds from now on: what was told before, or while the connection was down, was not heard.
    std::function<void()> on_connect;
    std::function<void(std::string_view payload)> on_notification;
};

/// A thread of its own with one connection, kept up with jitter. Notifications reach a direct connection to a
/// primary: a standby refuses LISTEN, and a pooler that shares server connections swallows it. There it tries
/// again every half minute, since a standby may be promoted, and whoever listens has to poll as well.
class notifications
{
public:
    /// Starts. `target` outlives it. `channel` is an identifier as it is; quoted here.
    notifications(database_target& target, std::string channel, notification_listener listener,
                  std::shared_ptr<spdlog::logger> log);
    notifications(notifications const&) = delete;
    notifications& operator=(notifications const&) = delete;
    ~notifications();

    /// Whether LISTEN holds. From any thread.
    [[nodiscard]] bool is_listening() const noexcept { return listening_.load(std::memory_order_relaxed); }

    /// Returns when the thread has ended: at once, unless it looks up a host's name or runs a listener.
    void stop();

private:
    void run();
    void listen();
    void hear(database_connection& c);

    std::string channel_;
    notification_listener listener_;
    std::shared_ptr<spdlog::logger> log_;
    std::stop_source stopping_;
    private_connection connection_;
    std::atomic<bool> listening_{false};
    unsigned failures_ = 0;
    bool refused_ = false; // by this kind of server, so that it is said once
    std::thread thread_;   // the last: uses the others
};

} // namespace app
