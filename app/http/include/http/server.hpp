// The HTTP/1.1 server (RFC 9112). Beast stays behind this header: it costs half a minute of compile time
// wherever it is included.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <spdlog/logger.h>
#include <string>

#include "http/handler.hpp"

namespace app {

/// What is known of an exchange when its answer is ready to be sent.
struct exchange
{
    request const& asked;
    answer const& answered;
    std::chrono::nanoseconds elapsed; ///< since the first byte of the request
};

struct server_options
{
    std::string host = "127.0.0.1"; ///< an address, or a name that resolves to one
    unsigned short port = 8080;     ///< 0: any free one
    int threads = 1;                ///< io contexts, one thread each; the caller's is the first
    /// Beyond it the client that has kept us waiting longest makes room.
    std::size_t connections_max = 1024;
    std::size_t probe_reserve = 64; ///< more, for probes alone, where all clients are being answered
    std::chrono::milliseconds request_time{10'000}; ///< for a request to arrive, and for an answer to leave
    std::chrono::milliseconds idle_time{30'000};    ///< between two requests of a connection
    std::chrono::milliseconds answer_time{8'000};   ///< for the handler to answer; then 503
    std::chrono::milliseconds drain_time{2'500}; ///< for requests under way when the process is told to end
    std::chrono::milliseconds end_time{4'700};   ///< from then on until the process is ended, whatever hangs
    std::function<void(exchange const&)> completed{}; ///< the access log and the metrics; any thread
};

/// Listens from its construction on, so that probes are answered while the boot runs.
///
/// Constructor and destructor belong to the thread that runs `io`, while it does not run. `application`
/// outlives the server; `io` outlives both.
class server
{
public:
    /// Throws schemagate::failure{errc::address_in_use} if the address cannot be bound.
    server(boost::asio::io_context& io, handler const& application, server_options options,
           std::shared_ptr<spdlog::logger> log);
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    ~server();

    /// The port it listens on.
    [[nodiscard]] unsigned short port() const;
    /// Requests being answered. Any thread.
    [[nodiscard]] int in_flight() const noexcept;

    /// From now on SIGTERM and SIGINT end it: `stopping` is called, it stops accepting, finishes what is
    /// under way, and leaves `io` without work of its own, so that run() returns. A second signal cuts the
    /// drain short. The process ends within 5 s of the first in any case: with 70 if a thread hangs. Any
    /// thread.
    void end_on_signal(std::function<void()> stopping);

private:
    class listener;
    std::shared_ptr<listener> listener_;
};

} // namespace app
