#include "cut_line.hpp"

#include <algorithm>
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
    void reset() noexcept
    {
        linger const at_once{1, 0};
        ::setsockopt(near_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::setsockopt(far_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        open_ = false;
    }

    /// How many bytes of `bytes` belong to the message that begins, or goes on, at its first one.
    std::size_t next_message(std::string_view bytes, bool& begins)
    {
        begins = owed_ == 0;
        if (begins) {
            // Before the login a length alone; then a letter first (PostgreSQL documentation, "55.7 Message
            // Formats").
            auto const letter = logged_in_ ? 1U : 0U;
            owed_ = letter + number_at(bytes, letter);
            logged_in_ = logged_in_ || number_at(bytes, 4) == protocol_3;
        }
        auto const here = std::min(owed_, bytes.size());
        owed_ -= here;
        return here;
    }

private:
    static constexpr std::size_t protocol_3 = 196608;
    static std::size_t number_at(std::string_view bytes, std::size_t at)
    {
        std::size_t value = 0;
        for (std::size_t i = at; i < at + 4 && i < bytes.size(); ++i) {
            value = value << 8U | static_cast<unsigned char>(bytes[i]);
        }
        return value;
    }

    int near_;
    int far_;
    bool open_ = false;
    bool logged_in_ = false;
    std::size_t owed_ = 0; ///< bytes of a message that are still to come
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

void cut_line::arm(line_fault fault)
{
    std::lock_guard const lock{mutex_};
    lost_ = false;
    messages_ = 0;
    fault_ = std::move(fault);
}

void cut_line::pass_on(ends& one, std::string const& asked)
{
    std::size_t passed = 0;
    while (passed < asked.size() && one.is_open()) {
        bool begins = false;
        auto const message =
            asked.substr(passed, one.next_message(std::string_view{asked}.substr(passed), begins));
        passed += message.size();
        std::unique_lock lock{mutex_};
        messages_ += begins ? 1 : 0;
        auto const now = begins && messages_ == fault_.at;
        lock.unlock();
        if (now) {
            strike(one, message);
        }
        else if (!send_all(one.far(), message)) {
            one.close();
        }
    }
}

void cut_line::strike(ends& one, std::string const& message)
{
    using way = line_fault::way;
    lost_ = true;
    auto const how = fault_.how;
    if (how == way::half) {
        send_all(one.far(), message.substr(0, message.size() / 2));
    }
    else if (fault_.after || how == way::lose_answer) {
        send_all(one.far(), message);
    }
    if (how == way::lose_answer) { // up to ReadyForQuery, or to what it asks of us: a password, COPY data
        std::string const ready{"Z\0\0\0\5", 5};
        std::string heard;
        do {
            pollfd waiting{one.far(), POLLIN, 0};
            heard = ::poll(&waiting, 1, 300) > 0 ? receive(one.far()) : std::string{};
        } while (!heard.empty() && (heard.size() < 6 || heard.compare(heard.size() - 6, 5, ready) != 0));
    }
    if (how == way::freeze) {
        ::usleep(300'000);
    }
    if (how == way::call) {
        fault_.action();
        if (!fault_.after && !send_all(one.far(), message)) {
            one.close();
        }
        return;
    }
    how == way::close ? one.close() : one.reset();
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
                if (asked.empty()) {
                    one.close();
                }
                pass_on(one, asked);
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
