// What migrating costs: the whole process `schemagate --from DIR migrate`, on an empty database of a server
// that syncs as a real one does. The floor is one psql session that plays the same files into another
// database, in turn with it.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "child_process.hpp"
#include "client_programs.hpp"
#include "delayed_line.hpp"
#include "limit_table.hpp"
#include "migration_folder.hpp"
#include "private_server.hpp"
#include "script_corpus.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto ratio_limit = 1.5;
constexpr auto run_limit = 300s;
constexpr auto one_way = 10ms;

// PostgreSQL's defaults, which the servers of tests leave for speed.
support::private_server& server()
{
    static support::private_server one{
        {.config = {"fsync = on", "synchronous_commit = on", "full_page_writes = on", "wal_level = replica",
                    "shared_buffers = 128MB", "autovacuum = on"}}};
    return one;
}

int server_major()
{
    return std::stoi(support::value(server().admin_url(), "show server_version_num")) / 10'000;
}

struct folder
{
    char const* name;
    std::function<bench::migration_files(fs::path const&)> write;
    bool far = false;                         ///< over a line of 20 ms, there and back
    std::vector<std::string> between_files{}; ///< what psql needs where files leave its session changed
};

double milliseconds_of(std::string const& program, std::vector<std::string> const& arguments,
                       support::environment const& variables)
{
    auto const start = std::chrono::steady_clock::now();
    auto const ended = support::run_program(program, arguments, variables, run_limit);
    auto const took =
        std::chrono::duration<double, std::milli>{std::chrono::steady_clock::now() - start}.count();
    if (ended.code != 0) {
        throw std::runtime_error{fs::path{program}.filename().string() + " ended with " +
                                 std::to_string(ended.code) + ": " +
                                 ended.err.substr(ended.err.size() > 600 ? ended.err.size() - 600 : 0)};
    }
    return took;
}

class comparison
{
public:
    explicit comparison(folder const& of)
        : files_{of.write(place_.path() / "migrations")}, between_files_{of.between_files}
    {
        if (of.far) {
            line_.emplace(server().port(), one_way);
        }
    }

    /// Ours and the floor; who comes first alternates.
    std::pair<double, double> measure()
    {
        auto const by_us = server().create_database();
        auto const by_psql = server().create_database();
        double ours = 0;
        double floor = 0;
        ours_first_ = !ours_first_;
        if (ours_first_) {
            ours = migrate(*by_us);
        }
        floor = play(*by_psql);
        if (!ours_first_) {
            ours = migrate(*by_us);
        }
        if (relations(*by_us) != relations(*by_psql)) {
            throw std::runtime_error{"the two databases differ: the times are not of the same work"};
        }
        return {ours, floor};
    }

private:
    double migrate(support::test_database const& into)
    {
        settle();
        return milliseconds_of(SCHEMAGATE_PROGRAM,
                               {"--from", (place_.path() / "migrations").string(), "migrate"},
                               {{"DATABASE_URL", url_of(into)}});
    }

    double play(support::test_database const& into)
    {
        std::vector<std::string> arguments{"-X", "-q",        "-o", "/dev/null", "-v", "ON_ERROR_STOP=1",
                                           "-d", url_of(into)};
        for (auto const& file : files_) {
            arguments.insert(arguments.end(), {"-f", file.string()});
            arguments.insert(arguments.end(), between_files_.begin(), between_files_.end());
        }
        settle();
        return milliseconds_of(psql_, arguments, {{"PGCLIENTENCODING", "UTF8"}});
    }

    // Else the second one would pay for pages that the first one left.
    static void settle() { static_cast<void>(support::query(server().admin_url(), "checkpoint")); }

    static std::string relations(support::test_database const& of)
    {
        return of.value(
            "select pg_catalog.md5(pg_catalog.string_agg(c.relname::text, ',' order by n.nspname, "
            "c.relname)) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname !~ '^(pg_|schemagate$)'");
    }

    [[nodiscard]] std::string url_of(support::test_database const& database) const
    {
        auto url = database.url();
        if (line_) {
            auto const port = ":" + std::to_string(server().port()) + "/";
            url.replace(url.find(port), port.size(), ":" + std::to_string(line_->port()) + "/");
        }
        return url;
    }

    support::temporary_folder place_{"bench"};
    bench::migration_files files_;
    std::vector<std::string> between_files_;
    std::string psql_ = support::client_program("psql");
    std::optional<bench::delayed_line> line_;
    bool ours_first_ = false;
};

void run(benchmark::State& state, std::shared_ptr<std::optional<comparison>> const& of, folder const& what)
{
    for ([[maybe_unused]] auto _ : state) {
        try {
            if (!*of) {
                of->emplace(what);
            }
            auto const [ours, floor] = (*of)->measure();
            state.SetIterationTime(ours / 1000);
            state.counters["real"] = 1;
            state.counters["floor"] = floor;
            state.counters["limit"] = floor * ratio_limit;
            state.counters["ratio"] = ours / floor;
        }
        catch (std::exception const& e) {
            state.SkipWithError(e.what());
            break;
        }
    }
}

void add(folder const& what)
{
    auto const of = std::make_shared<std::optional<comparison>>();
    benchmark::RegisterBenchmark(what.name, [of, what](benchmark::State& state) { run(state, of, what); })
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->Iterations(1);
}

} // namespace

int main(int count, char** arguments)
{
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) {
        return EXIT_FAILURE;
    }
    using path = fs::path const&;
    add({"migrate/300_small_files", [](path p) { return bench::write_small(p, 300); }});
    add({"migrate/400_mixed_files",
         [](path p) {
             return support::write_script_corpus(p, 400, 20'261'122, {.server_major = server_major()});
         },
         false,
         {"-c", "discard all"}});
    add({"migrate/200_index_files", [](path p) { return bench::write_concurrent(p, 200); }});
    add({"migrate/1_file_200_indexes", [](path p) { return bench::write_concurrent_in_one(p, 200); }});
    add({"migrate/20_mb_of_inserts", [](path p) { return bench::write_inserts(p, 20'000'000); }});
    add({"migrate/20_mb_of_copy", [](path p) { return bench::write_copy(p, 20'000'000); }});
    add({"migrate/100_small_files_20_ms_away", [](path p) { return bench::write_small(p, 100); }, true});
    auto table = bench::limit_table{};
    benchmark::RunSpecifiedBenchmarks(&table);
    return table.all_kept() ? EXIT_SUCCESS : EXIT_FAILURE;
}
