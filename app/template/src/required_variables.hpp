// Which variables a rendering cannot do without.
#pragma once

#include "syntax_tree.hpp"

namespace app::jinja {

/// Fills `required` from `body` and `variables`.
void find_required(compiled& into);

} // namespace app::jinja
