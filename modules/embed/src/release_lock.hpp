// released.lock: which scripts databases out there may have applied, and must never change again, and in
// which order the texts of a repeatable script came (PROTOCOL.md, "Script files"). Lines of
// "<sha256>  <file>", as sha256sum writes them, over the canonical text.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "schemagate/script_folder.hpp"

namespace schemagate::embed {

/// What contradicts the lock, with its file and line: a released script that is gone or differs, one that is
/// not released with a version below the highest released, a line that is none, a versioned script or a
/// repeatable script's text listed twice, an old text of a repeatable script.
[[nodiscard]] std::vector<folder_problem> lock_problems(folder_content const& content,
                                                        std::filesystem::path const& lock_file,
                                                        std::string_view lock_text);

/// The lock's text with a line for every script, or repeatable script's text, that it does not list yet. For
/// a lock without problems.
[[nodiscard]] std::string with_all_released(folder_content const& content, std::string lock_text);

/// Sets folder_script::released from the lock's text; lines that are none are passed over.
void note_released(folder_content& content, std::string_view lock_text);

} // namespace schemagate::embed
