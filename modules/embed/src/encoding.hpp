// From the bytes of a file to text that every machine reads alike.
#pragma once

#include <string>

#include "problem_sink.hpp"

namespace schemagate {

/// BOM (every leading one) stripped, CRLF → LF where every line ends so, a final newline unless the text is
/// empty. Reports a NUL, a lone CR, bytes that are not UTF-8 and characters that reorder what a reader sees;
/// the result is usable only if nothing was reported.
[[nodiscard]] std::string plain_text(std::string text, problem_sink const& report);

} // namespace schemagate
