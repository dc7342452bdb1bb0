// Where requests get the snapshot from, and what keeps it fresh.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "snapshot/snapshot.hpp"

namespace app {

/// Loads snapshots on a thread of its own: when told that something may have changed, and once a second in
/// any case. An older result never replaces a newer one. All members may be called from any thread.
class snapshot_source
{
public:
    struct hooks
    {
        /// The snapshot now in the database; `known` if its counter is the same. Blocks; throws what it
        /// likes.
        std::function<std::shared_ptr<snapshot const>(std::shared_ptr<snapshot const> const& known)> load;
        /// The outcome of each load: nullptr, or why there is none. Called on the loading thread.
        std::function<void(std::exception const*)> loaded;
    };

    explicit snapshot_source(hooks use);
    snapshot_source(snapshot_source const&) = delete;
    snapshot_source& operator=(snapshot_source const&) = delete;
    /// Ends the thread; a load under way is waited for.
    ~snapshot_source();

    /// The newest one; nullptr before the first has been loaded. Never blocks.
    [[nodiscard]] std::shared_ptr<snapshot const> current() const noexcept
    {
        return current_.load(std::memory_order_acquire);
    }
    /// Since when nobody has confirmed that it is the newest.
    [[nodiscard]] std::chrono::steady_clock::duration age() const noexcept;

    void start();
    /// Something has changed: load soon.
    void changed();
    /// Waits until a load that began after this call has ended, `limit` at most: what the caller has
    /// committed is then served. False if it could not be loaded in time.
    bool refresh(std::chrono::milliseconds limit);
    void stop();

private:
    void run();
    bool load_once();

    hooks use_;
    std::atomic<std::shared_ptr<snapshot const>> current_;
    std::atomic<std::int64_t> confirmed_at_{0}; ///< steady clock, ns
    std::mutex mutex_;
    std::condition_variable wanted_;
    std::condition_variable done_;
    std::uint64_t asked_ = 0;  ///< loads that were asked for
    std::uint64_t begun_ = 0;  ///< up to which request the load under way, or the last one, knows
    std::uint64_t served_ = 0; ///< up to which request a load has succeeded
    std::uint64_t failed_ = 0; ///< up to which request a load has failed
    bool stopped_ = false;
    std::thread thread_;
};

} // namespace app
