// `schemagate --from DIR …`: the module without a host, for a folder of .sql.
#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "schemagate/closing_line.hpp"
#include "schemagate/command_line.hpp"
#include "schemagate/spdlog_observer.hpp"

int main(int argc, char* argv[])
try {
    // To stderr: stdout is for what was asked for.
    spdlog::cfg::load_env_levels(); // SPDLOG_LEVEL=warn shows the outcome alone
    auto const log = std::make_shared<spdlog::logger>(
        "schemagate", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    spdlog::initialize_logger(log); // so that SPDLOG_LEVEL, which was read before, has its say
    return schemagate::run_command_line({.program = "schemagate",
                                         .version = SCHEMAGATE_VERSION,
                                         .shipped = nullptr,
                                         .listener = schemagate::log_to(log),
                                         .serve = {}},
                                        argc, argv);
}
catch (std::exception const& e) {
    return schemagate::report_internal(e);
}
