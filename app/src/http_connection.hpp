// One client's connection, as the server sees it: Beast stays in connection.cpp.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <spdlog/logger.h>

#include "connections.hpp"
#include "database/database_health.hpp"
#include "router.hpp"
#include "server.hpp"

namespace app {

/// Both members may be called from any thread.
class connection
{
public:
    virtual ~connection() = default;
    /// Finishes the request under way, if there is one, then closes.
    virtual void drain() = 0;
    virtual void abort() = 0;
};

/// What all connections of a server share.
struct surroundings
{
    router const& routes;
    database_health& health;
    boost::asio::thread_pool& workers;
    server_options options;
    std::shared_ptr<spdlog::logger> log;
    connections<connection> open{};
};

/// Serves the socket until one of the two sides has enough. The socket's executor must not run two handlers
/// at once.
void serve_connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<surroundings> around);

} // namespace app
