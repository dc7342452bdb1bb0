// The journal as metrics for Prometheus.
#pragma once

#include <memory>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "journal/journal.hpp"

namespace app {

/// Names are part of the contract (app/deploy/monitoring/README.md):
///
///   prompt_service_journal_rows                 gauge, executions that are not written yet
///   prompt_service_journal_bytes                gauge, what they take in memory
///   prompt_service_journal_bytes_max            gauge, the bound
///   prompt_service_journal_written_total        counter, executions in the log
///   prompt_service_journal_refused_total        counter, executions that found the queue full: answered with
///   503 prompt_service_journal_dropped_total        counter, executions that were given up: the queue was
///   full, or the
///                                               service ended before they were written
///   prompt_service_journal_set_aside_total      counter, executions and outcomes that the database refused
///   prompt_service_journal_batches_total        counter, statements that wrote some
///   prompt_service_journal_batch_failures_total counter, attempts that have to be repeated
///   prompt_service_journal_batch_seconds        histogram, how long a batch took
///
/// From any thread. Without a registry nothing is counted.
class journal_metrics
{
public:
    explicit journal_metrics(std::shared_ptr<prometheus::Registry> registry, std::size_t bytes_max);

    void depth(journal::queue_depth now) const;
    void wrote(std::size_t rows, double seconds) const;
    /// Written by an attempt whose answer was lost.
    void found(std::size_t rows) const;
    void refused() const;
    void dropped(std::size_t rows) const;
    void set_aside() const;
    void failed() const;

private:
    std::shared_ptr<prometheus::Registry> registry_;
    prometheus::Gauge* rows_ = nullptr;
    prometheus::Gauge* bytes_ = nullptr;
    prometheus::Counter* written_ = nullptr;
    prometheus::Counter* refused_ = nullptr;
    prometheus::Counter* dropped_ = nullptr;
    prometheus::Counter* set_aside_ = nullptr;
    prometheus::Counter* batches_ = nullptr;
    prometheus::Counter* failures_ = nullptr;
    prometheus::Histogram* seconds_ = nullptr;
};

} // namespace app
