// Programs that refuse to run as root, run as somebody else. Elsewhere: as whoever we are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace schemagate::testing {

/// The account `postgres`, or `nobody`: its name if we are root, else "".
[[nodiscard]] std::string unprivileged_account();

/// That account owns the path from here on, if we are root.
void give_to_unprivileged(std::filesystem::path const& path);

/// Starts argv[0] with stdout and stderr appended to `log`; the kernel ends it (SIGQUIT) when the calling
/// thread ends. The caller waits for the pid. Throws std::runtime_error.
[[nodiscard]] pid_t launch_unprivileged(std::vector<std::string> const& argv,
                                        std::filesystem::path const& log);

/// The same, and waits; the exit code, or -1.
[[nodiscard]] int run_unprivileged(std::vector<std::string> const& argv, std::filesystem::path const& log);

} // namespace schemagate::testing
