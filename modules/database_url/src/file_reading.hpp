// Reading a file that somebody else names, without waiting for ever.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace schemagate {

/// Shorter than the 5 s in which a boot has to end after SIGTERM.
inline constexpr auto end_wait_default = std::chrono::seconds{4};

/// The file's content, at most `limit` + 1 bytes of it. nullopt if it cannot be read: absent, not permitted,
/// a folder, a socket, or a pipe or device that has not ended after `end_wait_max`. Symbolic links are
/// followed, as Kubernetes mounts its secrets behind them.
[[nodiscard]] std::optional<std::string> read_all(std::filesystem::path const& path, std::size_t limit,
                                                  std::chrono::milliseconds end_wait_max = end_wait_default);

} // namespace schemagate
