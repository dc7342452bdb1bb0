// A template → its statements.
#pragma once

#include "syntax_tree.hpp"

namespace app::jinja {

/// Fills `body` and `variables` from `source`. Throws parse_failure.
void parse_statements(compiled& into);

} // namespace app::jinja
