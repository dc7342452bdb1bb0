// What is not written yet, in the order in which it came, and by id. Knows no database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "journal/journal.hpp"

namespace app {

/// One execution on its way. While it waits, only the queue touches it; while it is in flight, `row` does not
/// change, and `then` is the writer's.
struct journal_entry
{
    execution row;
    durable_listener then; ///< empty: nobody waits for it
    std::size_t bytes = 0;
    std::chrono::steady_clock::time_point added{};
    bool in_flight = false;

    /// What the row's outcome is to be after it was written: set by merge() while it is in flight.
    struct later
    {
        execution_status status;
        execution_result result;
    };
    std::optional<later> after{};
    bool after_is_new = false; ///< and nobody has taken it to the database
};

/// Members may be called from any thread. The lock is held for as long as it takes to move some pointers, but
/// for merge() and find(), which copy.
class journal_queue
{
public:
    using entries = std::list<journal_entry>;
    using batch = std::vector<journal_entry*>;

    explicit journal_queue(journal_options const& options);

    /// False: no room.
    bool add(execution row, durable_listener then);
    queued_merge merge(std::string const& id, outcome const& reported);
    [[nodiscard]] std::optional<execution> find(std::string const& id) const;
    [[nodiscard]] journal::queue_depth depth() const;

    /// Waits until a batch is due: the first of it has waited for long enough, it is full, somebody waits for
    /// one of it, or everything is to be written; or until wake() was called. Gives its entries, which are in
    /// flight from then on, until done().
    batch wait_for_batch();
    void wake();
    /// From now on nothing waits for others; false: again as before.
    void hurry(bool now);
    /// Nothing is added any more.
    void close();

    /// These are written. Those for which an outcome came meanwhile stay in flight, and are given back: once
    /// apply_after() of them has been written, they are done.
    batch done(batch const& written);
    /// The outcome to apply.
    [[nodiscard]] outcome take_after(journal_entry& entry);
    /// Of an entry in flight: find() may read it at the same time.
    void forget_prompt_id(journal_entry& entry);
    /// These are gone, for good.
    void forget(batch const& gone);
    /// Those that wait and for which somebody waits: taken out.
    entries take_durable();
    /// All that is left, in flight or not.
    entries take_all();

    /// Returns once nothing is left (true), or when the time is over.
    bool wait_until_empty(std::chrono::steady_clock::time_point until);

private:
    using index = std::unordered_map<std::string_view, entries::iterator>; // keys lie in the entries

    /// As new_uuid_v7() writes it; a client may write its letters large.
    [[nodiscard]] static std::string key_of(std::string id);
    [[nodiscard]] static std::size_t bytes_of(journal_entry const& entry) noexcept;
    void measure(journal_entry& entry);
    [[nodiscard]] bool is_due(std::chrono::steady_clock::time_point now) const;
    queued_merge merge_in_flight(journal_entry& entry, outcome const& reported);
    void remove(journal_entry const& entry, entries& into);

    journal_options const options_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::condition_variable emptied_;
    entries waiting_;
    entries in_flight_;
    index by_id_;
    std::size_t bytes_ = 0;
    std::size_t waiting_bytes_ = 0;
    std::size_t durable_ = 0; ///< of those that wait
    bool hurrying_ = false;
    bool woken_ = false;
    bool closed_ = false;
};

} // namespace app
