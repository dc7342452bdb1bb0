// Whether the database can be reached, as one fact for all requests: told to the gate and the log once when
// it changes, instead of once per request.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>

#include "database_metrics.hpp"
#include "schemagate/gate.hpp"

namespace app {

/// May be used from any thread. While the database is lost, requests are answered at once without trying it,
/// and only the watch asks whether it is back: a dead server gets no queue of waiting threads, and readiness
/// does not flap.
class database_health
{
public:
    /// `registry`, which may be null, gets the metrics of database_metrics.
    database_health(schemagate::gate& gate, std::shared_ptr<spdlog::logger> log,
                    std::shared_ptr<prometheus::Registry> registry = nullptr);

    [[nodiscard]] bool is_lost() const noexcept { return lost_.load(std::memory_order_acquire); }

    /// The gate has opened.
    void opened();
    /// A request's question failed.
    void failed(database_error::kind how) { metrics_.failed(how); }
    void lost(char const* detail);
    void works();

    /// Called when the database gets lost, on the thread that found out. Set it before requests come.
    void on_lost(std::function<void()> listener) { listener_ = std::move(listener); }

private:
    schemagate::gate& gate_;
    std::shared_ptr<spdlog::logger> log_;
    std::function<void()> listener_;
    database_metrics metrics_;
    std::mutex changing_;
    std::atomic<bool> lost_{false};
};

} // namespace app
