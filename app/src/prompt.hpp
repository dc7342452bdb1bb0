// A prompt as the service hands it out: one row of prompt_templates, which is one version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace app {

struct prompt
{
    std::string id;
    std::string name;
    int version = 1;
    std::optional<std::string> category;
    std::optional<std::string> description;
    bool is_active = false;
    std::optional<std::string> ab_test_group;
    std::string template_text;    ///< empty in lists
    std::string variables = "[]"; ///< JSON text; "[]" in lists
    std::optional<std::string> created_by;
    std::optional<std::int64_t> created_at; ///< microseconds since 1970, UTC
    std::optional<std::int64_t> updated_at;
};

/// A part of the list, ascending by name.
struct prompt_page
{
    std::vector<prompt> prompts;
    std::optional<std::string> next_cursor; ///< nullopt on the last page
};

struct prompt_filter
{
    std::optional<std::string> category;
    std::string after; ///< the cursor: names greater than this; "" begins at the first
    int limit = 50;
};

} // namespace app
