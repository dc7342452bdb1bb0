#include "template_source.hpp"

#include <algorithm>

#include "python_characters.hpp"

namespace app::jinja {

template_source::template_source(std::string_view bytes) : line_begins_{0}
{
    text_.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        char const c = bytes[at];
        if (c != '\r' && c != '\n') {
            text_ += c;
            continue;
        }
        at += c == '\r' && bytes.substr(at + 1).starts_with('\n') ? 1 : 0;
        text_ += '\n';
        line_begins_.push_back(text_.size());
    }
}

void template_source::check_encoding() const
{
    for (std::size_t at = 0; at < text_.size();) {
        auto const begin = at;
        if (next_code_point(text_, at) == ill_formed) {
            throw parse_failure{"invalid-utf8", begin, "the template is not UTF-8 here; save it as UTF-8"};
        }
    }
}

std::uint32_t template_source::line_of(std::size_t offset) const
{
    auto const behind = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
    return static_cast<std::uint32_t>(behind - line_begins_.begin());
}

std::size_t template_source::column_of(std::size_t offset) const
{
    auto const begin = line_begins_[line_of(offset) - 1];
    return count_code_points(std::string_view{text_}.substr(begin, offset - begin)) + 1;
}

} // namespace app::jinja
