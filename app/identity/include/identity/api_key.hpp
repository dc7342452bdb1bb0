// API keys: made here, shown once, and stored as a hash only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace app {

/// "sgk_" and 43 characters of base64url (RFC 4648 §5): 256 random bits, so that a plain hash is enough.
/// Throws std::runtime_error if the system has no random bytes. Any thread.
[[nodiscard]] std::string make_api_key();

/// In hexadecimal. Any thread.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// SHA-256 of the key, in hexadecimal.
[[nodiscard]] inline std::string hash_of_key(std::string_view key)
{
    return sha256_hex(key);
}

/// The key of an Authorization header's value "Bearer sgk_..." (RFC 6750 §2.1); nullopt if it is none of ours
/// by its form.
[[nodiscard]] std::optional<std::string_view> key_in(std::string_view authorization) noexcept;

} // namespace app
