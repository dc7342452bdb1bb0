// What most handlers of prompts begin with.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "api/parts.hpp"
#include "prompt/prompt_draft.hpp"
#include "snapshot/snapshot.hpp"

namespace app {

/// How many a page has where the request does not say.
inline constexpr std::int64_t page_length = 50;

/// Throws problem 404 `prompt-not-found`. Archived prompts are known.
[[nodiscard]] served_prompt const& known_prompt(snapshot const& in, std::string const& name);

/// Throws problem 404 `version-not-found`.
[[nodiscard]] std::shared_ptr<served_version const> known_version(served_prompt const& p,
                                                                  std::int64_t number);

[[nodiscard]] boost::json::value or_null(std::optional<std::string> const& text);
[[nodiscard]] boost::json::array json_texts(std::vector<std::string> const& list);

/// Throws problem: 400 for what is no label or `latest`, 403 `label-protected`.
void require_movable(parts const& with, call const& by, std::string const& label);

/// Throws decode_error for one that is too long to be kept.
void check_reason(std::optional<std::string> const& reason);

/// 201 with the version that was just stored, in its transaction. `category` and `description`: the prompt's.
[[nodiscard]] answer made_version(call const& by, draft const& d, std::optional<std::string> const& category,
                                  std::optional<std::string> const& description);

} // namespace app
