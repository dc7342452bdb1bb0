// Files of other tools, in a folder that holds no script of ours.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace schemagate {

/// What a folder that holds no script, but files, is refused with; "" where they are only notes (README.md,
/// .gitkeep, …): an empty folder is where a catalog begins.
[[nodiscard]] std::string foreign_names_problem(std::vector<std::filesystem::directory_entry> const& entries);

} // namespace schemagate
