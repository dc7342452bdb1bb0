// The prompt service: listens, brings the schema up to date, then serves.
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "prompt_store.hpp"
#include "schemagate/boot.hpp"
#include "schemagate/closing_line.hpp"
#include "schemagate/command_line.hpp"
#include "schemagate/embedded_catalog.hpp"
#include "schemagate/prometheus_observer.hpp"
#include "schemagate/spdlog_observer.hpp"
#include "schemagate/systemd_observer.hpp"
#include "server.hpp"

int main(int argc, char* argv[])
try {
    // A reader of the log that goes away must not take the service with it.
    std::signal(SIGPIPE, SIG_IGN);
    auto const log = spdlog::stderr_color_mt("prompt-service");
    spdlog::cfg::load_env_levels(); // SPDLOG_LEVEL=debug shows every request
    auto const metrics = std::make_shared<prometheus::Registry>();
    auto const listener = schemagate::both(
        schemagate::both(schemagate::log_to(log), schemagate::count_in(metrics)), schemagate::tell_systemd());

    auto const serve = [&](schemagate::settings with, schemagate::listen_address at) {
        boost::asio::io_context io;
        schemagate::gate gate{io.get_executor()};
        app::prompt_store store{with};
        // Answers probes from here on, and traffic once the gate has opened.
        app::server server{
            io.get_executor(), gate, store, {.host = at.host, .port = at.port, .registry = metrics}, log};
        log->info("http step=listen outcome=done address={}:{} because=\"{}\"", at.host, server.port(),
                  at.why);

        schemagate::boot(io, gate, std::move(with), schemagate::embedded_catalog(), listener);
        io.run();
        return EXIT_SUCCESS;
    };
    return schemagate::run_command_line({.program = "prompt-service",
                                         .version = PROMPT_SERVICE_VERSION,
                                         .shipped = &schemagate::embedded_catalog(),
                                         .listener = listener,
                                         .serve = serve},
                                        argc, argv);
}
catch (std::exception const& e) {
    return schemagate::report_internal(e);
}
