// Percent-encoding as libpq writes and reads it: "+" is no blank, and %00 is an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace schemagate::url {

/// Every byte outside [A-Za-z0-9] becomes %XX.
[[nodiscard]] std::string percent_encoded(std::string_view bytes);

/// For people to read: also RFC 3986's other unreserved bytes (- . _ ~) and those of `besides` stay.
[[nodiscard]] std::string percent_encoded(std::string_view bytes, std::string_view besides);

/// nullopt where libpq would refuse the text.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// Offset of the first "%" that libpq would refuse.
[[nodiscard]] std::optional<std::size_t> bad_escape(std::string_view text);

} // namespace schemagate::url
