#include "delayed_line.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <deque>
#include <string>
#include <thread>

namespace bench {
namespace {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;
using steady = std::chrono::steady_clock;

// The bytes of one direction that are on their way.
struct direction
{
    explicit direction(asio::io_context& io) : arrival{io, steady::time_point::max()} {}

    struct part
    {
        steady::time_point due;
        std::string bytes; ///< empty: the sender has closed
    };
    std::deque<part> parts;
    asio::steady_timer arrival; ///< cancelled when there is something new
};

struct pair_of_ends
{
    explicit pair_of_ends(asio::io_context& io) : near{io}, far{io}, there{io}, back{io} {}
    tcp::socket near;
    tcp::socket far;
    direction there;
    direction back;
};

using shared_ends = std::shared_ptr<pair_of_ends>;

asio::awaitable<void> take_in(shared_ends keep, tcp::socket& from, direction& way,
                              std::chrono::milliseconds one_way)
{
    std::array<char, 64UL << 10U> buffer{};
    boost::system::error_code error;
    while (!error) {
        auto const size =
            co_await from.async_read_some(asio::buffer(buffer), asio::redirect_error(use_awaitable, error));
        way.parts.push_back({steady::now() + one_way, error ? "" : std::string{buffer.data(), size}});
        way.arrival.cancel();
    }
    static_cast<void>(keep);
}

asio::awaitable<void> hand_out(shared_ends keep, tcp::socket& to, direction& way)
{
    boost::system::error_code error;
    for (auto closed = false; !closed && !error;) {
        if (way.parts.empty()) {
            way.arrival.expires_at(steady::time_point::max());
            boost::system::error_code woken;
            co_await way.arrival.async_wait(asio::redirect_error(use_awaitable, woken));
            continue;
        }
        auto const part = std::move(way.parts.front());
        way.parts.pop_front();
        asio::steady_timer due{to.get_executor(), part.due};
        co_await due.async_wait(use_awaitable);
        closed = part.bytes.empty();
        co_await asio::async_write(to, asio::buffer(part.bytes), asio::redirect_error(use_awaitable, error));
    }
    to.close(error);
    static_cast<void>(keep);
}

asio::awaitable<void> listen(asio::io_context& io, tcp::acceptor& acceptor, tcp::endpoint server,
                             std::chrono::milliseconds one_way)
{
    for (;;) {
        auto const ends = std::make_shared<pair_of_ends>(io);
        co_await acceptor.async_accept(ends->near, use_awaitable);
        co_await ends->far.async_connect(server, use_awaitable);
        ends->near.set_option(tcp::no_delay{true});
        ends->far.set_option(tcp::no_delay{true});
        asio::co_spawn(io, take_in(ends, ends->near, ends->there, one_way), asio::detached);
        asio::co_spawn(io, hand_out(ends, ends->far, ends->there), asio::detached);
        asio::co_spawn(io, take_in(ends, ends->far, ends->back, one_way), asio::detached);
        asio::co_spawn(io, hand_out(ends, ends->near, ends->back), asio::detached);
    }
}

tcp::endpoint on_loopback(int port)
{
    return {asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(port)};
}

} // namespace

class delayed_line::state
{
public:
    state(int server_port, std::chrono::milliseconds one_way) : acceptor_{io_, on_loopback(0)}
    {
        asio::co_spawn(io_, listen(io_, acceptor_, on_loopback(server_port), one_way), asio::detached);
        thread_ = std::thread{[this] { io_.run(); }};
    }
    ~state()
    {
        io_.stop();
        thread_.join();
    }

    [[nodiscard]] int port() const { return acceptor_.local_endpoint().port(); }

private:
    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

delayed_line::delayed_line(int server_port, std::chrono::milliseconds one_way)
    : state_{std::make_unique<state>(server_port, one_way)}, port_{state_->port()}
{}

delayed_line::~delayed_line() = default;

} // namespace bench
