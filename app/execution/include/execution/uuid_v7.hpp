// Identifiers that carry the time they were made at.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace app {

using unix_milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;

/// A new UUID of version 7 (RFC 9562, 5.7) in its text form: 48 bits of milliseconds since 1970, 74 random
/// bits of OpenSSL. From any thread. Throws std::runtime_error if OpenSSL has no random bytes.
[[nodiscard]] std::string new_uuid_v7(unix_milliseconds at);
[[nodiscard]] std::string new_uuid_v7();

/// The text form of a UUID of any version: 36 characters, letters of either case.
[[nodiscard]] bool is_uuid(std::string_view text) noexcept;

/// The time in a UUID of version 7; nullopt for another version, or what is no UUID.
[[nodiscard]] std::optional<unix_milliseconds> time_of_uuid_v7(std::string_view uuid) noexcept;

} // namespace app
