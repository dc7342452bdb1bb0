// Texts that the module writes: URLs of a private server, names, and lines for people.
#pragma once

#include <string>

namespace schemagate::testing {

/// Percent-encodes every byte but letters, digits and "-._~" (RFC 3986, 2.3).
[[nodiscard]] std::string url_encoded(std::string const& text);

/// `digits` random hexadecimal digits, from the system's source of randomness.
[[nodiscard]] std::string random_hex(int digits);

/// One line on stderr, in one write.
void say(std::string const& line) noexcept;

} // namespace schemagate::testing
