// The answer to one request, which may come from any thread, too late, or never.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/handler.hpp"

namespace app {

/// ask() and forget() are called on the one thread of the executor's context.
class pending_answer : public std::enable_shared_from_this<pending_answer>
{
public:
    using executor = boost::asio::io_context::executor_type;

    explicit pending_answer(executor on) : executor_{on}, limit_{on} {}

    /// Calls `then` once, on the executor's thread: with the handler's answer, or after `limit` with a 503.
    void ask(handler const& application, request const& asked, std::chrono::milliseconds limit,
             std::function<void(answer)> then);

    /// Nobody waits any more: `then` is not called.
    void forget();

    [[nodiscard]] bool is_open() const noexcept { return static_cast<bool>(then_); }

private:
    void arrived(answer a);
    void settle(answer a);

    executor executor_;
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, executor>
        limit_;
    std::function<void(answer)> then_;
    std::optional<answer> early_; // that came while the handler still ran
    std::string request_id_;
    bool handling_ = false;
};

} // namespace app
