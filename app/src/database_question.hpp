// One request's work on the database: done by a worker thread, answered on the connection's strand, and
// answered in time whether or not that thread comes back.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "answer.hpp"
#include "database/database_health.hpp"
#include "prompt_api.hpp"

namespace app {

/// ask() and forget() are called on `strand`, which must not run two handlers at once.
class database_question : public std::enable_shared_from_this<database_question>
{
public:
    using listener = std::function<void(answer)>;

    database_question(boost::asio::any_io_executor const& strand, boost::asio::thread_pool& workers,
                      database_health& health);

    /// Calls `then` once, on the strand: with the answer, or after `limit` with a 503. If a thread had begun
    /// the work by then, the database does not answer and is taken for lost.
    void ask(database_work work, std::chrono::milliseconds limit, listener then);

    /// Nobody waits any more: `then` is not called.
    void forget();

private:
    void settle(answer a);
    void on_limit();

    boost::asio::steady_timer limit_;
    boost::asio::thread_pool& workers_;
    database_health& health_;
    listener then_;
    std::atomic<bool> begun_{false};
    std::atomic<bool> settled_{false};
};

} // namespace app
