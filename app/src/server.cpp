#include "server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>

#include "database/database_watch.hpp"
#include "exit_watchdog.hpp"
#include "exposition.hpp"
#include "http_connection.hpp"
#include "prompt_api.hpp"
#include "router.hpp"
#include "schemagate/failure.hpp"

namespace app {

namespace asio = boost::asio;
using asio::ip::tcp;
using error = boost::system::error_code;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

schemagate::failure cannot_listen(server_options const& options, error ec)
{
    auto const where = options.host + ":" + std::to_string(options.port);
    std::string fix = "Set HOST to an address of this machine, 0.0.0.0 for all, and PORT to a free port.";
    if (ec == asio::error::address_in_use) {
        fix =
            "Stop the process that listens there (ss -ltnp shows it), or set PORT or --port to a free port.";
    }
    else if (ec == asio::error::access_denied) {
        fix = "Ports below 1024 need a privilege; set PORT or --port to a higher one.";
    }
    return {schemagate::errc::address_in_use, "cannot listen on " + where + ": " + ec.message() + ".", fix};
}

tcp::acceptor listen_on(asio::any_io_executor const& executor, server_options const& options)
{
    auto host = options.host;
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    error ec;
    tcp::endpoint endpoint{asio::ip::make_address(host, ec), options.port};
    if (ec) {
        tcp::resolver resolver{executor};
        auto const found = resolver.resolve(host, std::to_string(options.port), tcp::resolver::passive, ec);
        if (ec || found.empty()) {
            throw cannot_listen(options, ec);
        }
        endpoint = found.begin()->endpoint();
    }
    tcp::acceptor acceptor{executor};
    acceptor.open(endpoint.protocol(), ec);
    if (!ec) {
        acceptor.set_option(tcp::acceptor::reuse_address{true}, ec);
    }
    if (!ec && endpoint.protocol() == tcp::v6()) {
        acceptor.set_option(asio::ip::v6_only{false}, ec);
    }
    if (!ec) {
        acceptor.bind(endpoint, ec);
    }
    if (!ec) {
        acceptor.listen(tcp::acceptor::max_listen_connections, ec);
    }
    if (ec) {
        throw cannot_listen(options, ec);
    }
    return acceptor;
}

std::function<std::string()> metrics_text(std::shared_ptr<prometheus::Registry> registry)
{
    if (!registry) {
        return {};
    }
    return [registry = std::move(registry)] { return exposition(*registry); };
}

} // namespace

class server::listener : public std::enable_shared_from_this<listener>
{
public:
    // new: clang 14 cannot make_shared an aggregate, and this one cannot be moved.
    listener(asio::any_io_executor const& executor, schemagate::gate& gate, prompt_store& store,
             server_options options, std::shared_ptr<spdlog::logger> log)
        : executor_{executor}, strand_{asio::make_strand(executor)}, gate_{gate}, log_{log},
          acceptor_{listen_on(strand_, options)}, signals_{strand_, SIGTERM, SIGINT}, pause_{strand_},
          drain_{strand_}, workers_{store.connections()}, health_{log, options.registry},
          api_{store, health_, log}, router_{gate, api_, metrics_text(options.registry)},
          watch_{std::make_shared<database_watch>(
              strand_, workers_, [&store] { return store.is_standby(); }, health_)},
          around_{new surroundings{router_, health_, workers_, std::move(options), log}}
    {}

    void start()
    {
        health_.on_change([this, strand = strand_, watch = std::weak_ptr{watch_}](bool lost) {
            gate_.database_trouble(lost ? "database-unreachable" : "");
            if (!lost) {
                return;
            }
            asio::post(strand, [watch] {
                if (auto const alive = watch.lock()) {
                    alive->start();
                }
            });
        });
        watch_->on_answer([this](bool standby) { gate_.first_connection(standby); });
        // The signals are caught from the start, so that none is lost between the boot, which answers them
        // until the gate opens, and us; waiting for them begins when the gate has opened.
        gate_.on_open([strand = strand_, self = weak_from_this()] {
            asio::post(strand, [self] {
                if (auto const alive = self.lock()) {
                    alive->wait_for_signal();
                    alive->health_.opened();
                    if (alive->gate_.is_unchecked()) {
                        alive->watch_->look_now();
                    }
                }
            });
        });
        asio::post(strand_, [self = shared_from_this()] { self->accept(); });
    }

    /// No thread of ours runs after this.
    void end()
    {
        workers_.stop();
        workers_.join();
    }

    [[nodiscard]] unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    void accept()
    {
        acceptor_.async_accept(
            asio::make_strand(executor_),
            [self = shared_from_this()](error ec, auto socket) { self->on_accept(ec, std::move(socket)); });
    }

    void on_accept(error ec, tcp::socket socket)
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
        if (around_->open.size() >= around_->options.connections_max) {
            warn("accept", "too many connections; the new one was closed");
        }
        else {
            error ignored;
            socket.set_option(tcp::no_delay{true}, ignored);
            serve_connection(std::move(socket), around_);
        }
        accept();
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
        watchdog_.arm(around_->options.drain_time + 700ms);
        gate_.stopping();
        error ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        watch_->stop();
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

    // Ends last: it also watches over the end of the worker threads.
    exit_watchdog watchdog_;
    asio::any_io_executor executor_;
    asio::strand<asio::any_io_executor> strand_;
    schemagate::gate& gate_;
    std::shared_ptr<spdlog::logger> log_;
    tcp::acceptor acceptor_;
    asio::signal_set signals_;
    asio::steady_timer pause_;
    asio::steady_timer drain_;
    asio::thread_pool workers_;
    database_health health_;
    prompt_api api_;
    router router_;
    std::shared_ptr<database_watch> watch_;
    std::shared_ptr<surroundings> around_;
    steady_clock::time_point warned_{};
    steady_clock::time_point drain_end_{};
    bool stopping_ = false;
};

server::server(asio::any_io_executor executor, schemagate::gate& gate, prompt_store& store,
               server_options options, std::shared_ptr<spdlog::logger> log)
    : listener_{
          std::make_shared<listener>(std::move(executor), gate, store, std::move(options), std::move(log))}
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

} // namespace app
