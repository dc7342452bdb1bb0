// The journal's thread: takes batches from the queue to the database.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

#include "database/private_connection.hpp"
#include "execution/execution_store.hpp"
#include "journal_metrics.hpp"
#include "journal_queue.hpp"

namespace app {

class journal_writer
{
public:
    journal_writer(journal_queue& queue, database_target& target, journal_options const& options,
                   std::shared_ptr<spdlog::logger> log, journal_metrics const& metrics,
                   database_health* health);
    journal_writer(journal_writer const&) = delete;
    journal_writer& operator=(journal_writer const&) = delete;
    /// stop().
    ~journal_writer();

    /// From any thread: what waits for COMMIT now would wait in vain.
    [[nodiscard]] bool is_lost() const noexcept { return lost_.load(std::memory_order_acquire); }

    void stop();

private:
    using batch = journal_queue::batch;

    void run();
    /// Returns when all of it is written, set aside or given up, and the database is not lost.
    void write(batch taken);
    /// One attempt. Takes out of pending_ and afters_ what is done.
    void attempt(database_connection& c);
    void insert_pending(database_connection& c);
    /// Takes those that are in the log out of pending_; how many.
    std::size_t settle_written(database_connection& c);
    /// A single row that is refused: written in another way, or set aside.
    void settle_refused(journal_entry& entry, database_error const& why);
    void settle(batch const& written);
    void apply_afters(database_connection& c);
    void apply(database_connection& c, batch const& some);
    void give_up_outcome(journal_entry& entry, char const* why);

    void on_failure(database_error const& why);
    void on_lost(database_error const& why);
    void on_back();
    /// Those of pending_ that somebody waits for.
    void fail_durable(database_error const& why);
    void log_failure(database_error const& why);

    journal_queue& queue_;
    execution_store store_;
    std::shared_ptr<spdlog::logger> log_;
    journal_metrics const& metrics_;
    database_health* health_;
    std::stop_source stopping_;
    private_connection connection_;

    // Of the batch at hand; the thread's alone.
    batch pending_;            ///< not written
    batch afters_;             ///< written, with an outcome that is not
    std::size_t piece_ = 0;    ///< how many go into the next statement
    bool unsure_ = false;      ///< some of pending_ may be written: the answer was lost
    bool asking_ = false;      ///< a statement is under way, so that a loss is not known to be before it
    unsigned failures_ = 0;    ///< attempts in a row
    std::chrono::steady_clock::time_point logged_{};

    std::atomic<bool> lost_{false};
    std::thread thread_; // the last: uses the others
};

} // namespace app
