#include "cluster_folder.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "schemagate/testing/unprivileged.hpp"

namespace schemagate::testing {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto prefix = "schemagate-pg-";
constexpr auto lock_file = "in_use";
constexpr auto kept_file = "kept";
constexpr auto kept_for = 24h * 7;

int lock_of(fs::path const& folder, int flags)
{
    int const fd = open((folder / lock_file).c_str(), flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

bool older_than(fs::path const& path, std::chrono::hours age)
{
    std::error_code failed;
    auto const written = fs::last_write_time(path, failed);
    return !failed && fs::file_time_type::clock::now() - written > age;
}

/// Somebody started the server of a kept folder again. A pid alone would not tell: it may be another's by
/// now.
bool server_runs_in(fs::path const& folder)
{
    auto const data = folder / "data";
    std::error_code failed;
    auto const pid = std::strtol(file_text(data / "postmaster.pid").c_str(), nullptr, 10);
    return pid > 0 && fs::read_symlink("/proc/" + std::to_string(pid) + "/cwd", failed) == data;
}

void remove_abandoned()
{
    std::error_code failed;
    for (auto const& entry : fs::directory_iterator{"/tmp", failed}) {
        auto const& folder = entry.path();
        // A younger folder may be just in the making, and not locked yet.
        if (!folder.filename().string().starts_with(prefix) || !older_than(folder, 1h)) {
            continue;
        }
        if (fs::exists(folder / kept_file, failed) && !older_than(folder / kept_file, kept_for)) {
            continue;
        }
        // Fails for those of other accounts, and for those that are in use.
        if (int const lock = lock_of(folder, 0); lock >= 0) {
            if (!server_runs_in(folder)) {
                fs::remove_all(folder, failed);
            }
            close(lock);
        }
    }
}

} // namespace

cluster_folder::cluster_folder()
{
    remove_abandoned();
    std::string pattern = std::string{"/tmp/"} + prefix + "XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder in /tmp");
    }
    path_ = pattern;
    lock_ = lock_of(path_, O_CREAT);
    give_to_unprivileged(path_);
}

cluster_folder::~cluster_folder()
{
    if (!kept_) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    if (lock_ >= 0) {
        close(lock_);
    }
}

void cluster_folder::keep() noexcept
{
    try {
        std::ofstream{path_ / kept_file}
            << "The next test run that finds this older than a week removes it.\n";
        kept_ = true;
    }
    catch (std::exception const&) {
        // Nothing depends on it.
    }
}

std::string file_text(fs::path const& file)
{
    std::ifstream const in{file, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

} // namespace schemagate::testing
