// String and number literals, with the escapes of Python.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "template_value.hpp"

namespace app::jinja {

/// How long the number is that begins `text` with a digit, and whether it is a real one. `behind_dot`: none
/// such can begin behind a dot, so that a.0.1 is a path.
struct number_extent
{
    std::size_t length = 0;
    bool real = false;
};
number_extent scan_number(std::string_view text, bool behind_dot);

/// Its value, negated or not; nothing where it does not fit into 64 bits or into a double.
std::optional<value> number_value(std::string_view digits, bool real, bool negative);

/// What stands between the quotes → the text. Throws parse_failure; `offset` is where `quoted` begins in the
/// source.
std::string unescaped(std::string_view quoted, std::size_t offset);

} // namespace app::jinja
