// HTTP/1.1 on a raw socket, for what a well-behaved client library would not send: half requests, two at
// once, bytes that are no HTTP. It keeps its connection, and reads while it sends, as an answer may come
// before the request ends.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http_get.hpp"

namespace support {

struct http_request
{
    std::string method = "GET";
    std::string target = "/";
    std::vector<std::pair<std::string, std::string>> headers{};
    std::optional<std::string> body{}; ///< with its Content-Length

    [[nodiscard]] std::string bytes() const;
};

/// A body in chunks of this size (RFC 9112 §7.1), with its last chunk.
[[nodiscard]] std::string chunked(std::string_view body, std::size_t size);

/// Not for two threads at once. Nothing throws for what the network does: an answer's status is 0 then.
class http_client
{
public:
    /// `limit` is for each wait: a connection, a piece sent, a piece received.
    explicit http_client(int port, std::chrono::milliseconds limit = std::chrono::seconds{15});
    http_client(http_client const&) = delete;
    http_client& operator=(http_client const&) = delete;
    ~http_client();

    /// Sends it and reads its answer, on the connection that is there; on a new one if the server has closed
    /// that.
    http_answer ask(http_request const& request);

    /// False if the server does not take them all. Ends early if an answer comes meanwhile.
    bool send(std::string_view bytes);
    /// Nothing more will be sent; answers can still be read.
    void end_sending() const;
    /// The next answer; `interim` counts the 1xx before it. `to_head`: an answer to HEAD, which has no
    /// content.
    http_answer read(bool to_head = false);
    [[nodiscard]] int interim() const noexcept { return interim_; }
    /// The server has closed the connection, or does so within the time.
    [[nodiscard]] bool is_closed(std::chrono::milliseconds within);
    void close();

private:
    bool connect();
    bool receive(std::chrono::milliseconds limit);

    int port_;
    std::chrono::milliseconds limit_;
    int fd_ = -1;
    bool ended_ = false; // by the server
    std::string received_;
    int interim_ = 0;
};

} // namespace support
