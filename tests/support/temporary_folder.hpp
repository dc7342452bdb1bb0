// A folder under /tmp that goes with its scope: short enough for a Unix socket inside it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace support {

class temporary_folder
{
public:
    explicit temporary_folder(std::string const& purpose = "test");
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder();

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

    /// Writes the bytes as they are; makes the folders on the way. Returns the file's path.
    std::filesystem::path write(std::filesystem::path const& name, std::string_view bytes) const;
    void remove(std::filesystem::path const& name) const;

private:
    std::filesystem::path path_;
};

/// The whole file; "" if it cannot be read.
[[nodiscard]] std::string content_of(std::filesystem::path const& file);

} // namespace support
