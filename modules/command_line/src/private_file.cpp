#include "private_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arguments.hpp"
#include "schemagate/failure.hpp"
#include "schemagate/safe_text.hpp"

namespace schemagate {
namespace {

[[noreturn]] void refuse(std::string const& path, int error)
{
    auto const why = std::string{std::strerror(error)}; // NOLINT(concurrency-mt-unsafe)
    if (error == ENOSPC || error == EDQUOT || error == EFBIG || error == EIO) {
        throw failure{errc::disk_full, "--out " + printable(path) + " cannot be written: " + why + ".",
                      "Nothing was changed. Make room, and run it again."};
    }
    throw usage_error{"--out " + printable(path) + " cannot be written: " + why + "."};
}

class descriptor
{
public:
    explicit descriptor(int number) : number_{number} {}
    ~descriptor()
    {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

void refuse_unless_plain(int folder, std::string const& name, std::string const& path)
{
    struct stat there
    {};
    if (::fstatat(folder, name.c_str(), &there, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT) {
            refuse(path, errno);
        }
        return;
    }
    if (S_ISREG(there.st_mode)) {
        return;
    }
    auto const* const what = S_ISLNK(there.st_mode)    ? "a symbolic link"
                             : S_ISDIR(there.st_mode)  ? "a folder"
                             : S_ISFIFO(there.st_mode) ? "a pipe"
                                                       : "no plain file";
    throw usage_error{"--out " + printable(path) + " is " + what +
                      ". Name a file itself, or leave --out away and write stdout on."};
}

std::string unused_name(std::string const& name)
{
    unsigned long long number = 0;
    if (::getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) {
        number = static_cast<unsigned long long>(::getpid());
    }
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", number);
    return '.' + name.substr(0, 200) + '.' + text; // a name has at most 255 bytes
}

/// Returns 0 or errno.
int write_and_sync(int file, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return written == 0 ? EIO : errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file) == 0 ? 0 : errno;
}

constexpr mode_t mode_private = S_IRUSR | S_IWUSR;
constexpr mode_t mode_plain = mode_private | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH;

void write_file(std::string const& path, std::string_view bytes, mode_t mode)
{
    std::filesystem::path const whole{path};
    auto const name = whole.filename().string();
    if (name.empty() || name == "." || name == "..") {
        throw usage_error{"--out names a folder. Name a file in it."};
    }
    auto const parent = whole.parent_path().empty() ? std::string{"."} : whole.parent_path().string();
    descriptor const folder{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.number() < 0) {
        refuse(path, errno);
    }
    refuse_unless_plain(folder.number(), name, path);

    auto const beside = unused_name(name);
    descriptor const file{::openat(folder.number(), beside.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (file.number() < 0) {
        refuse(path, errno);
    }
    // Whatever the umask took away from the owner.
    auto error = mode == mode_private && ::fchmod(file.number(), mode) != 0
                     ? errno
                     : write_and_sync(file.number(), bytes);
    if (error == 0 && ::renameat(folder.number(), beside.c_str(), folder.number(), name.c_str()) != 0) {
        error = errno;
    }
    if (error != 0) {
        ::unlinkat(folder.number(), beside.c_str(), 0);
        refuse(path, error);
    }
    ::fsync(folder.number()); // the name; some file systems cannot, and keep it all the same
}

} // namespace

void write_private_file(std::string const& path, std::string_view bytes)
{
    write_file(path, bytes, mode_private);
}

void write_plain_file(std::string const& path, std::string_view bytes)
{
    write_file(path, bytes, mode_plain);
}

} // namespace schemagate
