// A table for people: the median of each measurement beside its floor and its limit.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>

namespace bench {

/// A benchmark sets the counters "floor" and "limit", both in its own time unit, and "real" to 1 where the
/// clock on the wall counts instead of the CPU's time. The medians of all three are compared. Google
/// Benchmark's own JSON holds the counters too.
class limit_table : public benchmark::BenchmarkReporter
{
public:
    bool ReportContext(Context const& context) override;
    void ReportRuns(std::vector<Run> const& runs) override;

    /// No measurement failed, and no median is above its limit.
    [[nodiscard]] bool all_kept() const noexcept { return kept_ && rows_ != 0; }

private:
    bool kept_ = true;
    std::size_t rows_ = 0;
};

} // namespace bench
