// A folder of .sql, read, judged and brought into its canonical form: by the build tool that embeds it, and
// by `schemagate --from DIR`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "schemagate/catalog.hpp"

namespace schemagate {

/// One script in its canonical form (PROTOCOL.md, "Script files"): BOM stripped, CRLF → LF, a final newline,
/// \restrict and \unrestrict lines blanked so that line numbers stay, a whole-file BEGIN … COMMIT pair
/// blanked because ours takes its place.
struct folder_script
{
    std::string file;
    std::string text;
    std::string checksum;
    std::string check; ///< the twin in the checks folder, canonical too; empty if there is none
    bool transactional = true;
    std::string released; ///< as script::released; empty where there is no released.lock
};

/// What stands in the way of embedding a script.
struct folder_problem
{
    std::string file;     ///< with the folder as it was given: "sql/migrations/0007_add_index.sql"
    std::size_t line = 0; ///< 0: the file as a whole
    std::string message;  ///< what and why, and what to do
};

struct folder_content
{
    std::vector<folder_script> scripts; ///< ascending by version, then the repeatables by name
    std::vector<folder_problem> problems;
};

/// Reads every `<version>_<description>.sql` and `R_<description>.sql` of `migrations` and its twin of the
/// same name in `checks` (which may be empty: no twins). Finds all problems before it returns, instead of the
/// first: duplicate versions, unknown directives, stray \commands, transaction control in the middle of a
/// file, bad UTF-8, NUL, lone CR, a script not lexically complete, a directive that makes no sense in a
/// repeatable script, a file name of no known form, a twin without its migration, and a folder without any
/// script that holds other tools' files (an empty one is where a catalog begins). Down scripts are legal and
/// left aside; hidden files, backups ("…~") and other files without a version are none of ours. Throws
/// failure{errc::script_refused} only if the folder itself cannot be read.
[[nodiscard]] folder_content read_folder(std::filesystem::path const& migrations,
                                         std::filesystem::path const& checks = {});

/// read_folder() as a catalog that owns its bytes; throws failure{errc::script_refused} naming the first
/// problem and the number of further ones. Takes the sibling folder "checks" where it exists, and of a
/// sibling "released.lock" the order of the repeatable scripts' texts.
[[nodiscard]] catalog catalog_of_folder(std::string name, std::filesystem::path const& migrations);

} // namespace schemagate
