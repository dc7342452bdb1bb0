#include "http/server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>

#include "client_connection.hpp"
#include "exit_watchdog.hpp"
#include "listening_socket.hpp"
#include "thread_contexts.hpp"

namespace app {

namespace asio = boost::asio;
using asio::ip::tcp;
using error = boost::system::error_code;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

class server::listener : public std::enable_shared_from_this<listener>
{
public:
    listener(asio::io_context& io, handler const& application, server_options options,
             std::shared_ptr<spdlog::logger> log)
        : io_{io}, strand_{asio::make_strand(io)}, log_{log}, acceptor_{listen_on(strand_, options.host,
                                                                                  options.port)},
          signals_{strand_, SIGTERM, SIGINT}, pause_{strand_}, drain_{strand_}, threads_{options.threads - 1},
          around_{new surroundings{application, std::move(options), log}}
    {}

    void start()
    {
        asio::post(strand_, [self = shared_from_this()] { self->accept(); });
    }

    void end()
    {
        around_->open.drain();
        around_->open.abort();
        threads_.end();
    }

    [[nodiscard]] unsigned short port() const { return acceptor_.local_endpoint().port(); }
    [[nodiscard]] int in_flight() const noexcept { return around_->in_flight; }

    // The signals are caught from the start, so that none is lost between the boot, which answers them until
    // the gate opens, and us; waiting for them begins here.
    void end_on_signal(std::function<void()> stopping)
    {
        asio::post(strand_, [self = shared_from_this(), stopping = std::move(stopping)]() mutable {
            self->stopping_called_ = std::move(stopping);
            self->wait_for_signal();
        });
    }

private:
    // Contexts take turns: a connection stays with the thread that it was given to.
    void accept()
    {
        auto const turn = turn_++ % (threads_.size() + 1);
        auto& context = turn == 0 ? io_ : threads_.at(turn - 1);
        next_ = std::make_unique<client_socket>(context.get_executor());
        acceptor_.async_accept(
            *next_, [self = shared_from_this()](error ec) { self->on_accept(ec, std::move(*self->next_)); });
    }

    void on_accept(error ec, client_socket socket)
    {
        if (!acceptor_.is_open()) {
            return;
        }
        if (ec == asio::error::connection_aborted) {
            return accept(); // the client left while it was in the queue
        }
        if (ec) {
            // Mostly no file descriptor left. The client stays in the queue: at once again would be a busy
            // loop.
            warn("accept", ec.message());
            pause_.expires_after(100ms);
            pause_.async_wait([self = shared_from_this()](error stopped) {
                if (!stopped && self->acceptor_.is_open()) {
                    self->accept();
                }
            });
            return;
        }
        place(std::move(socket));
        accept();
    }

    void place(client_socket socket)
    {
        auto const& options = around_->options;
        auto const open = around_->open.size();
        bool probes_only = false;
        if (open >= options.connections_max) {
            warn("accept", "all connections are in use; the client that kept us waiting longest made room");
            probes_only = !around_->open.abort_slowest();
        }
        if (probes_only && open >= options.connections_max + options.probe_reserve) {
            return warn("accept", "too many connections; the new one was closed");
        }
        error ignored;
        socket.set_option(tcp::no_delay{true}, ignored);
        serve_connection(std::move(socket), around_, probes_only);
    }

    // At most once in ten seconds: what floods the listener must not flood the log.
    void warn(char const* step, std::string const& detail)
    {
        auto const now = steady_clock::now();
        if (now - warned_ >= 10s) {
            warned_ = now;
            log_->warn("http step={} outcome=failed detail=\"{}\"", step, detail);
        }
    }

    void wait_for_signal()
    {
        signals_.async_wait([self = shared_from_this()](error ec, int) {
            if (!ec) {
                self->on_signal();
            }
        });
    }

    void on_signal()
    {
        if (stopping_) {
            around_->open.abort();
            return;
        }
        stopping_ = true;
        log_->info("http step=stop outcome=started open={}", around_->open.size());
        watchdog_.arm(around_->options.end_time);
        if (stopping_called_) {
            stopping_called_();
        }
        error ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        wait_for_signal();
        around_->open.drain();
        drain_end_ = steady_clock::now() + around_->options.drain_time;
        wait_for_drain();
    }

    // Looks every few milliseconds instead of being told by the last connection, which may end on any path.
    void wait_for_drain()
    {
        bool const over = steady_clock::now() >= drain_end_;
        if (over) {
            around_->open.abort();
        }
        if (over || around_->open.size() == 0) {
            log_->info("http step=stop outcome=done cut_short={}", around_->open.size());
            signals_.cancel();
            return;
        }
        drain_.expires_after(10ms);
        drain_.async_wait([self = shared_from_this()](error ec) {
            if (!ec) {
                self->wait_for_drain();
            }
        });
    }

    // Ends last: it also watches over the end of the threads.
    exit_watchdog watchdog_;
    asio::io_context& io_;
    asio::strand<asio::io_context::executor_type> strand_;
    std::shared_ptr<spdlog::logger> log_;
    tcp::acceptor acceptor_;
    std::unique_ptr<client_socket> next_; // whose client has not come yet
    asio::signal_set signals_;
    asio::steady_timer pause_;
    asio::steady_timer drain_;
    thread_contexts threads_;
    std::shared_ptr<surroundings> around_;
    std::function<void()> stopping_called_;
    steady_clock::time_point warned_{};
    steady_clock::time_point drain_end_{};
    std::size_t turn_ = 0;
    bool stopping_ = false;
};

server::server(asio::io_context& io, handler const& application, server_options options,
               std::shared_ptr<spdlog::logger> log)
    : listener_{std::make_shared<listener>(io, application, std::move(options), std::move(log))}
{
    listener_->start();
}

server::~server()
{
    listener_->end();
}

unsigned short server::port() const
{
    return listener_->port();
}

int server::in_flight() const noexcept
{
    return listener_->in_flight();
}

void server::end_on_signal(std::function<void()> stopping)
{
    listener_->end_on_signal(std::move(stopping));
}

} // namespace app
