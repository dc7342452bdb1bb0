// A value as Python prints it.
#pragma once

#include <string>

#include "render_meter.hpp"
#include "template_value.hpp"

namespace app::jinja {

/// str(): True, None, 1.0, 1e+16, ['a', {'k': None}]; nothing for what is absent. Appends.
void append_text(std::string& out, value const& v, meter& cost);

/// repr() of a float, as json.dumps writes it, too: the shortest digits that read back as the same.
void append_real(std::string& out, double real);

} // namespace app::jinja
