// What happens to a line at one message of the client's.
#pragma once

#include <cstddef>
#include <functional>

namespace support {

struct line_fault
{
    enum class way
    {
        reset,       ///< both sides get a RST
        close,       ///< both sides get a FIN
        half,        ///< the server gets the first half of the message, then a RST
        freeze,      ///< nothing passes for a moment, then a RST
        lose_answer, ///< the server answers to its end, which nobody hears, then a RST
        call         ///< `action`, and the line goes on
    };

    std::size_t at = 1; ///< the first one is 1, those that ask for TLS and that log in included
    way how = way::reset;
    bool after = false; ///< the server gets the message first
    std::function<void()> action{};
};

} // namespace support
