// A raw "@" or "/" in a URI's password, escaped where that takes no guess.
#pragma once

#include <optional>
#include <string>

#include "schemagate/secret.hpp"

namespace schemagate::url {

/// The text with its password escaped; nullopt unless libpq's reading of the text is impossible (a host with
/// an
/// "@" in it, or a port that is none) and there is exactly one other.
[[nodiscard]] std::optional<secret> with_password_escaped(std::string const& text);

} // namespace schemagate::url
