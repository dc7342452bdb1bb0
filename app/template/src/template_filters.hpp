// What the filters do.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "filter_table.hpp"
#include "render_meter.hpp"
#include "template_value.hpp"

namespace app::jinja {

/// Thrown where an operand is of a kind that Python raises TypeError for, or a list or an object in place of
/// a text.
struct wrong_kind
{
    std::size_t operand = 0;   ///< 0 is what is filtered, then the arguments
    std::string_view expected; ///< "takes text", …
};

/// `operands`: what is filtered, then one for each parameter; nothing where the template gives none.
value apply_filter(filter_kind kind, std::span<std::optional<value> const> operands, value_arena& arena,
                   meter& cost);

} // namespace app::jinja
