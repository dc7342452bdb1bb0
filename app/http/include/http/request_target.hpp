// The request-target of RFC 9112 §3.2, taken apart: path segments and query parameters, percent-decoded.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace app {

struct request_target
{
    std::vector<std::string> segments; ///< "/v1/prompts/a%2Fb" → "v1", "prompts", "a/b"
    std::vector<std::pair<std::string, std::string>> query;
};

/// Accepts the origin form and the absolute form. nullopt for a bad percent escape, and for text that is not
/// UTF-8 or holds a NUL once decoded: PostgreSQL could not hold it, so no prompt has such a name.
[[nodiscard]] std::optional<request_target> parse_target(std::string_view text);

/// For one segment of a path (RFC 3986 §2.3): all but unreserved characters as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

} // namespace app
