// U&"d\0061t\+000061" UESCAPE '\': names whose characters stand as numbers.
#pragma once

#include <string>
#include <string_view>

namespace schemagate::lexer {

/// The text with its escapes as UTF-8: four hexadecimal digits, or six behind a plus sign; two surrogates
/// make one character; the escape character twice is itself. What the server would refuse stays as it is
/// written.
[[nodiscard]] std::string without_unicode_escapes(std::string_view text, char escape);

} // namespace schemagate::lexer
