// PostgreSQL's own parser, as a judge of where the lexer lets statements begin and end.
#pragma once

#include <string>

namespace schemagate::test {

struct parser_verdict
{
    /// Whether the parser (of PostgreSQL 15) takes the text, and both read the same language: not where the
    /// text holds a NUL, data of COPY, or a change of standard_conforming_strings.
    bool compared = false;
    std::string difference; ///< empty if both see the same statements
};

/// From one thread at a time.
[[nodiscard]] parser_verdict judge_statements(std::string const& text);

} // namespace schemagate::test
