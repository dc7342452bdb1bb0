#include "schemagate/postgres/wake.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace schemagate::postgres {

namespace {

struct event_descriptor
{
    event_descriptor() : fd{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}
    {
        if (fd < 0) {
            throw std::system_error{errno, std::generic_category(), "eventfd"};
        }
    }
    event_descriptor(event_descriptor const&) = delete;
    event_descriptor& operator=(event_descriptor const&) = delete;
    ~event_descriptor() { ::close(fd); }

    int const fd;
};

} // namespace

class wake::state
{
public:
    explicit state(std::stop_token const& stop) : signal_{stop, ring{event_.fd}} {}

    [[nodiscard]] int fd() const noexcept { return event_.fd; }

private:
    struct ring
    {
        int fd;
        void operator()() const noexcept
        {
            std::uint64_t const one = 1;
            [[maybe_unused]] auto const written = ::write(fd, &one, sizeof one);
        }
    };

    // In this order: a ring that is under way ends before its descriptor is closed, whose number may go to
    // another.
    event_descriptor event_;
    std::stop_callback<ring> signal_;
};

wake::wake(std::stop_token stop) : stop_{std::move(stop)}, state_{std::make_unique<state>(stop_)} {}

wake::~wake() = default;

void wake::check() const
{
    if (requested()) {
        throw stop_requested{};
    }
}

void wake::sleep(std::chrono::milliseconds time) const
{
    wait(-1, false, time);
}

bool wake::wait(int socket, bool for_write, std::chrono::milliseconds time) const
{
    auto const until = std::chrono::steady_clock::now() + time;
    for (;;) {
        check();
        auto const left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        auto const limit = static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
        std::array<pollfd, 2> fds{
            {{state_->fd(), POLLIN, 0}, {socket, static_cast<short>(for_write ? POLLOUT : POLLIN), 0}}};
        auto const ready = ::poll(fds.data(), socket < 0 ? 1 : 2, limit); // poll(2)
        if (ready < 0 && errno != EINTR) {
            throw std::system_error{errno, std::generic_category(), "poll"};
        }
        check();
        if (ready > 0 && fds[1].revents != 0) {
            return true;
        }
        if (ready == 0 && left <= 0) {
            return false;
        }
    }
}

} // namespace schemagate::postgres
