// Answers that clients may keep, and the 304 that spares them the body.
#pragma once

#include <string>
#include <string_view>

#include "http/answer.hpp"

namespace app {

/// A strong entity tag (RFC 9110 §8.8.3) made of the text itself, quotes included.
[[nodiscard]] std::string entity_tag_of(std::string_view text);

/// 200 with the body, or 304 if the client has it already. `cache_control` is that header's value.
[[nodiscard]] answer cached_answer(std::string const& body, std::string const& entity_tag,
                                   std::string const& cache_control, std::string_view if_none_match);

/// RFC 9110 §13.1.2: the weak comparison, a list of tags, or "*".
[[nodiscard]] bool matches(std::string_view if_none_match, std::string_view entity_tag);

} // namespace app
