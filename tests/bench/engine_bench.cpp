// What the engine costs beside the least that the same work takes: a program of nothing but libpq
// (floor_program.cpp), or the same few calls in this process. On a server that syncs as a real one does.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "delayed_line.hpp"
#include "limit_table.hpp"
#include "memory_catalog.hpp"
#include "migration_folder.hpp"
#include "private_server.hpp"
#include "schemagate/migrator.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using milliseconds = std::chrono::duration<double, std::milli>;

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

template <class Work>
double milliseconds_of(Work const& work)
{
    auto const start = std::chrono::steady_clock::now();
    work();
    return milliseconds{std::chrono::steady_clock::now() - start}.count();
}

void run_program(std::string const& program, std::vector<std::string> const& arguments,
                 std::string const& url)
{
    auto const ended = support::run_program(program, arguments, {{"DATABASE_URL", url}}, run_limit);
    if (ended.code != 0) {
        throw std::runtime_error{fs::path{program}.filename().string() + ": " +
                                 ended.err.substr(ended.err.size() > 600 ? ended.err.size() - 600 : 0)};
    }
}

void fetch_history(std::string const& url)
{
    std::unique_ptr<PGconn, void (*)(PGconn*)> const on{PQconnectdb(url.c_str()), PQfinish};
    std::unique_ptr<PGresult, void (*)(PGresult*)> const rows{
        PQexec(on.get(), "select * from schemagate.history order by id"), PQclear};
    if (PQresultStatus(rows.get()) != PGRES_TUPLES_OK) {
        throw std::runtime_error{PQerrorMessage(on.get())};
    }
}

/// A folder, and what is done with it. Ours and the floor's, each with a URL of its own.
class work
{
public:
    virtual ~work() = default;
    virtual double ours() = 0;
    virtual double floor() = 0;

protected:
    explicit work(std::function<void(fs::path const&)> const& write) { write(folder()); }

    [[nodiscard]] fs::path folder() const { return place_.path() / "migrations"; }
    void migrate(std::string const& url) const
    {
        run_program(SCHEMAGATE_PROGRAM, {"--from", folder().string(), "migrate"}, url);
    }

private:
    support::temporary_folder place_{"bench"};
};

/// Nothing is pending.
class idle_program : public work
{
public:
    explicit idle_program(std::size_t files)
        : work{[files](fs::path const& p) { bench::write_small(p, files); }}
    {
        migrate(database_->url());
    }
    double ours() override
    {
        return milliseconds_of([this] { migrate(database_->url()); });
    }
    double floor() override
    {
        return milliseconds_of([this] { run_program(FLOOR_PROGRAM, {"history"}, database_->url()); });
    }

private:
    std::unique_ptr<support::test_database> database_ = server().create_database();
};

/// The same in this process, whose catalog is embedded as a backend's is.
class idle_embedded : public work
{
public:
    explicit idle_embedded(std::size_t scripts)
        : work{[](fs::path const&) {}}, catalog_{of(scripts)}, with_{support::settings_for(database_->url())}
    {
        static_cast<void>(schemagate::run(with_, catalog_));
    }
    double ours() override
    {
        return milliseconds_of([this] { static_cast<void>(schemagate::run(with_, catalog_)); });
    }
    double floor() override
    {
        return milliseconds_of([this] { fetch_history(database_->url()); });
    }

private:
    static schemagate::catalog of(std::size_t scripts)
    {
        std::vector<support::memory_script> all;
        for (std::size_t i = 1; i <= scripts; ++i) {
            auto const n = std::to_string(i);
            all.push_back({n + "_make.sql", "create table t" + n +
                                                " (id int primary key, name text);\n"
                                                "create index t" +
                                                n + "_name on t" + n + " (name);\n"});
        }
        return support::memory_catalog(std::move(all));
    }

    std::unique_ptr<support::test_database> database_ = server().create_database();
    schemagate::catalog catalog_;
    schemagate::settings with_;
};

/// On an empty database.
class applying : public work
{
public:
    applying(std::function<void(fs::path const&)> const& write, bool far) : work{write}
    {
        if (far) {
            line_.emplace(server().port(), one_way);
        }
    }
    double ours() override
    {
        return on_empty([this](std::string const& url) { migrate(url); });
    }
    double floor() override
    {
        return on_empty([this](std::string const& url) {
            run_program(FLOOR_PROGRAM, {"apply", folder().string()}, url);
        });
    }

private:
    template <class Work>
    double on_empty(Work const& what)
    {
        auto const database = server().create_database();
        auto url = database->url();
        if (line_) {
            auto const port = ":" + std::to_string(server().port()) + "/";
            url.replace(url.find(port), port.size(), ":" + std::to_string(line_->port()) + "/");
        }
        // Else the second one would pay for pages that the first one left.
        static_cast<void>(support::query(server().admin_url(), "checkpoint"));
        return milliseconds_of([&] { what(url); });
    }

