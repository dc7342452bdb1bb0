// What a string of a script says.
#pragma once

#include <string>

#include "token_reader.hpp"

namespace schemagate::lexer {

/// The text of '…', E'…' and $tag$…$tag$, with doubled quotes and escaped characters undone, and of parts
/// that continue on another line as one. Numeric escapes (\x, \u, U&'…') stay as they are written; so do B'…'
/// and X'…'.
[[nodiscard]] std::string literal_text(token const& string, bool backslash_escapes = false);

} // namespace schemagate::lexer
