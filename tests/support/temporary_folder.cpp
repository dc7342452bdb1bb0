#include "temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace support {

temporary_folder::temporary_folder(std::string const& purpose)
{
    std::string pattern = "/tmp/sg-" + purpose + "-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder in /tmp");
    }
    path_ = pattern;
}

temporary_folder::~temporary_folder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path temporary_folder::write(std::filesystem::path const& name, std::string_view bytes) const
{
    auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << bytes;
    return file;
}

void temporary_folder::remove(std::filesystem::path const& name) const
{
    std::filesystem::remove(path_ / name);
}

std::string content_of(std::filesystem::path const& file)
{
    std::ifstream const in{file, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

} // namespace support
