#include "cut_line.hpp"

#include <array>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace support {
namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

sockaddr* plain(sockaddr_in& address)
{
    return reinterpret_cast<sockaddr*>(&address);
}

bool send_all(int to, std::string const& bytes)
{
    for (std::size_t done = 0; done < bytes.size();) {
        auto const sent = ::send(to, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        done += static_cast<std::size_t>(sent);
    }
    return true;
}

// Empty: the other side has closed.
std::string receive(int from)
{
    std::array<char, 64UL << 10U> buffer{};
    auto const got = ::recv(from, buffer.data(), buffer.size(), 0);
    return got <= 0 ? std::string{} : std::string{buffer.data(), static_cast<std::size_t>(got)};
}

} // namespace

class cut_line::ends
{
public:
    ends(int accepted, int server_port) : near_{accepted}, far_{::socket(AF_INET, SOCK_STREAM, 0)}
    {
        auto address = loopback(server_port);
        open_ = ::connect(far_, plain(address), sizeof address) == 0;
        int const yes = 1;
        ::setsockopt(near_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        ::setsockopt(far_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    ends(ends const&) = delete;
    ends& operator=(ends const&) = delete;
    ~ends()
    {
        ::close(near_);
        ::close(far_);
    }

    [[nodiscard]] int near() const noexcept { return near_; }
    [[nodiscard]] int far() const noexcept { return far_; }
    [[nodiscard]] bool is_open() const noexcept { return open_; }
    void close() noexcept { open_ = false; }

private:
    int near_;
    int far_;
    bool open_ = false;
};

cut_line::cut_line(int server_port)
    : server_port_{server_port}, listener_{::socket(AF_INET, SOCK_STREAM, 0)}, port_{0}
{
    auto address = loopback(0);
    socklen_t length = sizeof address;
    if (::bind(listener_, plain(address), length) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, plain(address), &length) != 0) {
        throw std::runtime_error("no port to listen on");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread{[this] { run(); }};
}

cut_line::~cut_line()
{
    ending_ = true;
    thread_.join();
    ::close(listener_);
}

std::string cut_line::url(std::string const& of_server) const
{
    auto const old = ":" + std::to_string(server_port_) + "/";
    auto const at = of_server.find(old);
    if (at == std::string::npos) {
        throw std::runtime_error("the URL has no port of this line's server");
    }
    return std::string{of_server}.replace(at, old.size(), ":" + std::to_string(port_) + "/");
}

void cut_line::lose_answer_with(std::string text)
{
    std::lock_guard const lock{mutex_};
    lost_ = false;
    losing_ = std::move(text);
}

bool cut_line::is_to_be_lost(std::string const& bytes)
{
    std::lock_guard const lock{mutex_};
    if (losing_.empty() || bytes.find(losing_) == std::string::npos) {
        return false;
    }
    losing_.clear();
    return true;
}

void cut_line::freeze_at(std::string text)
{
    std::lock_guard const lock{mutex_};
    freezing_ = std::move(text);
}

void cut_line::freeze_before(std::string const& bytes)
{
    {
        std::lock_guard const lock{mutex_};
        if (!freezing_.empty() && bytes.find(freezing_) != std::string::npos) {
            freezing_.clear();
            frozen_ = true;
        }
    }
    while (frozen_ && !ending_) {
        ::usleep(5'000);
    }
}

void cut_line::run()
{
    std::vector<std::unique_ptr<ends>> all;
    while (!ending_) {
        if (frozen_) {
            ::usleep(5'000);
            continue;
        }
        std::vector<pollfd> waiting{{listener_, POLLIN, 0}};
        for (auto const& one : all) {
            waiting.push_back({one->near(), POLLIN, 0});
            waiting.push_back({one->far(), POLLIN, 0});
        }
        if (::poll(waiting.data(), waiting.size(), 20) <= 0 || frozen_) {
            continue;
        }
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto& one = *all[i];
            if (waiting[2 * i + 1].revents != 0) {
                auto const asked = receive(one.near());
                freeze_before(asked);
                if (asked.empty() || !send_all(one.far(), asked)) {
                    one.close();
                }
            }
            if (waiting[2 * i + 2].revents != 0) {
                auto const answered = receive(one.far());
                if (is_to_be_lost(answered)) {
                    one.close();
                    lost_ = true;
                }
                else if (answered.empty() || !send_all(one.near(), answered)) {
                    one.close();
                }
            }
        }
        std::erase_if(all, [](auto const& one) { return !one->is_open(); });
        if (waiting[0].revents != 0) {
            all.push_back(std::make_unique<ends>(::accept(listener_, nullptr, nullptr), server_port_));
        }
    }
}

} // namespace support
