// A migration's version: digits of any length, compared as a number.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace schemagate {

/// "0007" and "7" are the same version; "0007" is shown as it was written. Sequences (0007) and timestamps
/// (20261122210300) both fit, since the length has no limit.
class version
{
public:
    /// Throws failure{errc::script_refused} unless `digits` is one or more ASCII digits.
    explicit version(std::string_view digits);

    /// As written in the file name.
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

    friend std::strong_ordering operator<=>(version const& a, version const& b) noexcept;
    friend bool operator==(version const& a, version const& b) noexcept { return (a <=> b) == 0; }

private:
    std::string text_;
};

} // namespace schemagate
