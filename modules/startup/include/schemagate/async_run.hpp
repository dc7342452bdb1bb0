// Step 3 by itself, for those who own their threads and signals: the engine as an asynchronous operation.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "schemagate/migrator.hpp"

namespace schemagate {

/// What async_run() completes with: exactly one of the two is set.
using run_signature = void(std::exception_ptr, std::optional<boot_report>);

namespace detail {

/// The engine's thread. Whoever ends it joins it, unless that is the thread itself.
class engine_thread
{
public:
    using completion = std::function<void(std::exception_ptr, std::optional<boot_report>)>;

    engine_thread() = default;
    engine_thread(engine_thread const&) = delete;
    engine_thread& operator=(engine_thread const&) = delete;
    ~engine_thread();

    /// Runs the engine and calls `done` on the new thread, as its last act.
    void start(settings with, catalog const& shipped, std::shared_ptr<observer> listener, completion done);
    /// May be called from any thread.
    void stop() noexcept { stop_.request_stop(); }
    void join();

private:
    std::stop_source stop_;
    std::mutex starting_; // held until thread_ is assigned: `done` may be quicker
    std::thread thread_;
};

} // namespace detail

/// run() beside an executor: name look-ups block, so the engine has a thread of its own, and only
/// its outcome comes back to the handler's executor. A failure arrives as the exception_ptr.
///
/// Cancellation (any type) through the handler's slot cancels the statement, rolls back and completes with
/// failure{errc::interrupted}. `shipped` must outlive the operation.
template <class CompletionToken>
auto async_run(boost::asio::any_io_executor executor, settings with, catalog const& shipped,
               std::shared_ptr<observer> listener, CompletionToken&& token)
{
    namespace asio = boost::asio;
    // By value, and moved on below, which clang-tidy cannot see in a template.
    // NOLINTNEXTLINE(performance-unnecessary-value-param)
    auto initiation = [](auto handler, asio::any_io_executor on, settings given, catalog const* carried,
                         std::shared_ptr<observer> watching) {
        using handler_type = decltype(handler);
        auto const engine = std::make_shared<detail::engine_thread>();
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([engine](asio::cancellation_type) { engine->stop(); });
        }
        auto const held = std::make_shared<handler_type>(std::move(handler));
        auto const target = asio::get_associated_executor(*held, on);
        auto const work = std::make_shared<asio::executor_work_guard<std::decay_t<decltype(target)>>>(target);
        engine->start(
            std::move(given), *carried, std::move(watching),
            [held, target, work, engine](std::exception_ptr error, std::optional<boot_report> result) {
                asio::post(target, [held, work, engine, error, result] {
                    engine->join();
                    work->reset();
                    auto call = std::move(*held);
                    call(error, result);
                });
            });
    };
    return asio::async_initiate<CompletionToken, run_signature>(
        std::move(initiation), token, std::move(executor), std::move(with), &shipped, std::move(listener));
}

} // namespace schemagate
