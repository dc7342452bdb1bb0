// What a template cannot say, and what to write instead.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tag_tokens.hpp"

namespace app::jinja {

/// A few words of the template, for a message.
std::string quoted(std::string_view text);

/// Nothing goes on with this token, where an expression could end.
[[noreturn]] void refuse_token(token const& unexpected);

/// A tag that is none of ours.
[[noreturn]] void refuse_tag(token const& word);

[[noreturn]] void refuse_nesting(std::size_t offset);

} // namespace app::jinja
