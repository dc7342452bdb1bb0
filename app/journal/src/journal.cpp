#include "journal/journal.hpp"

#include <utility>

#include "journal_metrics.hpp"
#include "journal_queue.hpp"
#include "journal_writer.hpp"

namespace app {

class journal::writer
{
public:
    writer(database_target& target, journal_options options, std::shared_ptr<spdlog::logger> log,
           std::shared_ptr<prometheus::Registry> registry, database_health* health)
        : options_{options}, log_{log}, health_{health}, metrics_{std::move(registry), options.bytes_max},
          queue_{options}, thread_{queue_, target, options_, std::move(log), metrics_, health}
    {}

    adding add(execution e)
    {
        if (queue_.add(std::move(e), nullptr)) {
            return adding::accepted;
        }
        if (options_.drop_when_full) {
            metrics_.dropped(1);
            return adding::dropped;
        }
        metrics_.refused();
        return adding::full;
    }

    void add_durable(execution e, durable_listener then)
    {
        if (thread_.is_lost() || (health_ != nullptr && health_->is_lost())) {
            then(database_error{database_error::kind::lost, "the database is lost"});
        }
        else if (!queue_.add(std::move(e), then)) {
            metrics_.refused();
            then(database_error{database_error::kind::busy, "the queue of executions is full"});
        }
    }

    void stop()
    {
        queue_.close();
        thread_.stop();
        auto const left = queue_.take_all();
        for (auto const& entry : left) {
            if (entry.then) {
                entry.then(database_error{database_error::kind::unknown, "the service is stopping"});
            }
        }
        if (!left.empty()) {
            metrics_.dropped(left.size());
            log_->error("journal outcome=dropped rows={}", left.size());
        }
    }

    [[nodiscard]] journal_queue& queue() noexcept { return queue_; }

private:
    journal_options options_;
    std::shared_ptr<spdlog::logger> log_;
    database_health* health_;
    journal_metrics metrics_;
    journal_queue queue_;
    journal_writer thread_; // the last: uses the others
};

journal::journal(database_target& target, journal_options options, std::shared_ptr<spdlog::logger> log,
                 std::shared_ptr<prometheus::Registry> registry, database_health* health)
    : writer_{std::make_unique<writer>(target, options, std::move(log), std::move(registry), health)}
{}

journal::~journal()
{
    stop();
}

adding journal::add(execution e)
{
    return writer_->add(std::move(e));
}

void journal::add_durable(execution e, durable_listener then)
{
    writer_->add_durable(std::move(e), std::move(then));
}

queued_merge journal::merge(std::string const& id, outcome const& reported)
{
    return writer_->queue().merge(id, reported);
}

std::optional<execution> journal::find(std::string const& id) const
{
    return writer_->queue().find(id);
}

journal::queue_depth journal::depth() const
{
    return writer_->queue().depth();
}

std::size_t journal::flush(std::chrono::milliseconds limit)
{
    writer_->queue().hurry(true);
    writer_->queue().wait_until_empty(std::chrono::steady_clock::now() + limit);
    writer_->queue().hurry(false);
    return depth().rows;
}

void journal::stop()
{
    writer_->stop();
}

} // namespace app
