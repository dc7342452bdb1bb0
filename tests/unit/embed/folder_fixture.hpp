// A folder of scripts that lives as long as a test.
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include "schemagate/script_folder.hpp"

namespace schemagate::test {

using list = std::vector<std::string>;

class temporary_folder
{
public:
    temporary_folder()
    {
        static std::atomic<int> count{0};
        path_ = std::filesystem::temp_directory_path() /
                ("schemagate_embed_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
        std::filesystem::create_directories(path_ / "migrations");
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    void write(std::filesystem::path const& name, std::string const& bytes) const
    {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream{path_ / name, std::ios::binary} << bytes;
    }

    [[nodiscard]] std::filesystem::path operator/(std::string const& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// What read_folder() makes of a folder with this one script.
inline folder_content reading(std::string const& bytes)
{
    temporary_folder folder;
    folder.write("migrations/0001_x.sql", bytes);
    return read_folder(folder / "migrations");
}

/// "0001_x.sql:3" of each problem.
inline list problems_of(folder_content const& content)
{
    list found;
    for (auto const& each : content.problems) {
        found.push_back(std::filesystem::path{each.file}.filename().string() + ":" +
                        std::to_string(each.line));
    }
    return found;
}

} // namespace schemagate::test
