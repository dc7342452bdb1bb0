// An expression and values → a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "render_meter.hpp"
#include "syntax_tree.hpp"
#include "template_value.hpp"

namespace app::jinja {

/// What one part of an expression, or a statement, costs in work: a look into the values, a few branches.
inline constexpr std::size_t part_work = 8;

/// A `for` that is being passed.
struct loop_state
{
    value current{};
    std::size_t index = 0;
    std::size_t length = 0;
};

/// What expressions see while a template is rendered. Values live as long as the arena is not released.
struct evaluation
{
    compiled const& program;
    boost::json::object const& values;
    meter& cost;
    value_arena arena{};
    std::vector<loop_state> loops{}; ///< outermost first

    /// Throws render_error.
    value evaluate(expression const& e);

private:
    value value_of(expression const& e);
    value list(expression const& e);
    value filter(expression const& e);
    value chain(expression const& e);
    value logic(expression const& e, bool decides);
};

/// As an error names it: the path that it comes from.
std::string named(expression const& e);

/// Throws render_error "variable-type".
[[noreturn]] void fail_at(expression const& where, std::string const& message);

} // namespace app::jinja
