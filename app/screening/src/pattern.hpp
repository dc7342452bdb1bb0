// A regular expression (RE2) that says all of its matches, in linear time.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <re2/re2.h>

#include "screening/match.hpp"

namespace app {

/// Immutable; any thread may use it.
class pattern
{
public:
    /// Limits: 4,096 bytes, and 5,000 instructions of RE2's program, which bound the time of each byte that
    /// is read.
    static constexpr std::size_t size_max = 4096;
    static constexpr int program_size_max = 5000;

    /// Throws pattern_invalid with this path: what RE2 refuses, what is empty or fits the empty text, what is
    /// too long.
    pattern(std::string const& path, std::string_view regex, bool case_sensitive);

    /// Calls `take` for each match, leftmost first, until the end of the text; matches are whole characters
    /// and never empty. If `take` refuses one (returns false), the search goes on inside it, at its second
    /// character, but after it if it is longer than 64 bytes.
    ///
    /// A search may read far beyond the match that it finds, so that finding all can take the square of the
    /// text. How far it may read is therefore bounded once a text has hundreds of long searches; a match of
    /// more than 256 bytes may be cut there.
    void each_match(std::string_view text, std::function<bool(text_range)> const& take) const;

    /// True if the expression fits all of the text.
    [[nodiscard]] bool fits(std::string_view text) const;

    [[nodiscard]] RE2 const& expression() const { return *expression_; }

private:
    std::unique_ptr<RE2 const> expression_;
};

} // namespace app
