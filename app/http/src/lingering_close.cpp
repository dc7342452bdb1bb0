#include "lingering_close.hpp"

#include <array>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <chrono>

namespace app {
namespace {

namespace asio = boost::asio;
using error = boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t size_max = std::size_t{256} * 1024;
constexpr std::chrono::seconds time_max{2};

class lingering : public std::enable_shared_from_this<lingering>
{
public:
    explicit lingering(client_socket socket) : socket_{std::move(socket)}, limit_{socket_.get_executor()} {}

    void start()
    {
        error ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        limit_.expires_after(time_max);
        limit_.async_wait([self = shared_from_this()](error) {
            error unimportant;
            self->socket_.close(unimportant);
        });
        read();
    }

private:
    void read()
    {
        socket_.async_read_some(asio::buffer(bytes_),
                                [self = shared_from_this()](error ec, std::size_t size) {
                                    self->size_ += size;
                                    if (ec || self->size_ > size_max) {
                                        self->limit_.cancel();
                                    }
                                    else {
                                        self->read();
                                    }
                                });
    }

    client_socket socket_;
    asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, client_socket::executor_type>
        limit_;
    std::array<char, 16'384> bytes_{};
    std::size_t size_ = 0;
};

} // namespace

void close_lingering(client_socket socket)
{
    std::make_shared<lingering>(std::move(socket))->start();
}

} // namespace app
