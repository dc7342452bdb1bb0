// systemd's end of NOTIFY_SOCKET: a datagram socket that remembers what it was told.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace support {

class notify_socket
{
public:
    /// `name` as NOTIFY_SOCKET holds it: a path, or "@…" in Linux's abstract namespace. Throws if it cannot
    /// be had.
    explicit notify_socket(std::string name);
    notify_socket(notify_socket const&) = delete;
    notify_socket& operator=(notify_socket const&) = delete;
    ~notify_socket();

    [[nodiscard]] std::string const& name() const noexcept { return name_; }
    /// Every line told so far, in order.
    [[nodiscard]] std::vector<std::string> const& told();
    [[nodiscard]] std::size_t count(std::string const& line);
    /// True once `line` has been told `times` times; false after the limit.
    [[nodiscard]] bool was_told(std::string const& line, std::size_t times = 1,
                                std::chrono::milliseconds limit = std::chrono::seconds{20});

private:
    std::string name_;
    int socket_;
    std::vector<std::string> lines_;
};

} // namespace support
