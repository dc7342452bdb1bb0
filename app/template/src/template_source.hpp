// The text of a template, and where in it something is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace app::jinja {

/// Thrown inside the parser; program::parse makes a template_problem of it.
struct parse_failure
{
    std::string_view code;
    std::size_t offset = 0; ///< in the text with normalized line ends
    std::string message;
};

class template_source
{
public:
    static constexpr std::size_t largest = std::size_t{256} << 10;

    /// CRLF and CR become LF.
    explicit template_source(std::string_view bytes);

    /// Throws parse_failure where the text is no UTF-8.
    void check_encoding() const;

    std::string_view text() const noexcept { return text_; }

    /// From 1.
    std::uint32_t line_of(std::size_t offset) const;
    /// From 1, in characters.
    std::size_t column_of(std::size_t offset) const;

private:
    std::string text_;
    std::vector<std::size_t> line_begins_;
};

} // namespace app::jinja
