#include "journal_queue.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "execution/uuid_v7.hpp"

namespace app {
namespace {

using steady = std::chrono::steady_clock;

} // namespace

std::string journal_queue::key_of(std::string id)
{
    std::transform(id.begin(), id.end(), id.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c; });
    return id;
}

// With the nodes of the list and of the index.
std::size_t journal_queue::bytes_of(journal_entry const& entry) noexcept
{
    return sizeof(journal_entry) - sizeof(execution) + 96 + size_of(entry.row) +
           (entry.after ? size_of(entry.after->result) : 0);
}

// The lock is held.
void journal_queue::measure(journal_entry& entry)
{
    auto const now = bytes_of(entry);
    bytes_ += now - entry.bytes;
    waiting_bytes_ += entry.in_flight ? 0 : now - entry.bytes;
    entry.bytes = now;
}

journal_queue::journal_queue(journal_options const& options) : options_{options}
{
    by_id_.reserve(1UL << 15U); // to make it grow under the lock would take milliseconds
}

bool journal_queue::add(execution row, durable_listener then)
{
    if (!time_of_uuid_v7(row.id)) {
        throw std::invalid_argument("an execution's id is no UUID of version 7");
    }
    // All that allocates memory comes before the lock.
    entries made(1);
    auto& entry = made.front();
    entry.row = std::move(row);
    entry.row.id = key_of(std::move(entry.row.id));
    entry.then = std::move(then);
    entry.bytes = bytes_of(entry);
    entry.added = steady::now();
    index one;
    one.emplace(entry.row.id, made.begin());
    auto node = one.extract(one.begin());
    bool is_first = false;
    {
        std::lock_guard const lock{mutex_};
        if (closed_ || bytes_ + entry.bytes > options_.bytes_max) {
            return false;
        }
        bytes_ += entry.bytes;
        waiting_bytes_ += entry.bytes;
        durable_ += entry.then ? 1 : 0;
        waiting_.splice(waiting_.end(), made);
        by_id_.insert(std::move(node));
        // The writer looks again by itself once the first has waited for long enough.
        is_first = waiting_.size() == 1 || is_due(entry.added);
    }
    if (is_first) {
        changed_.notify_one();
    }
    return true;
}

bool journal_queue::is_due(steady::time_point at) const
{
    return !waiting_.empty() &&
           (hurrying_ || durable_ != 0 || waiting_.size() >= options_.batch_rows_max ||
            waiting_bytes_ >= options_.batch_bytes_max || waiting_.front().added + options_.interval <= at);
}

journal_queue::batch journal_queue::wait_for_batch()
{
    batch taken;
    taken.reserve(options_.batch_rows_max);
    std::unique_lock lock{mutex_};
    while (!woken_ && !is_due(steady::now())) {
        if (waiting_.empty()) {
            changed_.wait(lock);
        }
        else {
            changed_.wait_until(lock, waiting_.front().added + options_.interval);
        }
    }
    if (std::exchange(woken_, false)) {
        return taken;
    }
    std::size_t bytes = 0;
    auto end = waiting_.begin();
    while (end != waiting_.end() && taken.size() < options_.batch_rows_max &&
           (taken.empty() || bytes + end->bytes <= options_.batch_bytes_max)) {
        bytes += end->bytes;
        end->in_flight = true;
        durable_ -= end->then ? 1 : 0;
        taken.push_back(&*end);
        ++end;
    }
    waiting_bytes_ -= bytes;
    in_flight_.splice(in_flight_.end(), waiting_, waiting_.begin(), end);
    return taken;
}

journal::queue_depth journal_queue::depth() const
{
    std::lock_guard const lock{mutex_};
    return {waiting_.size() + in_flight_.size(), bytes_};
}

void journal_queue::wake()
{
    {
        std::lock_guard const lock{mutex_};
        woken_ = true;
    }
    changed_.notify_one();
}

void journal_queue::hurry(bool now_or_later)
{
    {
        std::lock_guard const lock{mutex_};
        hurrying_ = now_or_later;
    }
    changed_.notify_one();
}

void journal_queue::close()
{
    std::lock_guard const lock{mutex_};
    closed_ = true;
}

// The lock is held.
void journal_queue::remove(journal_entry const& entry, entries& into)
{
    auto const found = by_id_.find(entry.row.id);
    auto const at = found->second;
    by_id_.erase(found);
    bytes_ -= at->bytes;
    if (at->in_flight) {
        into.splice(into.end(), in_flight_, at);
    }
    else {
        waiting_bytes_ -= at->bytes;
        durable_ -= at->then ? 1 : 0;
        into.splice(into.end(), waiting_, at);
    }
    if (waiting_.empty() && in_flight_.empty()) {
        emptied_.notify_all();
    }
}

journal_queue::batch journal_queue::done(batch const& written)
{
    batch again;
    entries gone; // ends after the lock
    constexpr std::size_t few = 32;
    for (std::size_t from = 0; from < written.size(); from += few) {
        std::lock_guard const lock{mutex_};
        for (std::size_t i = from; i < std::min(from + few, written.size()); ++i) {
            if (written[i]->after_is_new) {
                again.push_back(written[i]);
            }
            else {
                remove(*written[i], gone);
            }
        }
    }
    return again;
}

void journal_queue::forget_prompt_id(journal_entry& entry)
{
    std::lock_guard const lock{mutex_};
    entry.row.prompt_id.reset();
}

void journal_queue::forget(batch const& gone)
{
    entries removed;
    std::lock_guard const lock{mutex_};
    for (auto const* const entry : gone) {
        remove(*entry, removed);
    }
}

journal_queue::entries journal_queue::take_durable()
{
    entries taken;
    std::lock_guard const lock{mutex_};
    for (auto at = waiting_.begin(); durable_ != 0 && at != waiting_.end();) {
        auto const here = at++;
        if (here->then) {
            remove(*here, taken);
        }
    }
    return taken;
}

journal_queue::entries journal_queue::take_all()
{
    entries taken;
    std::lock_guard const lock{mutex_};
    taken.splice(taken.end(), in_flight_);
    taken.splice(taken.end(), waiting_);
    by_id_.clear();
    bytes_ = 0;
    waiting_bytes_ = 0;
    durable_ = 0;
    emptied_.notify_all();
    return taken;
}

bool journal_queue::wait_until_empty(steady::time_point until)
{
    std::unique_lock lock{mutex_};
    return emptied_.wait_until(lock, until, [this] { return waiting_.empty() && in_flight_.empty(); });
}

} // namespace app
