// UTF-8 as PostgreSQL takes it.
#pragma once

#include <cstddef>
#include <string_view>

namespace app {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF; and no U+0000, which PostgreSQL cannot
/// store.
[[nodiscard]] bool is_utf8_without_nul(std::string_view text) noexcept;

/// Code points of valid UTF-8, which is what varchar(n) counts.
[[nodiscard]] std::size_t length_in_characters(std::string_view utf8) noexcept;

} // namespace app
