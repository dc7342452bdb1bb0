// Parts a template into text and tags, and strips white space as trim_blocks, lstrip_blocks and the signs -
// and + ask.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace app::jinja {

enum class tag_kind : std::uint8_t
{
    print, ///< {{
    block, ///< {%
    none,  ///< the text goes on: a comment or the bounds of a raw block were here
    end,   ///< of the template
};

struct template_piece
{
    std::string_view text; ///< before the tag
    tag_kind tag = tag_kind::end;
    std::size_t open = 0;   ///< where the tag begins
    std::size_t inside = 0; ///< behind its {{ or {% and the sign
};

class template_scanner
{
public:
    explicit template_scanner(std::string_view source) : source_{source} {}

    /// Throws parse_failure where a comment or a raw block has no end.
    template_piece next();

    /// The tag that next() told of ends, and text begins again, at `behind`.
    void resume(std::size_t behind);

private:
    template_piece raw_text();
    /// `text` ends where a tag with this sign begins.
    std::string_view stripped(std::string_view text, char sign, bool print) const;
    void skip_comment(std::size_t open, std::size_t inside);

    std::string_view source_;
    std::size_t at_ = 0;
    std::size_t raw_open_ = std::string_view::npos; ///< of the raw block that we are in
    bool line_starts_ = true;                       ///< text at `at_` begins a line, for lstrip_blocks
};

} // namespace app::jinja
