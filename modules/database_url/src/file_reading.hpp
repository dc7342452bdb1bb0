// Reading a file that somebody else names, without waiting for ever.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace schemagate {

/// The file's content, at most `limit` + 1 bytes of it. nullopt if it cannot be read: absent, not permitted,
/// a folder, a socket, or a pipe or device that has not ended after 4 s. Symbolic links are followed, as
/// Kubernetes mounts its secrets behind them.
[[nodiscard]] std::optional<std::string> read_all(std::filesystem::path const& path, std::size_t limit);

} // namespace schemagate
