// Asks a lost database every two seconds whether it is back. Without it nothing would: while it is lost, no
// request is let through to it that could find out.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>

#include "database/database_health.hpp"

namespace app {

/// start(), look_now() and stop() are called on `executor`, which must not run two handlers at once.
class database_watch : public std::enable_shared_from_this<database_watch>
{
public:
    /// `ask` is run on `workers`, blocks, and throws database_error: database::is_standby().
    database_watch(boost::asio::any_io_executor const& executor, boost::asio::thread_pool& workers,
                   std::function<bool()> ask, database_health& health);

    void start();
    /// Asks at once. If the boot did not look at the database (mode skip), the gate is to be told whether its
    /// server is a standby, which such a process is meant for.
    void look_now();
    void stop();

    /// Called on a thread of `workers` with each answer. Set before start().
    void on_answer(std::function<void(bool standby)> listener) { listener_ = std::move(listener); }

private:
    void ask_later();
    void ask();

    boost::asio::steady_timer timer_;
    boost::asio::thread_pool& workers_;
    std::function<bool()> ask_;
    std::function<void(bool)> listener_;
    database_health& health_;
    bool running_ = false;
    bool stopped_ = false;
};

} // namespace app
