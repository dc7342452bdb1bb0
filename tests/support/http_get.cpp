#include "http_get.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {
namespace {

class loopback_socket
{
public:
    loopback_socket() : fd_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {}
    loopback_socket(loopback_socket const&) = delete;
    loopback_socket& operator=(loopback_socket const&) = delete;
    ~loopback_socket() { close(fd_); }
    [[nodiscard]] int fd() const { return fd_; }

    [[nodiscard]] static sockaddr_in address(int port)
    {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_port = htons(static_cast<std::uint16_t>(port));
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return at;
    }

private:
    int fd_;
};

http_answer parsed(std::string const& text)
{
    http_answer answer;
    auto const end = text.find("\r\n\r\n");
    if (end == std::string::npos || text.rfind("HTTP/1.", 0) != 0) {
        return answer;
    }
    std::istringstream head{text.substr(0, end)};
    std::string line;
    std::getline(head, line);
    answer.status = std::stoi(line.substr(9, 3));
    while (std::getline(head, line)) {
        auto const colon = line.find(':');
        auto name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        auto const begin = line.find_first_not_of(' ', colon + 1);
        auto const last = line.find_last_not_of("\r ");
        answer.headers[name] = begin == std::string::npos ? "" : line.substr(begin, last - begin + 1);
    }
    answer.body = text.substr(end + 4);
    return answer;
}

} // namespace

http_answer http_get(int port, std::string const& target, std::chrono::milliseconds limit,
                     std::string const& authorization)
{
    loopback_socket const peer;
    timeval const patience{limit.count() / 1000, (limit.count() % 1000) * 1000};
    setsockopt(peer.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(peer.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    auto const at = loopback_socket::address(port);
    if (connect(peer.fd(), reinterpret_cast<sockaddr const*>(&at), sizeof at) != 0) {
        return {};
    }
    auto const request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                         (authorization.empty() ? "" : "Authorization: " + authorization + "\r\n") + "\r\n";
    if (send(peer.fd(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
        return {};
    }
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        auto const size = recv(peer.fd(), buffer.data(), buffer.size(), 0);
        if (size <= 0) {
            return parsed(text);
        }
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
}

http_answer wait_for(int port, std::string const& target, int status, std::chrono::milliseconds limit)
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        auto answer = http_get(port, target);
        if (answer.status == status || std::chrono::steady_clock::now() > deadline) {
            return answer;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
}

} // namespace support
