// The files that CMake has put into the program.
#pragma once

#include <string_view>
#include <vector>

namespace app {

struct page_file
{
    std::string_view name; ///< "index.html"
    std::string_view plain;
    std::string_view packed; ///< by gzip
};

[[nodiscard]] std::vector<page_file> page_files();

} // namespace app
