// The HTTP/1.1 server of the prompt service. Beast stays behind this header: it costs half a minute of
// compile time wherever it is included.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <prometheus/registry.h>
#include <spdlog/logger.h>
#include <string>

#include "prompt_store.hpp"
#include "schemagate/gate.hpp"

namespace app {

struct server_options
{
    std::string host = "127.0.0.1";     ///< an address, or a name that resolves to one
    unsigned short port = 8080;         ///< 0: any free one
    std::size_t connections_max = 1024; ///< beyond it a connection is closed as soon as it is accepted
    std::chrono::milliseconds request_time{10'000}; ///< for a request to arrive, and for an answer to leave
    std::chrono::milliseconds idle_time{30'000};    ///< between two requests of a connection
    std::chrono::milliseconds answer_time{8'000};   ///< for the database to answer
    std::chrono::milliseconds drain_time{4'000}; ///< for requests under way when the process is told to end
    std::shared_ptr<prometheus::Registry> registry{}; ///< for GET /metrics; null: no such route
};

/// Listens from its construction on, so that probes are answered while the boot runs. Routes of the
/// application answer once the gate is open. From then on SIGTERM and SIGINT end it: it stops accepting,
/// finishes what is under way, and leaves the executor without work, so that run() returns; a second signal
/// cuts the drain short, and the process ends within 5 s of the first in any case.
///
/// Constructor and destructor belong to the thread that runs the executor's context, while it does not run.
/// `gate` and `store` outlive the server; the context outlives all three.
class server
{
public:
    /// Throws schemagate::failure{errc::address_in_use} if the address cannot be bound.
    server(boost::asio::any_io_executor executor, schemagate::gate& gate, prompt_store& store,
           server_options options, std::shared_ptr<spdlog::logger> log);
    server(server const&) = delete;
    server& operator=(server const&) = delete;
    ~server();

    /// The port it listens on.
    [[nodiscard]] unsigned short port() const;

private:
    class listener;
    std::shared_ptr<listener> listener_;
};

} // namespace app
