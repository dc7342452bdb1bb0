// The one generated source file: the scripts' bytes, a table of them, and the function that hands them out.
#pragma once

#include <filesystem>
#include <string>

#include "schemagate/script_folder.hpp"

namespace schemagate::embed {

struct manifest_settings
{
    std::string name;             ///< of the catalog
    std::string function;         ///< in namespace schemagate
    std::filesystem::path output; ///< folder of the manifest and the canonical copies
};

/// "scripts/0001_x.sql" below the output folder.
[[nodiscard]] std::filesystem::path copy_of(manifest_settings const& settings, folder_script const& script);
/// "checks/0001_x.sql" below it.
[[nodiscard]] std::filesystem::path check_copy_of(manifest_settings const& settings,
                                                  folder_script const& script);

/// The C++ source. GCC and Clang take the bytes from the copies with .incbin, which costs no compile time;
/// other compilers read manifest_literals().
[[nodiscard]] std::string manifest(manifest_settings const& settings, folder_content const& content);

/// The same bytes as string literals, a file that the manifest includes only where there is no .incbin.
[[nodiscard]] std::string manifest_literals(manifest_settings const& settings, folder_content const& content);

} // namespace schemagate::embed
