// Request after request, with a limit on every wait.
//
// Callbacks instead of coroutines: each step names the one that follows it, and g++ 12 frees the temporaries
// of some co_await expressions twice. All steps of a connection run on the one thread of its context.
#include "client_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "http/problem.hpp"
#include "http/request_id.hpp"
#include "lingering_close.hpp"
#include "pending_answer.hpp"
#include "wire_text.hpp"

namespace app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using error = boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::uint32_t header_size_max = 8 * 1024;
constexpr std::uint64_t body_size_max = std::uint64_t{64} * 1024 * 1024; // of any route

std::string human_size(std::uint64_t bytes)
{
    constexpr std::uint64_t mib = 1024 * 1024;
    return bytes % mib == 0 ? std::to_string(bytes / mib) + " MiB" : std::to_string(bytes / 1024) + " KiB";
}

class http_connection final : public connection, public std::enable_shared_from_this<http_connection>
{
public:
    http_connection(client_socket socket, std::shared_ptr<surroundings> around, bool probes_only)
        : stream_{std::move(socket)}, around_{std::move(around)}, probes_only_{probes_only}
    {
        wait_begins();
    }

    http_connection(http_connection const&) = delete;
    http_connection& operator=(http_connection const&) = delete;
    ~http_connection() override { around_->open.remove(this); }

    void start() { post(&http_connection::read_request); }
    void drain() override { post(&http_connection::close_if_idle); }
    void abort() override { post(&http_connection::close); }
    [[nodiscard]] std::int64_t waiting_since() const noexcept override { return waiting_since_; }

private:
    using step = void (http_connection::*)();

    void post(step next)
    {
        asio::post(stream_.get_executor(), [self = shared_from_this(), next] { ((*self).*next)(); });
    }

    // The handler of a read: on to the next step, unless it failed.
    auto then(step next)
    {
        return [self = shared_from_this(), next](error ec, std::size_t) {
            if (ec) {
                self->on_read_error(ec);
            }
            else {
                ((*self).*next)();
            }
        };
    }

