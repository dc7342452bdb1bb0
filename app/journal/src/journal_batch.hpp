// One batch on its way to the database, however many attempts it takes.
#pragma once

#include "execution/execution_store.hpp"
#include "journal_metrics.hpp"
#include "journal_queue.hpp"

namespace app {

/// The writer's thread alone uses it. Between attempts it remembers what is done, so that a loss in the
/// middle repeats nothing.
class journal_batch
{
public:
    using entries = journal_queue::batch;

    /// `schema`: database::schema(). The others outlive it.
    journal_batch(journal_queue& queue, std::string const& schema, spdlog::logger& log,
                  journal_metrics const& metrics);

    /// The next one, once this one is done.
    void take(entries taken);
    [[nodiscard]] bool is_done() const noexcept { return pending_.empty() && afters_.empty(); }

    /// Writes what is not written, then the outcomes that came meanwhile. A row that is refused is set aside.
    /// Throws database_error for all else.
    void attempt(database_connection& c);

    /// Gives up those that somebody waits for, and tells them why.
    void fail_durable(database_error const& why);

private:
    void insert_pending(database_connection& c);
    /// Takes those that are in the log out of pending_; how many.
    std::size_t settle_written(database_connection& c);
    /// A single row that is refused: to be written in another way, or set aside.
    void settle_refused(journal_entry& entry, database_error const& why);
    void settle(entries const& written);
    void apply_afters(database_connection& c);
    void apply(database_connection& c, entries const& some);
    void give_up_outcome(journal_entry const& entry, char const* why);

    journal_queue& queue_;
    execution_store store_;
    spdlog::logger& log_;
    journal_metrics const& metrics_;
    entries pending_;       ///< not written
    entries afters_;        ///< written, with an outcome that is not
    std::size_t piece_ = 0; ///< how many go into the next statement
    bool unsure_ = false;   ///< some of pending_ may be written: the answer was lost
};

} // namespace app
