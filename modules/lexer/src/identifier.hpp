// Names as the server's catalog holds them.
#pragma once

#include <string>

#include "token_reader.hpp"

namespace schemagate::lexer {

/// Whether the token may be a name: a word (keywords are not told apart), "…" or U&"…".
[[nodiscard]] bool is_name(token const& t) noexcept;

/// The name it stands for: PostgreSQL folds the ASCII letters of an unquoted one, takes one of two doubled
/// quotes, and cuts at 63 bytes (NAMEDATALEN - 1), but not inside a character. `escape` is that of U&"…".
[[nodiscard]] std::string identifier(token const& name, char escape = '\\');

} // namespace schemagate::lexer
