#include "foreign_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "schemagate/script_name.hpp"

namespace schemagate {
namespace {

namespace fs = std::filesystem;

// Notes, and what keeps a folder in a repository.
bool is_note(fs::path const& file)
{
    static constexpr std::array<std::string_view, 6> endings{".md", ".txt", ".rst", ".adoc", ".lock", ""};
    auto const name = file.filename().string();
    return name.starts_with('.') || name.ends_with('~') || name.starts_with("README") ||
           std::find(endings.begin(), endings.end(), file.extension().string()) != endings.end();
}

} // namespace

std::string foreign_names_problem(std::vector<fs::directory_entry> const& entries)
{
    constexpr std::size_t shown = 200;
    std::error_code error;
    std::string names;
    for (auto const& each : entries) {
        auto const file = each.path().filename().string();
        if (!each.is_directory(error) && !read_script_name(file) && !is_note(each.path()) &&
            names.size() < shown) {
            names += (names.empty() ? "" : ", ") + file;
        }
    }
    return names.empty() ? ""
                         : "none of its files has the name of a script (<version>_<description>.sql, "
                           "R_<description>.sql): " +
                               names + ". Rename them, for example to 0001_init.sql, or name another folder.";
}

} // namespace schemagate