    void wait_begins()
    {
        waiting_since_ =
            std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now().time_since_epoch())
                .count();
    }

    void read_request()
    {
        if (around_->open.draining()) {
            return close();
        }
        parser_.emplace();
        parser_->header_limit(header_size_max);
        parser_->body_limit(body_size_max);
        body_limit_ = body_size_max;
        if (buffer_.size() != 0) {
            return read_header(); // the client did not wait for our last answer
        }
        idle_ = true;
        wait_begins();
        stream_.expires_after(first_ ? around_->options.request_time : around_->options.idle_time);
        stream_.async_read_some(buffer_.prepare(4'096),
                                [self = shared_from_this()](error ec, std::size_t size) {
                                    self->idle_ = false;
                                    self->buffer_.commit(size);
                                    if (ec) {
                                        self->close();
                                    }
                                    else {
                                        self->read_header();
                                    }
                                });
    }

    void read_header()
    {
        first_ = false;
        asked_ = {};
        begun_ = steady_clock::now();
        // Mostly the whole header has come with the first bytes, and no timer is needed.
        error ec;
        auto const used = parser_->put(buffer_.data(), ec);
        buffer_.consume(used);
        if (!ec && parser_->is_header_done()) {
            return on_header();
        }
        if (ec && ec != http::error::need_more) {
            return on_read_error(ec);
        }
        stream_.expires_after(around_->options.request_time);
        http::async_read_header(stream_, buffer_, *parser_, then(&http_connection::on_header));
    }

    void take_header()
    {
        auto const field = [&message = parser_->get()](auto name) { return std::string{message[name]}; };
        asked_.method = std::string{parser_->get().method_string()};
        asked_.target = std::string{parser_->get().target()};
        asked_.id = request_id_of(parser_->get()["X-Request-Id"]);
        asked_.authorization = field(http::field::authorization);
        asked_.content_type = field(http::field::content_type);
        asked_.if_match = field(http::field::if_match);
        asked_.if_none_match = field(http::field::if_none_match);
        asked_.accept_encoding = field(http::field::accept_encoding);
        asked_.idempotency_key = field("Idempotency-Key");
        asked_.traceparent = field("traceparent");
    }

    void on_header()
    {
        take_header();
        // A small body mostly has come with the header, and needs no admission of its own.
        if (auto const length = parser_->content_length();
            length && *length != 0 && *length <= buffer_.size()) {
            error ec;
            buffer_.consume(parser_->put(buffer_.data(), ec));
            if (ec && ec != http::error::need_more) {
                return on_read_error(ec);
            }
        }
        // RFC 9112 §3.2: a request without Host, or with two, is not answered otherwise.
        if (auto const& message = parser_->get();
            message.version() >= 11 && message.count(http::field::host) != 1) {
            unread_ = !parser_->is_done();
            return send(answer_of(bad_request("HTTP/1.1 requires exactly one Host header."), asked_.id));
        }
        if (parser_->is_done() && !probes_only_) {
            return handle();
        }
        auto admitted = around_->application.admit(asked_);
        if (probes_only_ && !admitted.is_probe) {
            admitted.refused = answer_of(
                unavailable("too-many-connections", "All connections of this server are in use.", 2),
                asked_.id);
        }
        if (admitted.refused) {
            unread_ = !parser_->is_done();
            return send(std::move(*admitted.refused));
        }
        if (parser_->is_done()) {
            return handle();
        }
        body_limit_ = admitted.body_limit;
        if (auto const length = parser_->content_length(); length && *length > body_limit_) {
            unread_ = true;
            return send(too_large());
        }
        parser_->body_limit(body_limit_);
        if (parser_->get()[http::field::expect] == "100-continue") {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            stream_.expires_after(around_->options.request_time);
            return asio::async_write(stream_, asio::buffer(go_on), then(&http_connection::read_body));
        }
        read_body();
    }

    void read_body()
    {
        stream_.expires_after(around_->options.request_time);
        http::async_read(stream_, buffer_, *parser_, then(&http_connection::handle));
    }

    [[nodiscard]] answer too_large() const
    {
        auto const limit = human_size(body_limit_);
        return answer_of(
            {413, "content-too-large", "A request here may have " + limit + " of content at most."},
            asked_.id);
    }

    void on_read_error(error ec)
    {
        if (ec.category() != http::make_error_code(http::error::end_of_stream).category() ||
            ec == http::error::end_of_stream || ec == http::error::partial_message) {
            return close(); // the client left, or a limit of time was reached
        }
        unread_ = true;
        if (asked_.id.empty()) {
            asked_.id = request_id_of("");
        }
        if (ec == http::error::body_limit) {
            return send(too_large());
        }
        if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
            return send(
                answer_of({431, "header-too-large", "A request may have 8 KiB of header."}, asked_.id));
        }
        send(answer_of(bad_request("This is not HTTP/1.1 as RFC 9112 describes it."), asked_.id));
    }

    void handle()
    {
        stream_.expires_never();
        waiting_since_ = 0;
        ++around_->in_flight;
        asked_.body = std::move(parser_->get().body());
        pending_ = std::make_shared<pending_answer>(stream_.get_executor());
        pending_->ask(around_->application, asked_, around_->options.answer_time,
                      [self = shared_from_this()](answer a) {
                          --self->around_->in_flight;
                          self->send(std::move(a));
                      });
    }

    void send(answer a)
    {
        waiting_since_ = 0;
        if (around_->options.completed) {
            around_->options.completed({asked_, a, steady_clock::now() - begun_});
        }
        auto const& message = parser_->get();
        bool const keep_alive =
            message.keep_alive() && !unread_ && !probes_only_ && !around_->open.draining();
        wire_ = wire_text(std::move(a), asked_, message.version(), keep_alive);
        stream_.expires_after(around_->options.request_time);
        asio::async_write(stream_, asio::buffer(wire_),
                          [self = shared_from_this(), keep_alive](error ec, std::size_t) {
                              if (ec) {
                                  self->close();
                              }
                              else if (keep_alive) {
                                  self->read_request();
                              }
                              else {
                                  self->finish();
                              }
                          });
    }

    void finish()
    {
        if (unread_) {
            close_lingering(stream_.release_socket());
        }
        close();
    }

    void close_if_idle()
    {
        if (idle_) {
            close();
        }
    }

    void close()
    {
        if (pending_ && pending_->is_open()) {
            pending_->forget();
            --around_->in_flight;
        }
        stream_.close();
    }

    beast::basic_stream<asio::ip::tcp, asio::io_context::executor_type> stream_;
    std::shared_ptr<surroundings> around_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    request asked_;
    std::shared_ptr<pending_answer> pending_; // the newest one
    std::string wire_;                        // the answer that is being sent
    std::atomic<std::int64_t> waiting_since_{0};
    steady_clock::time_point begun_ = steady_clock::now();
    std::uint64_t body_limit_ = body_size_max;
    bool probes_only_;
    bool idle_ = true;    // waiting for a request of which nothing has come: nothing is lost by closing
    bool first_ = true;   // no request has come yet
    bool unread_ = false; // the client may still be sending what we will not read
};

} // namespace

void serve_connection(client_socket socket, std::shared_ptr<surroundings> around, bool probes_only)
{
    auto const one = std::make_shared<http_connection>(std::move(socket), around, probes_only);
    if (around->open.add(one)) {
        one->start();
    }
}

} // namespace app
