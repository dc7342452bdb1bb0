#include "snapshot/snapshot_source.hpp"

namespace app {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto poll_interval = 1s;

std::int64_t now_ns()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(steady_clock::now().time_since_epoch())
        .count();
}

} // namespace

snapshot_source::snapshot_source(hooks use) : use_{std::move(use)} {}

snapshot_source::~snapshot_source()
{
    stop();
}

steady_clock::duration snapshot_source::age() const noexcept
{
    return std::chrono::duration_cast<steady_clock::duration>(
        std::chrono::nanoseconds{now_ns() - confirmed_at_});
}

void snapshot_source::start()
{
    std::lock_guard const lock{mutex_};
    if (!thread_.joinable() && !stopped_) {
        ++asked_;
        thread_ = std::thread{[this] { run(); }};
    }
}

void snapshot_source::changed()
{
    {
        std::lock_guard const lock{mutex_};
        ++asked_;
    }
    wanted_.notify_one();
}

bool snapshot_source::refresh(std::chrono::milliseconds limit)
{
    std::unique_lock lock{mutex_};
    auto const mine = ++asked_;
    wanted_.notify_one();
    done_.wait_for(lock, limit, [&] { return served_ >= mine || failed_ >= mine || stopped_; });
    return served_ >= mine;
}

void snapshot_source::stop()
{
    {
        std::lock_guard const lock{mutex_};
        stopped_ = true;
    }
    wanted_.notify_all();
    done_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void snapshot_source::run()
{
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            wanted_.wait_for(lock, poll_interval, [this] { return stopped_ || asked_ > begun_; });
            if (stopped_) {
                return;
            }
            begun_ = asked_;
        }
        bool const good = load_once();
        {
            std::lock_guard const lock{mutex_};
            (good ? served_ : failed_) = begun_;
        }
        done_.notify_all();
    }
}

bool snapshot_source::load_once()
{
    auto const began = now_ns();
    try {
        auto const known = current_.load();
        auto made = use_.load(known);
        if (made != known) {
            current_.store(std::move(made), std::memory_order_release);
        }
        confirmed_at_ = began;
        use_.loaded(nullptr);
        return true;
    }
    catch (std::exception const& e) {
        use_.loaded(&e);
        return false;
    }
}

} // namespace app
