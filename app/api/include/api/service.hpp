// The prompt service: its parts, put together.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <prometheus/registry.h>
#include <spdlog/logger.h>
#include <string>

#include "api/service_settings.hpp"
#include "schemagate/gate.hpp"
#include "schemagate/settings.hpp"

namespace app {

struct service_options
{
    std::string host;        ///< an address, or a name that resolves to one
    unsigned short port = 0; ///< 0: any free one
    std::string version;     ///< of the program
    service_settings settings{};
    std::shared_ptr<prometheus::Registry> registry;
};

/// Listens from its construction on, so that probes are answered while the boot runs; answers traffic once
/// the gate has opened and the prompts are loaded. From then on SIGTERM and SIGINT end it: requests under way
/// are answered, the executions that wait are written, and run() of `io` returns.
///
/// Constructor and destructor belong to the thread that runs `io`, while it does not run. `io` and `gate`
/// outlive it.
class service
{
public:
    /// Throws schemagate::failure{errc::address_in_use} if the address cannot be bound.
    service(boost::asio::io_context& io, schemagate::gate& gate, schemagate::settings with,
            service_options options, std::shared_ptr<spdlog::logger> log);
    service(service const&) = delete;
    service& operator=(service const&) = delete;
    ~service();

    /// The port it listens on.
    [[nodiscard]] unsigned short port() const;

private:
    class assembly;
    std::unique_ptr<assembly> assembly_;
};

} // namespace app
