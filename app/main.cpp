// The prompt service: listens, brings the schema up to date, then serves.
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "api/keys_command.hpp"
#include "api/service.hpp"
#include "schemagate/boot.hpp"
#include "schemagate/closing_line.hpp"
#include "schemagate/command_line.hpp"
#include "schemagate/embedded_catalog.hpp"
#include "schemagate/prometheus_observer.hpp"
#include "schemagate/spdlog_observer.hpp"
#include "schemagate/systemd_observer.hpp"

int main(int argc, char* argv[])
try {
    // A reader of the log that goes away must not take the service with it.
    std::signal(SIGPIPE, SIG_IGN);
    auto const log = spdlog::stderr_color_mt("prompt-service");
    spdlog::cfg::load_env_levels(); // SPDLOG_LEVEL=warn hides the requests
    auto const metrics = std::make_shared<prometheus::Registry>();
    auto const listener = schemagate::both(
        schemagate::both(schemagate::log_to(log), schemagate::count_in(metrics)), schemagate::tell_systemd());

    auto const serve = [&](schemagate::settings with, schemagate::listen_address at,
                           schemagate::host_values const& own) {
        auto const settings = app::read_service_settings(own, app::is_loopback(at.host));
        for (auto const& name : app::unknown_service_settings()) {
            log->warn("settings unknown={} because=\"no setting has this name; app/README.md lists them\"",
                      name);
        }
        boost::asio::io_context io{1};
        schemagate::gate gate{io.get_executor()};
        // Answers probes from here on, and traffic once the gate has opened.
        app::service service{
            io, gate, with, {at.host, at.port, PROMPT_SERVICE_VERSION, settings, metrics}, log};
        log->info("http step=listen outcome=done address={}:{} because=\"{}\" anonymous={}", at.host,
                  service.port(), at.why, settings.anonymous_may_read ? "read" : "none");

        schemagate::boot(io, gate, std::move(with), schemagate::embedded_catalog(), listener);
        io.run();
        return EXIT_SUCCESS;
    };
    return schemagate::run_command_line({.program = "prompt-service",
                                         .version = PROMPT_SERVICE_VERSION,
                                         .shipped = &schemagate::embedded_catalog(),
                                         .listener = listener,
                                         .serve = serve,
                                         .own_settings = app::service_setting_list(),
                                         .own_commands = {app::keys_command(schemagate::embedded_catalog())}},
                                        argc, argv);
}
catch (std::exception const& e) {
    return schemagate::report_internal(e);
}
