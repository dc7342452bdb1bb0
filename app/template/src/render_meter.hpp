// Counts what a rendering costs, and ends it at the limit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "template/render_budget.hpp"

namespace app::jinja {

/// The longest text that a filter may make: as long as the longest output.
inline constexpr std::size_t longest_text = std::size_t{4} << 20;
/// The deepest value that is printed or compared.
inline constexpr std::size_t deepest_value = 256;

/// Each function throws render_error "render-limit" with the line that was last set.
class meter
{
public:
    explicit meter(render_budget& budget) : budget_{budget} {}

    void at_line(std::uint32_t line) { line_ = line; }

    void work(std::size_t steps)
    {
        if (budget_.work < steps) {
            out_of_work();
        }
        budget_.work -= steps;
    }

    void output(std::size_t bytes)
    {
        if (budget_.output_bytes < bytes) {
            out_of_output();
        }
        budget_.output_bytes -= bytes;
        work(bytes);
    }

    void pass()
    {
        if (budget_.loop_passes == 0) {
            out_of_passes();
        }
        --budget_.loop_passes;
    }

    /// Before a filter's text grows to `bytes`.
    void length(std::size_t bytes) const
    {
        if (bytes > longest_text) {
            too_long();
        }
    }

    void depth(std::size_t levels) const
    {
        if (levels > deepest_value) {
            too_deep();
        }
    }

private:
    [[noreturn]] void out_of_work() const;
    [[noreturn]] void out_of_output() const;
    [[noreturn]] void out_of_passes() const;
    [[noreturn]] void too_long() const;
    [[noreturn]] void too_deep() const;

    render_budget& budget_;
    std::uint32_t line_ = 1;
};

} // namespace app::jinja
