#include "journal_metrics.hpp"

#include <string>
#include <utility>

namespace app {
namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, std::string const& name, char const* help)
{
    return prometheus::BuildGauge()
        .Name("prompt_service_journal_" + name)
        .Help(help)
        .Register(registry)
        .Add({});
}

prometheus::Counter& counter(prometheus::Registry& registry, std::string const& name, char const* help)
{
    return prometheus::BuildCounter()
        .Name("prompt_service_journal_" + name + "_total")
        .Help(help)
        .Register(registry)
        .Add({});
}

} // namespace

journal_metrics::journal_metrics(std::shared_ptr<prometheus::Registry> registry, std::size_t bytes_max)
    : registry_{std::move(registry)}
{
    if (!registry_) {
        return;
    }
    auto& r = *registry_;
    rows_ = &gauge(r, "rows", "Executions that are not written yet.");
    bytes_ = &gauge(r, "bytes", "What they take in memory.");
    gauge(r, "bytes_max", "The most that they may take.").Set(static_cast<double>(bytes_max));
    written_ = &counter(r, "written", "Executions that were written to the log.");
    refused_ = &counter(r, "refused", "Executions that found the queue full and were answered with 503.");
    dropped_ =
        &counter(r, "dropped", "Executions that were given up: full, or ended before they were written.");
    set_aside_ = &counter(r, "set_aside", "Executions and outcomes that the database refused.");
    batches_ = &counter(r, "batches", "Statements that wrote some.");
    failures_ = &counter(r, "batch_failures", "Attempts that have to be repeated.");
    seconds_ = &prometheus::BuildHistogram()
                    .Name("prompt_service_journal_batch_seconds")
                    .Help("How long a batch took.")
                    .Register(r)
                    .Add({}, prometheus::Histogram::BucketBoundaries{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                                     0.1, 0.25, 0.5, 1, 2.5, 5});
}

void journal_metrics::depth(journal::queue_depth now) const
{
    if (registry_) {
        rows_->Set(static_cast<double>(now.rows));
        bytes_->Set(static_cast<double>(now.bytes));
    }
}

void journal_metrics::wrote(std::size_t rows, double seconds) const
{
    if (registry_) {
        written_->Increment(static_cast<double>(rows));
        batches_->Increment();
        seconds_->Observe(seconds);
    }
}

void journal_metrics::found(std::size_t rows) const
{
    if (registry_) {
        written_->Increment(static_cast<double>(rows));
    }
}

void journal_metrics::refused() const
{
    if (registry_) {
        refused_->Increment();
    }
}

void journal_metrics::dropped(std::size_t rows) const
{
    if (registry_) {
        dropped_->Increment(static_cast<double>(rows));
    }
}

void journal_metrics::set_aside() const
{
    if (registry_) {
        set_aside_->Increment();
    }
}

void journal_metrics::failed() const
{
    if (registry_) {
        failures_->Increment();
    }
}

} // namespace app
