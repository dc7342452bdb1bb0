// The open connections, so that they can be counted, drained and ended together, and so that a slow one makes
// room.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace app {

/// `Connection` has drain() and abort(), and waiting_since(): when it began to wait for the request that it
/// is to answer next (0: it is answering one). All callable from any thread. May be used from any thread.
template <class Connection>
class connections
{
public:
    /// False once draining has begun.
    bool add(std::shared_ptr<Connection> const& one)
    {
        std::lock_guard const lock{mutex_};
        if (draining_) {
            return false;
        }
        all_.emplace(one.get(), one);
        return true;
    }

    void remove(Connection const* one)
    {
        std::lock_guard const lock{mutex_};
        all_.erase(one);
    }

    [[nodiscard]] std::size_t size() const
    {
        std::lock_guard const lock{mutex_};
        return all_.size();
    }

    [[nodiscard]] bool draining() const noexcept { return draining_; }

    void drain()
    {
        draining_ = true;
        for (auto const& one : alive()) {
            one->drain();
        }
    }

    void abort()
    {
        for (auto const& one : alive()) {
            one->abort();
        }
    }

    /// Ends the one that has waited longest for its client to finish a request. False if none waits.
    bool abort_slowest()
    {
        std::shared_ptr<Connection> slowest;
        std::int64_t since = 0;
        for (auto const& one : alive()) {
            auto const waiting = one->waiting_since();
            if (waiting != 0 && (slowest == nullptr || waiting < since)) {
                slowest = one;
                since = waiting;
            }
        }
        if (slowest == nullptr) {
            return false;
        }
        remove(slowest.get());
        slowest->abort();
        return true;
    }

private:
    std::vector<std::shared_ptr<Connection>> alive() const
    {
        std::vector<std::shared_ptr<Connection>> out;
        std::lock_guard const lock{mutex_};
        for (auto const& [key, one] : all_) {
            if (auto held = one.lock()) {
                out.push_back(std::move(held));
            }
        }
        return out;
    }

    mutable std::mutex mutex_;
    std::unordered_map<Connection const*, std::weak_ptr<Connection>> all_;
    std::atomic<bool> draining_{false};
};

} // namespace app
