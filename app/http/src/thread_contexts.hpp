// Contexts with a thread each.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

namespace app {

// The contexts of the server beside the caller's, each with a thread.
class thread_contexts
{
public:
    explicit thread_contexts(int count)
    {
        for (int i = 0; i < count; ++i) {
            contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
            work_.emplace_back(contexts_.back()->get_executor());
        }
        for (auto& context : contexts_) {
            threads_.emplace_back([&context = *context] { context.run(); });
        }
    }
    thread_contexts(thread_contexts const&) = delete;
    thread_contexts& operator=(thread_contexts const&) = delete;
    ~thread_contexts() { end(); }

    [[nodiscard]] std::size_t size() const { return contexts_.size(); }
    [[nodiscard]] boost::asio::io_context& at(std::size_t i) { return *contexts_[i]; }

    /// Waits until the connections of these contexts are closed.
    void end()
    {
        work_.clear();
        for (auto& thread : threads_) {
            thread.join();
        }
        threads_.clear();
    }

private:
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts_;
    std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
    std::vector<std::thread> threads_;
};

} // namespace app
