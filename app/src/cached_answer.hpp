// A 200 that clients may keep, or the 304 that spares them the body.
#pragma once

#include <string>
#include <string_view>

#include "answer.hpp"

namespace app {

/// The entity tag is made of the body itself, so it cannot fail to change when something in it does: nothing
/// in the schema keeps updated_at.
[[nodiscard]] answer cached_answer(std::string body, std::string_view if_none_match);

/// RFC 9110 §13.1.2: the weak comparison, a list of tags, or "*".
[[nodiscard]] bool matches(std::string_view if_none_match, std::string_view entity_tag);

} // namespace app
