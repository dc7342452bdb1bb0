// Why values cannot be rendered.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace app {

/// Thrown by program::render. The codes are stable; the message names a line and the path of a variable as
/// the template writes it, and never a value.
class render_error : public std::runtime_error
{
public:
    /// The output, the loops or the work of a rendering go beyond the render_budget.
    static constexpr std::string_view limit = "render-limit";
    /// A value is of a kind that the template cannot use there: a loop over a number, `upper` of an object.
    static constexpr std::string_view variable_type = "variable-type";

    /// `code` is one of the two above: it is not copied.
    render_error(std::string_view code, std::string const& message) : std::runtime_error{message}, code_{code}
    {}

    std::string_view code() const noexcept { return code_; }

private:
    std::string_view code_;
};

} // namespace app
