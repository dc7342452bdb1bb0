// Request after request, with a limit on every wait.
//
// Callbacks instead of coroutines: each step names the one that follows it, and g++ 12 frees the temporaries
// of some co_await expressions twice. All steps of a connection run on its strand, one at a time. A request
// that needs the database is handed to a worker thread, and a timer sees to it that the client gets an answer
// even if that thread does not come back.
#include "http_connection.hpp"

#include <array>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <ctime>
#include <optional>

#include "database_question.hpp"
#include "problem.hpp"

namespace app {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using error = boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::uint32_t header_size_max = 8 * 1024;
constexpr std::uint64_t body_size_max = std::uint64_t{64} * 1024;
constexpr std::size_t discarded_size_max = std::size_t{256} * 1024;
constexpr std::chrono::seconds linger_time{2};

std::string http_date()
{
    auto const now = std::time(nullptr);
    std::tm parts{};
    std::array<char, 40> text{};
    ::gmtime_r(&now, &parts);
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text.data();
}

class http_connection final : public connection, public std::enable_shared_from_this<http_connection>
{
public:
    http_connection(asio::ip::tcp::socket socket, std::shared_ptr<surroundings> around)
        : stream_{std::move(socket)}, around_{std::move(around)}
    {}

    http_connection(http_connection const&) = delete;
    http_connection& operator=(http_connection const&) = delete;
    ~http_connection() override { around_->open.remove(this); }

    void start() { post(&http_connection::read_request); }
    void drain() override { post(&http_connection::close_if_idle); }
    void abort() override { post(&http_connection::close); }

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

    void read_request()
    {
        if (around_->open.draining()) {
            return close();
        }
        parser_.emplace();
        parser_->header_limit(header_size_max);
        parser_->body_limit(body_size_max);
        if (buffer_.size() != 0) {
            return read_header(); // the client did not wait for our last answer
        }
        idle_ = true;
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
        begun_ = steady_clock::now();
        stream_.expires_after(around_->options.request_time);
        http::async_read_header(stream_, buffer_, *parser_, then(&http_connection::read_body));
    }

    void read_body()
    {
        if (parser_->is_done()) {
            return handle();
        }
        // A client that waits for our word before it sends a body need not send it: no route takes one.
        if (parser_->get().find(http::field::expect) != parser_->get().end()) {
            unread_ = true;
            return handle();
        }
        stream_.expires_after(around_->options.request_time);
        http::async_read(stream_, buffer_, *parser_, then(&http_connection::handle));
    }

    void on_read_error(error ec)
    {
        if (ec.category() != http::make_error_code(http::error::end_of_stream).category() ||
            ec == http::error::end_of_stream || ec == http::error::partial_message) {
            return close(); // the client left, or a limit of time was reached
        }
        unread_ = true;
        if (ec == http::error::body_limit) {
            return send(problem(413, "content-too-large", "A request may have 64 KiB of content at most."));
        }
        if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
            return send(problem(431, "header-too-large", "A request may have 8 KiB of header at most."));
        }
        send(bad_request("This is not HTTP/1.1 as RFC 9112 describes it."));
    }

    void handle()
    {
        stream_.expires_never();
        auto const& message = parser_->get();
        request const asked{std::string{message.method_string()}, std::string{message.target()},
                            std::string{message[http::field::if_none_match]},
                            std::string{message[http::field::authorization]}};
        auto found = around_->routes.route(asked);
        if (auto* const ready = std::get_if<answer>(&found)) {
            return send(std::move(*ready));
        }
        question_ =
            std::make_shared<database_question>(stream_.get_executor(), around_->workers, around_->health);
        question_->ask(std::move(std::get<database_work>(found)), around_->options.answer_time,
                       [self = shared_from_this()](answer a) { self->send(std::move(a)); });
    }

    template <class Body>
    http::response<Body> response_to(http::request<http::string_body> const& asked, answer const& a) const
    {
        http::response<Body> out;
        out.result(static_cast<unsigned>(a.status));
        out.version(asked.version());
        out.keep_alive(asked.keep_alive() && !unread_ && !around_->open.draining());
        out.set(http::field::date, http_date());
        if (!a.body.empty()) {
            out.set(http::field::content_type, a.content_type);
        }
        for (auto const& [name, value] : a.headers) {
            out.set(name, value);
        }
        return out;
    }

    void send(answer a)
    {
        auto const& asked = parser_->get();
        around_->log->debug(
            "http method={} target={} status={} elapsed_ms={}", std::string_view{asked.method_string()},
            std::string_view{asked.target()}, a.status,
            std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begun_).count());
        if (asked.method() == http::verb::head || a.status == 304) {
            auto out = response_to<http::empty_body>(asked, a);
            if (a.status != 304) {
                out.content_length(a.body.size()); // what a GET would have got
            }
            return write(std::move(out));
        }
        auto out = response_to<http::string_body>(asked, a);
        out.body() = std::move(a.body);
        out.prepare_payload();
        write(std::move(out));
    }

    template <class Body>
    void write(http::response<Body> out)
    {
        bool const keep_alive = out.keep_alive();
        stream_.expires_after(around_->options.request_time);
        beast::async_write(stream_, http::message_generator{std::move(out)},
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

    // Closing while unread bytes lie in the socket resets the connection, and the reset may overtake our
    // answer: say that nothing more comes, and read on until the client has seen it.
    void finish()
    {
        if (!unread_) {
            return close();
        }
        idle_ = true;
        error ignored;
        stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        stream_.expires_after(linger_time);
        discard();
    }

    void discard()
    {
        buffer_.clear();
        stream_.async_read_some(buffer_.prepare(16'384),
                                [self = shared_from_this()](error ec, std::size_t size) {
                                    self->discarded_ += size;
                                    if (ec || self->discarded_ > discarded_size_max) {
                                        self->close();
                                    }
                                    else {
                                        self->discard();
                                    }
                                });
    }

    void close_if_idle()
    {
        if (idle_) {
            close();
        }
    }

    void close()
    {
        if (question_) {
            question_->forget();
        }
        stream_.close();
    }

    beast::tcp_stream stream_;
    std::shared_ptr<surroundings> around_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    std::shared_ptr<database_question> question_; // the newest one asked
    steady_clock::time_point begun_ = steady_clock::now();
    bool idle_ = true;    // waiting for a request of which nothing has come: nothing is lost by closing
    bool first_ = true;   // no request has come yet
    bool unread_ = false; // the client may still be sending what we will not read
    std::size_t discarded_ = 0;
};

} // namespace

void serve_connection(asio::ip::tcp::socket socket, std::shared_ptr<surroundings> around)
{
    auto const one = std::make_shared<http_connection>(std::move(socket), around);
    if (around->open.add(one)) {
        one->start();
    }
}

} // namespace app
