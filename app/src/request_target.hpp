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

/// Code points of valid UTF-8, which is what varchar(n) counts.
[[nodiscard]] std::size_t length_in_characters(std::string_view utf8) noexcept;

} // namespace app
