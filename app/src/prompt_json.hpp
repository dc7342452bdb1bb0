// Prompts as JSON.
#pragma once

#include <string>

#include "prompt.hpp"

namespace app {

/// All fields, and "source":"database": a client can tell it from a prompt that was compiled into somebody.
[[nodiscard]] std::string to_json(prompt const& p);

/// {"prompts":[…],"next_cursor":null}; the prompts without text and variables.
[[nodiscard]] std::string to_json(prompt_page const& page);

} // namespace app
