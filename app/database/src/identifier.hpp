// Names in SQL text.
#pragma once

#include <string>

namespace app {

/// In quotation marks, so that it is taken as it is (PostgreSQL documentation, "4.1.1 Identifiers and Key
/// Words").
[[nodiscard]] inline std::string quoted_identifier(std::string const& name)
{
    std::string out = "\"";
    for (char const c : name) {
        out.append(c == '"' ? 2 : 1, c);
    }
    return out + '"';
}

} // namespace app
