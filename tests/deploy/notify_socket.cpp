#include "notify_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace support {

notify_socket::notify_socket(std::string name)
    : name_{std::move(name)}, socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)}
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket_ < 0 || name_.empty() || name_.size() >= sizeof address.sun_path) {
        throw std::runtime_error{"no socket " + name_};
    }
    std::memcpy(address.sun_path, name_.data(), name_.size());
    if (name_.front() == '@') {
        address.sun_path[0] = '\0';
    }
    auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) {
        throw std::runtime_error{"cannot bind " + name_ + ": " + std::strerror(errno)};
    }
}

notify_socket::~notify_socket()
{
    ::close(socket_);
}

std::vector<std::string> const& notify_socket::told()
{
    char buffer[4096];
    for (ssize_t size = 0; (size = ::recv(socket_, buffer, sizeof buffer, 0)) >= 0;) {
        std::istringstream text{std::string(buffer, static_cast<std::size_t>(size))};
        for (std::string line; std::getline(text, line);) {
            lines_.push_back(line);
        }
    }
    return lines_;
}

std::size_t notify_socket::count(std::string const& line)
{
    auto const& lines = told();
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), line));
}

bool notify_socket::was_told(std::string const& line, std::size_t times, std::chrono::milliseconds limit)
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (count(line) < times) {
        if (std::chrono::steady_clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
}

} // namespace support
