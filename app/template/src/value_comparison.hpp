// ==, <, in and their kin, as Python compares.
#pragma once

#include <cstdint>
#include <optional>

#include "render_meter.hpp"
#include "template_value.hpp"

namespace app::jinja {

enum class comparison : std::uint8_t
{
    equal,
    unequal,
    less,
    less_equal,
    greater,
    greater_equal,
    in,
    not_in
};

/// Nothing where Python raises TypeError. An ordering with something absent is false, and nothing absent is
/// in a text.
std::optional<bool> compare(comparison operation, value const& left, value const& right, meter& cost);

} // namespace app::jinja
