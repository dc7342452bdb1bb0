#include "http_client.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <sstream>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {
namespace {

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

http_answer head_of(std::string const& text)
{
    http_answer answer;
    if (text.rfind("HTTP/1.", 0) != 0 || text.size() < 12) {
        return answer;
    }
    answer.status = std::atoi(text.substr(9, 3).c_str());
    std::istringstream head{text};
    std::string line;
    std::getline(head, line);
    while (std::getline(head, line)) {
        auto const colon = line.find(':');
        if (colon == std::string::npos) {
            continue;
        }
        auto const begin = line.find_first_not_of(' ', colon + 1);
        auto const last = line.find_last_not_of("\r ");
        answer.headers[lower(line.substr(0, colon))] =
            begin == std::string::npos || last < begin ? "" : line.substr(begin, last - begin + 1);
    }
    return answer;
}

} // namespace

std::string http_request::bytes() const
{
    auto text = method + ' ' + target + " HTTP/1.1\r\n";
    bool has_host = false;
    for (auto const& [name, value] : headers) {
        text.append(name).append(": ").append(value).append("\r\n");
        has_host = has_host || lower(name) == "host";
    }
    if (!has_host) {
        text.append("Host: localhost\r\n");
    }
    if (body) {
        text.append("Content-Length: ").append(std::to_string(body->size())).append("\r\n\r\n").append(*body);
    }
    else {
        text.append("\r\n");
    }
    return text;
}

std::string chunked(std::string_view body, std::size_t size)
{
    std::string out;
    for (std::size_t at = 0; at < body.size(); at += size) {
        auto const piece = body.substr(at, size);
        std::array<char, 20> length{};
        std::snprintf(length.data(), length.size(), "%zx\r\n", piece.size());
        out.append(length.data()).append(piece).append("\r\n");
    }
    return out.append("0\r\n\r\n");
}

http_client::http_client(int port, std::chrono::milliseconds limit) : port_{port}, limit_{limit} {}

http_client::~http_client()
{
    close();
}

void http_client::close()
{
    if (fd_ >= 0) {
        ::close(fd_);
    }
    fd_ = -1;
    ended_ = false;
    received_.clear();
}

bool http_client::connect()
{
    if (fd_ >= 0) {
        return true;
    }
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port_));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<sockaddr const*>(&at), sizeof at) != 0) {
        close();
        return false;
    }
    int const on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    return true;
}

// Something came, or the end. False: neither within the time.
bool http_client::receive(std::chrono::milliseconds limit)
{
    if (ended_ || fd_ < 0) {
        return false;
    }
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(limit.count())) <= 0) {
        return false;
    }
    std::array<char, 65'536> buffer{};
    auto const size = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (size <= 0) {
        ended_ = true;
    }
    else {
        received_.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return true;
}

bool http_client::send(std::string_view bytes)
{
    if (!connect()) {
        return false;
    }
    while (!bytes.empty()) {
        pollfd wait{fd_, POLLIN | POLLOUT, 0};
        if (::poll(&wait, 1, static_cast<int>(limit_.count())) <= 0) {
            return false;
        }
        if ((wait.revents & POLLIN) != 0) {
            receive(std::chrono::milliseconds{0});
            if (ended_ || received_.rfind("HTTP/1.1 4", 0) == 0) {
                return false;
            }
            continue;
        }
        auto const size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (size < 0) {
            receive(std::chrono::milliseconds{0});
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

void http_client::end_sending() const
{
    ::shutdown(fd_, SHUT_WR);
}

http_answer http_client::read(bool to_head)
{
    interim_ = 0;
    for (;;) {
        auto end = received_.find("\r\n\r\n");
        while (end == std::string::npos) {
            if (!receive(limit_) || ended_) {
                return {};
            }
            end = received_.find("\r\n\r\n");
        }
        auto answer = head_of(received_.substr(0, end + 2));
        received_.erase(0, end + 4);
        if (answer.status >= 100 && answer.status < 200) {
            ++interim_;
            continue;
        }
        if (to_head || answer.status == 204 || answer.status == 304) {
            return answer;
        }
        auto const length = answer.headers.find("content-length");
        if (length == answer.headers.end()) {
            return {}; // the service always says it
        }
        auto const size = std::strtoull(length->second.c_str(), nullptr, 10);
        while (received_.size() < size) {
            if (!receive(limit_) || (ended_ && received_.size() < size)) {
                return {};
            }
        }
        answer.body = received_.substr(0, size);
        received_.erase(0, size);
        if (answer.headers["connection"] == "close") {
            close();
        }
        return answer;
    }
}

http_answer http_client::ask(http_request const& request)
{
    if (fd_ >= 0 && (ended_ || is_closed(std::chrono::milliseconds{0}))) {
        close();
    }
    send(request.bytes());
    return read(request.method == "HEAD");
}

bool http_client::is_closed(std::chrono::milliseconds within)
{
    auto const deadline = std::chrono::steady_clock::now() + within;
    for (;;) {
        if (ended_ || fd_ < 0) {
            return true;
        }
        auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (!receive(std::max(left, std::chrono::milliseconds{0}))) {
            return false;
        }
    }
}

} // namespace support
