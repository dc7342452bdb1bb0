// The filter tojson: Jinja2's htmlsafe_json_dumps.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "render_meter.hpp"
#include "template_value.hpp"

namespace app::jinja {

/// Sorted keys, ASCII only, and < > & ' escaped. With an indent (spaces for each level, at most
/// longest_text), a line for each element. Nothing where some element is absent: json.dumps raises TypeError.
std::optional<std::string> json_text(value const& v, std::optional<std::size_t> indent, meter& cost);

} // namespace app::jinja
