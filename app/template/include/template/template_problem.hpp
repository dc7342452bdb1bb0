// Why a text is no template of ours.
#pragma once

#include <cstddef>
#include <string>

namespace app {

/// The first thing in a text that has no meaning in a template, or one that we do not support.
///
/// Codes are stable:
///   template-too-large  more than 256 KiB
///   invalid-utf8        the bytes are not UTF-8
///   nesting-limit       blocks, parentheses, filters or `not` nested deeper than 32
///   unclosed            a tag, comment, string, bracket or block that has no end
///   syntax              what cannot be read
///   unsupported         what Jinja2 can do and we do not: calls, arithmetic, assignment, macros, …
///   unknown-filter      a filter that we do not have
///   filter-arguments    too many arguments of a filter, too few, or of a name that it does not know
///   invalid-literal     a number outside 64 bits, or an escape that gives no character
struct template_problem
{
    std::string code;
    std::size_t line = 1;   ///< 1-based; LF, CRLF and CR end a line
    std::size_t column = 1; ///< 1-based, in characters
    std::string message; ///< what is wrong, and what to write instead; it may quote a few words of the text
};

} // namespace app
