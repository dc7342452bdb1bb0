// What judging a DATABASE_URL costs: the whole of steps 1 and 2 of a boot, and the whole `url check` process.
// The floor of the first is libpq's own parser on the same text, that of the second a process of ours that
// does nothing; both are measured in the same run.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <libpq-fe.h>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "limit_table.hpp"
#include "schemagate/database_url.hpp"
#include "schemagate/failure.hpp"

namespace {

constexpr auto check_limit_us = 50.0;
constexpr auto process_limit_us = 100'000.0;
constexpr auto incident = "postgresql://u:p@/db?host=/cloudsql/P:R:I";

struct sample
{
    char const* text;
    char const* job = nullptr; ///< CLOUD_RUN_JOB
};

constexpr auto tcp = sample{"postgresql://app:S3cretWord@10.240.0.3:5432/shop?sslmode=require"};
constexpr auto socket_in_job = sample{incident, "migrate"};
constexpr auto many_hosts =
    sample{"postgresql://"
           "app:S3cretWord@db-a.internal:5432,db-b.internal:5432,db-c.internal:5433,[2001:db8::17]:5432/"
           "shop?sslmode=require&target_session_attrs=read-write&connect_timeout=10&application_name=shop"
           "&options=-c%20search_path%3Dshop&keepalives=1&keepalives_idle=30&keepalives_interval=10"
           "&keepalives_count=3&client_encoding=UTF8"};
constexpr auto keyword_value =
    sample{"host=10.240.0.3 port=5432 user=app password='S3cret W\\'ord' dbname=shop sslmode=require"};

// In the CPU's time, as the checks are measured: on a busy machine the clock on the wall would flatter them.
double libpq_us(char const* text)
{
    constexpr auto rounds = 5000;
    auto const start = std::clock();
    for (auto round = 0; round < rounds; ++round) {
        auto* message = static_cast<char*>(nullptr);
        PQconninfoFree(PQconninfoParse(text, &message));
        PQfreemem(message);
    }
    return static_cast<double>(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / rounds;
}

// From the environment to settings, or to the failure that ends the boot.
void whole_check(benchmark::State& state, sample const& one)
{
    ::setenv("DATABASE_URL", one.text, 1);
    one.job ? ::setenv("CLOUD_RUN_JOB", one.job, 1) : ::unsetenv("CLOUD_RUN_JOB");
    auto const& where = schemagate::this_place();
    auto const floor = libpq_us(one.text);
    for ([[maybe_unused]] auto _ : state) {
        auto const url = schemagate::read_database_url(where);
        auto const diagnosis = schemagate::check(*url, where, {});
        try {
            benchmark::DoNotOptimize(schemagate::require_usable(diagnosis));
        }
        catch (schemagate::failure const& f) {
            benchmark::DoNotOptimize(f);
        }
    }
    state.counters["floor"] = floor;
    state.counters["limit"] = check_limit_us;
}

std::string output_of(std::vector<std::string> const& arguments)
{
    auto child = support::child_process{
        SCHEMAGATE_PROMPT_SERVICE, arguments, {{"DATABASE_URL", incident}, {"CLOUD_RUN_JOB", "migrate"}}};
    child.wait();
    return child.out() + child.err();
}

void url_check_process(benchmark::State& state)
{
    auto floor = std::vector<double>{};
    for (auto round = 0; round < 11; ++round) {
        auto const start = std::chrono::steady_clock::now();
        output_of({"--version"});
        floor.push_back(
            std::chrono::duration<double, std::micro>{std::chrono::steady_clock::now() - start}.count());
    }
    std::sort(floor.begin(), floor.end());
    for ([[maybe_unused]] auto _ : state) {
        auto const said = output_of({"url", "check"});
        for (auto const* part :
             {"socket-not-mounted", "--set-cloudsql-instances=P:R:I", "@PRIVATE_IP:5432/db"})
            if (said.find(part) == said.npos)
                state.SkipWithError(
                    "the diagnosis or one of its two ways out is missing (is /cloudsql there?)");
    }
    state.counters["floor"] = floor[floor.size() / 2]; // the median, as of the runs themselves
    state.counters["limit"] = process_limit_us;
    state.counters["real"] = 1;
}

} // namespace

int main(int count, char** arguments)
{
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments))
        return EXIT_FAILURE;
    auto const add = [](char const* name, sample const& one) {
        benchmark::RegisterBenchmark(name, [one](benchmark::State& state) {
            whole_check(state, one);
        })->Unit(benchmark::kMicrosecond);
    };
    add("check/tcp", tcp);
    add("check/incident_in_cloud_run_job", socket_in_job);
    add("check/4_hosts_10_parameters", many_hosts);
    add("check/keyword_value", keyword_value);
    benchmark::RegisterBenchmark("process/url_check_of_incident", url_check_process)
        ->Unit(benchmark::kMicrosecond)
        ->UseRealTime();
    auto table = bench::limit_table{};
    benchmark::RunSpecifiedBenchmarks(&table);
    return table.all_kept() ? EXIT_SUCCESS : EXIT_FAILURE;
}
