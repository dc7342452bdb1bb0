// Scripts of many megabytes: what they need of memory, seen from outside the process.
#include <array>
#include <fstream>
#include <thread>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;

namespace {

constexpr std::size_t megabyte = 1UL << 20U;

/// The most memory that the process had at once so far, in bytes; 0 once it has ended (proc(5), VmHWM).
std::size_t peak_of(pid_t pid)
{
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stoul(line.substr(6)) * 1024;
        }
    }
    return 0;
}

/// Its migration, and the most memory that took.
std::size_t peak_of_migration(script_folder const& scripts)
{
    auto const process = scripts.start_migrate();
    std::size_t peak = 0; // the last one: between fork and exec it is a copy of this process
    for (auto now = peak_of(process->pid()); now != 0; now = peak_of(process->pid())) {
        peak = now;
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    auto const status = process->wait(std::chrono::seconds{120});
    INFO(process->out() << process->err());
    REQUIRE(status.code == 0);
    return peak;
}

std::string repeated(std::string const& head, std::string const& line, std::string const& tail,
                     std::size_t size)
{
    std::string text = head;
    text.reserve(size + head.size() + line.size() + tail.size());
    while (text.size() < size) {
        text += line;
    }
    return text + tail;
}

void check_memory(std::size_t size)
{
    std::string const make = "create table c (id int, t text);\n";
    std::string const words(60, 'x');
    // A single statement lies twice in libpq, and once more with its final NUL.
    auto const [kind, limit, text] = GENERATE_REF(table<std::string, double, std::string>(
        {{"COPY data", 2, repeated(make + "copy c from stdin;\n", "1\t" + words + "\n", "\\.\n", size)},
         {"many INSERTs", 2, repeated(make, "insert into c values (1, '" + words + "');\n", "", size)},
         {"one INSERT", 4.5,
          repeated(make + "insert into c values (0, '')", ",\n(1, '" + words + "')", ";\n", size)},
         {"in steps", 2,
          repeated(make + "copy c from stdin;\n", "1\t" + words + "\n",
                   "\\.\ncreate index concurrently i on c (id);\n", size)}}));
    auto const database = support::private_server::shared().create_database();
    script_folder const scripts{*database};
    scripts.write("1_small.sql", "create table small (id int);\n");
    auto const before = peak_of_migration(scripts);
    scripts.write("2_big.sql", text);
    auto const with = peak_of_migration(scripts);
    auto const times =
        (static_cast<double>(with) - static_cast<double>(before)) / static_cast<double>(text.size());
    INFO(kind << ": " << text.size() / megabyte << " MB, and " << times << " times its size in memory");
    CHECK(times > 0.5); // or it was not measured
    CHECK(times < limit);
}

} // namespace

TEST_CASE("a script of 20 MB runs in at most twice its size of memory", "[complaint][size]")
{
    check_memory(20 * megabyte);
}

TEST_CASE("a script of 100 MB runs in at most twice its size of memory", "[.][size_all]")
{
    check_memory(100 * megabyte);
}
