// Whether the database can be reached, as one fact for all requests: told to the log and to who listens once
// when it changes, instead of once per request.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <vector>

#include "database/database_metrics.hpp"

namespace app {

/// May be used from any thread. While the database is lost, requests are answered at once without trying it,
/// and only the watch asks whether it is back: a dead server gets no queue of waiting threads, and readiness
/// does not flap.
class database_health
{
public:
    /// `registry`, which may be null, gets the metrics of database_metrics.
    explicit database_health(std::shared_ptr<spdlog::logger> log,
                             std::shared_ptr<prometheus::Registry> registry = nullptr);

    [[nodiscard]] bool is_lost() const noexcept { return lost_.load(std::memory_order_acquire); }

    /// The gate has opened.
    void opened();
    /// A request's question failed.
    void failed(database_error::kind how) { metrics_.failed(how); }
    void lost(char const* detail);
    void works();

    /// Called with true when the database gets lost and with false when it is back, one call after the other,
    /// on the thread that found out; must not block, nor ask anything of this object. Set before requests
    /// come.
    void on_change(std::function<void(bool lost)> listener) { listeners_.push_back(std::move(listener)); }

private:
    void tell(bool lost) const;

    std::shared_ptr<spdlog::logger> log_;
    std::vector<std::function<void(bool)>> listeners_;
    database_metrics metrics_;
    std::mutex changing_;
    std::atomic<bool> lost_{false};
};

} // namespace app
