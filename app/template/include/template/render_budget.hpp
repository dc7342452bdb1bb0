// What one rendering may cost.
#pragma once

#include <cstddef>

namespace app {

/// What is left. All messages of a chat prompt share one, so that it bounds the whole answer.
struct render_budget
{
    std::size_t output_bytes = std::size_t{4} << 20;
    std::size_t loop_passes = 100'000;
    /// Steps, about one for each byte that is looked at or made, and a few for each part of an expression: it
    /// bounds the time where neither output nor loops do (`{{ big|upper|length }}` many times). All of them
    /// take under a second.
    std::size_t work = std::size_t{64} << 20;
};

} // namespace app
