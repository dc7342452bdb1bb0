// A text as detectors read it: what looks alike is alike, and what cannot be seen is gone.
//
//   NFKC                  full width, circled and mathematical letters and digits, ligatures (UAX #15)
//   dropped               default-ignorable characters (UAX #44: zero width, soft hyphen, bidi controls,
//   tags,
//                         variation selectors), controls, and combining marks that stay on an ASCII letter or
//                         digit
//   white space           any run of any kind is one space
//   dashes                hyphens, dashes and the minus sign are -
//   look-alikes           letters of Cyrillic and Greek that look like Latin ones are those
//
// Only NFKC makes digits: Arabic-Indic and other digits stay what they are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "screening/match.hpp"

namespace app {

/// What of the folding may be left out.
struct folding
{
    bool white_space = true; ///< any run of white space is one space
    bool look_alikes = true; ///< Cyrillic and Greek look-alikes are Latin

    friend bool operator==(folding const&, folding const&) = default;
};

/// Immutable after construction. Construction takes time linear in the text, whatever the text is.
class folded_text
{
public:
    /// Bytes that are not UTF-8 become U+FFFD. Throws screening_failed if ICU fails.
    explicit folded_text(std::string_view original, folding how = {});

    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    /// True if the folded text is the original, byte for byte.
    [[nodiscard]] bool unchanged() const noexcept { return unchanged_; }

    /// The bytes of the original that [begin, end) of text() was made of: whole characters, with what was
    /// dropped between them. Never decreasing in begin and end.
    [[nodiscard]] text_range original(text_range folded) const;

    /// The smallest range of text() that holds all that was made of these bytes of the original.
    [[nodiscard]] text_range folded(text_range original) const;

    /// True if the byte at this offset of text() is in the original too, and not the trace of something else:
    /// a plain space and no line break, a hyphen and no dash.
    [[nodiscard]] bool literal(std::size_t offset) const;

private:
    class builder;

    /// A piece of text(), up to the next run, and what it was made of. In an identical run byte answers to
    /// byte; else all of the piece answers to all of the original's.
    struct run
    {
        std::size_t folded;
        std::size_t original;
        std::size_t original_end;
        bool identical;
    };

    [[nodiscard]] run const& run_at(std::size_t offset) const;

    std::string text_;
    std::vector<run> runs_;
    bool unchanged_ = false;
};

} // namespace app
