#include "limit_table.hpp"

#include <cstdio>

namespace bench {

namespace {

double counter(benchmark::BenchmarkReporter::Run const& run, char const* name)
{
    auto const found = run.counters.find(name);
    return found == run.counters.end() ? 0.0 : found->second.value;
}

} // namespace

bool limit_table::ReportContext(Context const& context)
{
    std::printf("%d CPUs, load %.1f; medians\n%-34s %10s %10s %8s %10s\n", context.cpu_info.num_cpus,
                context.cpu_info.load_avg.empty() ? 0.0 : context.cpu_info.load_avg.front(), "", "time",
                "floor", "ratio", "limit");
    return true;
}

void limit_table::ReportRuns(std::vector<Run> const& runs)
{
    for (auto const& run : runs) {
        if (run.error_occurred) {
            std::printf("%-34s FAILED: %s\n", run.run_name.function_name.c_str(), run.error_message.c_str());
            kept_ = false;
        }
        if (run.aggregate_name != "median")
            continue;
        auto const time =
            counter(run, "real") > 0 ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime(); // in its unit
        auto const floor = counter(run, "floor");
        auto const limit = counter(run, "limit");
        std::printf("%-34s %10.1f %10.1f %7.2fx %10.0f %s%s\n", run.run_name.function_name.c_str(), time,
                    floor, time / floor, limit, benchmark::GetTimeUnitString(run.time_unit),
                    time > limit ? "  ABOVE THE LIMIT" : "");
        kept_ = kept_ && time <= limit;
        ++rows_;
    }
}

} // namespace bench
