// The execution log's way to the database: a queue bounded in bytes, written in batches by a thread of its
// own.
//
// A batch is one COPY in a transaction of its own, on a connection that nobody else uses, so that neither a
// pool that is used up nor a slow query holds it up. While the database is lost the queue grows up to its
// bound and the writer tries again with jitter; a batch whose answer was lost is looked for by its ids before
// it is sent again, so that nothing is written twice. A row that the database refuses is found by halving the
// batch and set aside; what is only in the way (a lock, a deadlock, a time limit) is tried again.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <prometheus/registry.h>
#include <spdlog/logger.h>
#include <string>

#include "database/database_error.hpp"
#include "database/database_health.hpp"
#include "database/database_target.hpp"
#include "execution/execution.hpp"
#include "execution/outcome.hpp"

namespace app {

struct journal_options
{
    std::size_t bytes_max = 64UL << 20U;    ///< of all that is not written yet
    bool drop_when_full = false;            ///< else whoever adds is told `full`, and answers 503
    std::chrono::milliseconds interval{50}; ///< the longest that an execution waits for others
    std::size_t batch_rows_max = 500;
    std::size_t batch_bytes_max = 8UL << 20U;        ///< but for a single execution that is larger
    std::chrono::milliseconds statement_time{5'000}; ///< for a batch; then it is tried again
};

enum class adding
{
    accepted,
    full,    ///< not taken: answer 503 with Retry-After
    dropped, ///< not taken, counted, and not worth an error (drop_when_full)
};

enum class queued_merge
{
    merged,
    not_queued, ///< it is written, or never was here: ask execution_store::apply()
    conflict,
    full,
};

/// Called once, on the journal's thread, which it must not hold up: with nothing after COMMIT, else with why
/// not. `unknown`: it may be written or not.
using durable_listener = std::function<void(std::optional<database_error>)>;

/// Members may be called from any thread, but for stop() and the destructor, and never block but for flush()
/// and stop(); none throws but for std::invalid_argument where an execution's id is no UUID of version 7.
class journal
{
public:
    /// Starts its thread, which connects when there is something to write. `target`, and `health` unless it
    /// is null, outlive it. `registry`, which may be null, gets the metrics of journal_metrics.
    journal(database_target& target, journal_options options, std::shared_ptr<spdlog::logger> log,
            std::shared_ptr<prometheus::Registry> registry = nullptr, database_health* health = nullptr);
    journal(journal const&) = delete;
    journal& operator=(journal const&) = delete;
    /// stop().
    ~journal();

    adding add(execution e);

    /// Written as soon as the connection is free. While the database is lost, and where the queue is full,
    /// the listener is called before this returns.
    void add_durable(execution e, durable_listener then);

    /// Adds an outcome to an execution that is not written yet; to one that is being written, as soon as it
    /// is. Never lost between the two.
    queued_merge merge(std::string const& id, outcome const& reported);

    /// A copy of what is not written yet, outcome included.
    [[nodiscard]] std::optional<execution> find(std::string const& id) const;

    struct queue_depth
    {
        std::size_t rows = 0;
        std::size_t bytes = 0;
    };
    /// What is not written yet.
    [[nodiscard]] queue_depth depth() const;

    /// Writes what is queued without waiting for more, until nothing is left or `limit` is over; how many
    /// rows are left.
    std::size_t flush(std::chrono::milliseconds limit);

    /// Ends the thread, in the middle of a statement if need be; what is left is counted as dropped, and
    /// logged as a number. From then on everything is `full`.
    void stop();

private:
    class writer;
    std::unique_ptr<writer> writer_;
};

} // namespace app
