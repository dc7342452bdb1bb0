// A pipe is no fault: DATABASE_URL_FILE=<(…) of a shell is one. But opening a named pipe that nobody writes
// into blocks for ever, before the listener answers its first probe. So the file is opened without blocking,
// and what is no plain file has to end before a deadline.
#include "file_reading.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace schemagate {

namespace {

class open_file
{
public:
    explicit open_file(std::filesystem::path const& path)
        : descriptor_{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)}
    {}
    ~open_file()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

bool readable_before(int descriptor, std::chrono::steady_clock::time_point deadline)
{
    for (;;) {
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        auto asked = pollfd{descriptor, POLLIN, 0};
        auto const ready =
            ::poll(&asked, 1, static_cast<int>(std::max(left.count(), decltype(left.count()){0})));
        if (ready > 0)
            return (asked.revents & (POLLERR | POLLNVAL)) == 0;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

} // namespace

std::optional<std::string> read_all(std::filesystem::path const& path, std::size_t limit,
                                    std::chrono::milliseconds end_wait_max)
{
    auto const file = open_file{path};
    struct stat status
    {};
    if (file.descriptor() < 0 || ::fstat(file.descriptor(), &status) != 0)
        return std::nullopt;
    auto const plain = S_ISREG(status.st_mode);
    auto const deadline = std::chrono::steady_clock::now() + end_wait_max;

    auto result = std::string(limit + 1, '\0');
    auto size = std::size_t{0};
    auto const give_up = [&]() -> std::optional<std::string> {
        explicit_bzero(result.data(), size);
        return std::nullopt;
    };
    auto waited = false;
    while (size < result.size()) {
        auto const count = ::read(file.descriptor(), result.data() + size, result.size() - size);
        // A pipe that nobody has opened for writing yet reads as ended: only poll(2) tells that from one
        // whose writer has gone.
        if (count == 0 && (plain || size > 0 || waited))
            break;
        if (count > 0)
            size += static_cast<std::size_t>(count);
        else if (count < 0 && errno == EINTR)
            continue;
        else if ((count < 0 && (plain || errno != EAGAIN)) || !readable_before(file.descriptor(), deadline))
            return give_up(); // EISDIR of a folder, too
        waited = waited || count <= 0;
    }
    result.resize(size);
    return result;
}

} // namespace schemagate