    std::optional<bench::delayed_line> line_;
};

/// Fifty processes at once; the floor's wait for each other in the server.
class fifty : public work
{
public:
    fifty() : work{[](fs::path const& p) { bench::write_small(p, 20); }} {}

    double ours() override
    {
        auto const database = server().create_database();
        return milliseconds_of([&] {
            at_once(SCHEMAGATE_PROGRAM, {"--from", folder().string(), "migrate"}, database->url());
        });
    }
    double floor() override
    {
        auto const database = server().create_database();
        return milliseconds_of([&] {
            at_once(FLOOR_PROGRAM, {"apply", folder().string()}, database->url());
        });
    }

private:
    static void at_once(char const* program, std::vector<std::string> const& arguments,
                        std::string const& url)
    {
        std::vector<std::unique_ptr<support::child_process>> all;
        for (int i = 0; i < 50; ++i) {
            all.push_back(std::make_unique<support::child_process>(
                program, arguments, support::environment{{"DATABASE_URL", url}}));
        }
        for (auto const& each : all) {
            if (each->wait(run_limit).code != 0) {
                throw std::runtime_error{each->err()};
            }
        }
    }
};

void add(char const* name, double limit, std::function<std::unique_ptr<work>()> make)
{
    auto const of = std::make_shared<std::unique_ptr<work>>();
    auto const ours_first = std::make_shared<bool>(false);
    benchmark::RegisterBenchmark(name,
                                 [=](benchmark::State& state) {
                                     for ([[maybe_unused]] auto _ : state) {
                                         try {
                                             if (!*of) {
                                                 *of = make();
                                             }
                                             *ours_first = !*ours_first;
                                             auto const early = *ours_first ? (*of)->ours() : 0.0;
                                             auto const floor = (*of)->floor();
                                             auto const ours = *ours_first ? early : (*of)->ours();
                                             state.SetIterationTime(ours / 1000);
                                             state.counters["real"] = 1;
                                             state.counters["floor"] = floor;
                                             state.counters["limit"] = floor * limit;
                                             state.counters["ratio"] = ours / floor;
                                         }
                                         catch (std::exception const& e) {
                                             state.SkipWithError(e.what());
                                             break;
                                         }
                                     }
                                 })
        ->Unit(benchmark::kMillisecond)
        ->UseManualTime()
        ->Iterations(1);
}

template <class Work, class... Arguments>
std::function<std::unique_ptr<work>()> making(Arguments... arguments)
{
    return [=] { return std::make_unique<Work>(arguments...); };
}

void add_applying(char const* name, double limit, std::function<void(fs::path const&)> write,
                  bool far = false)
{
    add(name, limit, making<applying>(std::move(write), far));
}

} // namespace

int main(int count, char** arguments)
{
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) {
        return EXIT_FAILURE;
    }
    using path = fs::path const&;
    add("idle/program_100", 1.3, making<idle_program>(std::size_t{100}));
    add("idle/program_1000", 2, making<idle_program>(std::size_t{1'000}));
    add("idle/program_10000", 4, making<idle_program>(std::size_t{10'000}));
    add("idle/embedded_1", 1, making<idle_embedded>(std::size_t{1}));
    add("idle/embedded_100", 1, making<idle_embedded>(std::size_t{100}));
    add("idle/embedded_1000", 1, making<idle_embedded>(std::size_t{1'000}));
    add("idle/embedded_10000", 1, making<idle_embedded>(std::size_t{10'000}));
    add_applying("apply/100_small_files", 1.1, [](path p) { bench::write_small(p, 100); });
    add_applying("apply/1000_small_files", 1.1, [](path p) { bench::write_small(p, 1'000); });
    add_applying("apply/one_large_file", 1.3, [](path p) {
        fs::create_directories(p);
        fs::copy_file(FIRST_MIGRATION, p / "0001_first.sql");
    });
    add_applying(
        "apply/100_small_files_20_ms_away", 0.35, [](path p) { bench::write_small(p, 100); }, true);
    add("apply/fifty_at_once", 1.5, making<fifty>());
    auto table = bench::limit_table{};
    benchmark::RunSpecifiedBenchmarks(&table);
    return table.all_kept() ? EXIT_SUCCESS : EXIT_FAILURE;
}
