// The folder of a private PostgreSQL, and what becomes of those that nobody removed.
#pragma once

#include <filesystem>
#include <string>

namespace schemagate::testing {

/// Below /tmp, so that the path of a Unix socket inside it stays short (107 bytes at most). Removed at the
/// end of its scope. A lock on a file inside tells others that its process lives; making one removes the
/// folders of processes that were killed, and kept ones after seven days.
class cluster_folder
{
public:
    cluster_folder();
    cluster_folder(cluster_folder const&) = delete;
    cluster_folder& operator=(cluster_folder const&) = delete;
    ~cluster_folder();

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }
    [[nodiscard]] bool kept() const noexcept { return kept_; }
    void keep() noexcept;

private:
    std::filesystem::path path_;
    int lock_ = -1;
    bool kept_ = false;
};

/// The whole file; "" if it cannot be read.
[[nodiscard]] std::string file_text(std::filesystem::path const& file);

} // namespace schemagate::testing
