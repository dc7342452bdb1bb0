// The copies in the binary of the three prompts that every database starts with: what a fetch gets when its
// database has lost them. Equal to the rows of migration 0001, which a test compares.
#pragma once

#include <vector>

#include "prompt/prompt_version.hpp"

namespace app {

struct builtin_prompt
{
    prompt_version content;
    std::string category;
    std::string description;
};

[[nodiscard]] std::vector<builtin_prompt> const& builtin_prompts();

} // namespace app
