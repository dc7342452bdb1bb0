// The open connections, so that they can be counted, drained and ended together.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace app {

/// `Connection` has drain() and abort(), both callable from any thread. May be used from any thread.
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
