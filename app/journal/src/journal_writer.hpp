// The journal's thread: takes batches from the queue to the database.
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

#include "database/private_connection.hpp"
#include "journal_batch.hpp"
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
    void run();
    /// Returns when all of it is written, set aside or given up, and the database is not lost.
    void write(journal_batch::entries taken);
    void on_failure(database_error const& why);
    void on_lost(database_error const& why);
    void on_back();
    void log_failure(database_error const& why);

    journal_queue& queue_;
    std::shared_ptr<spdlog::logger> log_;
    journal_metrics const& metrics_;
    database_health* health_;
    std::stop_source stopping_;
    private_connection connection_;

    journal_batch at_hand_;
    bool asking_ = false;   ///< a statement is on its way, so that a loss may come after it
    unsigned failures_ = 0; ///< attempts in a row
    std::chrono::steady_clock::time_point logged_{};

    std::atomic<bool> lost_{false};
    std::thread thread_; // the last: uses the others
};

} // namespace app
