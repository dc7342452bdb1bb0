// Asks a lost database every two seconds whether it is back. Without it nothing would: once /readyz says 503
// no balancer sends the request that could find out.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "database_health.hpp"
#include "prompt_store.hpp"

namespace app {

/// start() and stop() are called on `executor`, which must not run two handlers at once.
class database_watch : public std::enable_shared_from_this<database_watch>
{
public:
    database_watch(boost::asio::any_io_executor const& executor, boost::asio::thread_pool& workers,
                   prompt_store& store, database_health& health, schemagate::gate& gate);

    void start();
    /// If the boot did not look at the database (mode skip): connects now, and tells the gate whether its
    /// server is a standby, which such a process is meant for.
    void look_once();
    void stop();

private:
    void ask_later();
    void ask();

    boost::asio::steady_timer timer_;
    boost::asio::thread_pool& workers_;
    prompt_store& store_;
    database_health& health_;
    schemagate::gate& gate_;
    bool running_ = false;
    bool stopped_ = false;
};

} // namespace app
