// The options of `url rewrite`.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <vector>

#include "arguments.hpp"

namespace schemagate {

inline constexpr auto rewrite_help =
    "write DATABASE_URL anew with some parts changed, and every other byte as it is";

/// Adds them to the subcommand, and their names to `words`. Parsing throws usage_error for --set without "=".
void add_rewrite_options(CLI::App& to, rewrite_request& into, std::vector<std::string>& words);

} // namespace schemagate
