// Others' words as a quoted field of a log line.
#pragma once

#include <string>

#include "schemagate/safe_text.hpp"

namespace app {

/// One line, nothing invisible, no quotation mark.
[[nodiscard]] inline std::string log_text(std::string text)
{
    text.erase(text.find_last_not_of(" \n") + 1);
    for (char& c : text) {
        c = c == '\n' || c == '\t' ? ' ' : c == '"' ? '\'' : c;
    }
    return schemagate::printable(text);
}

} // namespace app
