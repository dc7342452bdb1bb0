// One client's connection, as the server sees it: Beast stays in client_connection.cpp.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <spdlog/logger.h>

#include "connections.hpp"
#include "http/handler.hpp"
#include "http/server.hpp"

namespace app {

/// The members may be called from any thread.
class connection
{
public:
    virtual ~connection() = default;
    /// Finishes the request under way, if there is one, then closes.
    virtual void drain() = 0;
    virtual void abort() = 0;
    /// Microseconds of the steady clock; 0 while a request is answered.
    [[nodiscard]] virtual std::int64_t waiting_since() const noexcept = 0;
};

using client_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// What all connections of a server share.
struct surroundings
{
    handler const& application;
    server_options options;
    std::shared_ptr<spdlog::logger> log;
    connections<connection> open{};
    std::atomic<int> in_flight{0};
};

/// Serves the socket until one of the two sides has enough. One thread runs the socket's context.
/// `probes_only`: all places for traffic are taken; anything but a probe is answered 503.
void serve_connection(client_socket socket, std::shared_ptr<surroundings> around, bool probes_only);

} // namespace app
