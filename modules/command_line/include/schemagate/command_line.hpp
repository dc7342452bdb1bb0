// The subcommands that any host program can mount, and the small `schemagate` program for a folder.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "schemagate/migrator.hpp"

namespace schemagate {

/// What the listener of `serve` was told (PROTOCOL.md, "Settings": HOST, PORT).
struct listen_address
{
    std::string host; ///< 0.0.0.0 where a container, Kubernetes or Cloud Run is recognised, else 127.0.0.1
    unsigned short port = 8080; ///< 0: any free one
    std::string why;            ///< "host: Cloud Run service, port: PORT": for the log
};

/// A setting of the host's own, which becomes a flag too.
struct host_setting
{
    char const* flag;     ///< "--threads"
    char const* variable; ///< "PROMPT_SERVICE_THREADS"
    char const* takes;    ///< "NUMBER"
    char const* help;
};

/// The values of the host's settings that are set: variable's name → text. A flag goes before the
/// environment.
using host_values = std::map<std::string, std::string>;

/// A subcommand of the host's own: `program name WORD…`.
struct host_command
{
    char const* name;
    char const* help;
    /// Returns the exit code. May throw failure, and std::invalid_argument for a wrong command line: a
    /// sentence that names no argument which may be a secret.
    std::function<int(settings const&, std::vector<std::string> const& words, host_values const&)> run;
};

/// What a host program brings. `serve` is absent in the `schemagate` program.
struct command_line
{
    std::string program;                ///< "prompt-service"
    std::string version;                ///< for --version and the history
    catalog const* shipped = nullptr;   ///< the embedded catalog; nullptr: `--from DIR` is required
    std::shared_ptr<observer> listener; ///< logs the engine's events
    /// Runs the backend until it ends; returns the process's exit code. Called for `serve` and for no
    /// subcommand.
    std::function<int(settings, listen_address, host_values)> serve;
    std::vector<host_setting> own_settings{};
    std::vector<host_command> own_commands{};
};

/// Parses argv and runs: serve (default), migrate [--dry-run] [--to VERSION], status, plan, verify, url
/// check, url rewrite. All but serve take --json. Every setting is a flag too; a flag goes before the
/// environment. DATABASE_URL alone is none, since every user of the machine can read argv: an argument that
/// looks like one is refused, unread.
///
/// Returns the exit code of the contract. A failure is reported with the closing line on stderr, a wrong
/// command line with one sentence and exit 64. Never throws. While it runs SIGPIPE is ignored (`| head -1`
/// must not kill a migration); migrate, status, plan and verify end at SIGTERM or SIGINT with exit 75,
/// `serve` leaves both alone. Call it from main(), once at a time.
[[nodiscard]] int run_command_line(command_line const& host, int argc, char const* const* argv) noexcept;

} // namespace schemagate
