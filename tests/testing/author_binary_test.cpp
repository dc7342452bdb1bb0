// An author's test binary, run as a whole: what it costs, what it leaves, and what it says.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <regex>
#include <set>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "author_binary.hpp"
#include "catch.hpp"
#include "private_server.hpp"
#include "schemagate/testing/private_postgres.hpp"

using support::holds;
namespace fs = std::filesystem;

namespace {

// On the shared server: as a role that may create databases.
support::environment on_shared(support::environment more = {})
{
    more["TEST_DATABASE_URL"] = support::private_server::shared().url("postgres");
    more["PG_BINDIR"] = schemagate::testing::postgres_bindir();
    return more;
}
support::environment on_its_own(support::environment more = {})
{
    more["PG_BINDIR"] = schemagate::testing::postgres_bindir();
    return more;
}

std::string on_server(std::string const& sql)
{
    return support::value(support::private_server::shared().admin_url(), sql);
}

void command_server(std::string const& sql)
{
    support::sql_session{support::private_server::shared().admin_url()}(sql);
}

std::string databases_like(std::string const& pattern)
{
    return on_server("select count(*) from pg_database where datname ~ '" + pattern + "'");
}

// "/tmp/schemagate-pg-…" that a line of the output names.
std::string folder_in(std::string const& text)
{
    std::smatch found;
    return std::regex_search(text, found, std::regex{"/tmp/schemagate-pg-[A-Za-z0-9]+"}) ? found.str() : "";
}

// Folders of private servers whose process has ended; those of other test binaries that run now are locked.
std::set<std::string> left_folders()
{
    std::set<std::string> found;
    for (auto const& entry : fs::directory_iterator{"/tmp"}) {
        if (!entry.path().filename().string().starts_with("schemagate-pg-")) {
            continue;
        }
        int const lock = open((entry.path() / "in_use").c_str(), O_RDWR | O_CLOEXEC);
        if (lock >= 0 && flock(lock, LOCK_SH | LOCK_NB) == 0) {
            found.insert(entry.path());
        }
        close(lock);
    }
    return found;
}

} // namespace

TEST_CASE("each test has a migrated database of its own, on a private PostgreSQL that ends with the binary",
          "[testing]")
{
    auto const before = left_folders();
    auto const done = author_tests("[good],[thread]", on_its_own());
    INFO(done.out << done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.out, holds("All tests passed"));
    CHECK(done.err.empty());
    CHECK(left_folders() == before);
}

TEST_CASE("a program that needs no database starts none", "[testing]")
{
    auto& server = support::private_server::shared();
    support::environment const with{{"TEST_DATABASE_URL", server.url("none", "nobody", "Wrong-Pass-1")}};
    CHECK_THAT(author_tests("--list-tests", with).out, holds("an invoice is stored"));
    CHECK(author_tests("[none]", with).code == 0);
    auto const asked = author_tests("[isolated]", with);
    CHECK(asked.code != 0);
    CHECK_THAT(unwrapped(asked.out), holds("password"));
}

TEST_CASE("parallel test processes share one template, and leave no database behind", "[testing]")
{
    // Another `after` would be another template: this one is counted.
    auto const with = on_shared({{"AUTHOR_BEFORE", "select 'parallel'"}});
    auto const before = std::stoi(databases_like("^schemagate_template_"));
    std::vector<std::unique_ptr<support::child_process>> all;
    for (int i = 0; i < 6; ++i) {
        all.push_back(std::make_unique<support::child_process>(AUTHOR_TESTS_PROGRAM,
                                                               std::vector<std::string>{"[good]"}, with));
    }
    for (auto const& one : all) {
        auto const done = one->wait(std::chrono::seconds{60});
        INFO(one->out() << one->err());
        CHECK(done.code == 0);
    }
    CHECK(std::stoi(databases_like("^schemagate_template_")) == before + 1);
    CHECK(databases_like("^schemagate_test_") == "0");
}

TEST_CASE("the database of a failed test is kept, with its URL and no password", "[testing]")
{
    for (auto const* selection : {"[fails]", "[throws]"}) {
        auto const done = author_tests(selection, on_shared());
        INFO(done.out << done.err);
        CHECK(done.code != 0);
        CHECK_THAT(done.err, holds("is kept for a week: psql 'postgresql://backend:***@127.0.0.1"));
        CHECK(done.err.find(support::private_server::password) == std::string::npos);
        std::smatch found;
        REQUIRE(std::regex_search(done.err, found, std::regex{"schemagate_test_[0-9a-f]{8}_[0-9]+"}));
        auto const name = found.str();
        // It is really there, the next run does not take it, and a week later it goes.
        CHECK(support::value(support::private_server::shared().url(name), "select count(*) from invoices") ==
              "1");
        CHECK(author_tests("[isolated]", on_shared()).code == 0);
        CHECK(databases_like("^" + name + "$") == "1");
        command_server("comment on database " + name + " is 'kept 2020-01-01T00:00:00Z for a test'");
        CHECK(author_tests("[isolated]", on_shared()).code == 0);
        CHECK(databases_like("^" + name + "$") == "0");
    }
}

TEST_CASE("of several sections only the failed one keeps its database", "[testing]")
{
    auto const done = author_tests("[sections]", on_shared());
    INFO(done.out << done.err);
    CHECK(databases_like("^schemagate_test_") == "1");
    CHECK(done.err.find("is kept") == done.err.rfind("is kept"));
    // TEST_DATABASE_KEEP decides otherwise.
    CHECK(author_tests("[fails]", on_shared({{"TEST_DATABASE_KEEP", "never"}})).err.empty());
    CHECK(databases_like("^schemagate_test_") == "1");
    CHECK_THAT(author_tests("[isolated]", on_shared({{"TEST_DATABASE_KEEP", "sometimes"}})).err,
               holds("none of failed, never and always"));
    CHECK_THAT(author_tests("[isolated]", on_shared({{"TEST_DATABASE_KEEP", "always"}})).err,
               holds("is kept"));
    CHECK(databases_like("^schemagate_test_") == "2");
    for (auto const& row :
         support::query(support::private_server::shared().admin_url(),
                        "select datname from pg_database where datname ~ '^schemagate_test_'")) {
        command_server("drop database " + row[0]);
    }
}

TEST_CASE("a private server's kept database can be started again by the line that is printed", "[testing]")
{
    auto const done = author_tests("[fails]", on_its_own());
    INFO(done.out << done.err);
    auto const folder = folder_in(done.err);
    REQUIRE_FALSE(folder.empty());
    CHECK(fs::exists(folder + "/data/PG_VERSION"));
    std::smatch found;
    REQUIRE(std::regex_search(
        done.err, found,
        std::regex{"start the server of the kept databases again: ([^;]+); at the end: ([^;]+);"}));
    auto const start = found.str(1);
    auto const stop = found.str(2);
    REQUIRE(std::regex_search(done.err, found, std::regex{"psql '([^']+)'"}));
    auto const url = found.str(1);
    // Through a pipe, which a server that kept our output open would hold.
    CHECK(support::run_program("/bin/sh", {"-c", start + " | cat"}, {}).code == 0);
    CHECK(support::value(url, "select customer from invoices") == "from the template");
    CHECK(support::run_program("/bin/sh", {"-c", stop + " | cat"}, {}).code == 0);
    CHECK_FALSE(fs::exists(folder + "/data/postmaster.pid"));
    fs::remove_all(folder);
}

TEST_CASE("a killed test leaves nothing that the next run does not take away", "[testing]")
{
    SECTION("databases, on a server that lives on")
    {
        CHECK(author_tests("[killed]", on_shared()).code == -1);
        CHECK(databases_like("^schemagate_test_") == "1");
        CHECK(author_tests("[isolated]", on_shared()).code == 0);
        CHECK(databases_like("^schemagate_test_") == "0");
    }
    SECTION("a private server, which ends at once, and its folder")
    {
        auto const before = left_folders();
        CHECK(author_tests("[killed]", on_its_own()).code == -1);
        std::vector<std::string> left;
        for (auto const& folder : left_folders()) {
            if (before.count(folder) == 0) {
                left.push_back(folder);
            }
        }
        REQUIRE(left.size() == 1);
        // Only what is older than an hour is taken; the server may be just about to end.
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (fs::exists(left[0]) && std::chrono::steady_clock::now() < deadline) {
            std::error_code gone;
            fs::last_write_time(left[0], fs::file_time_type::clock::now() - std::chrono::hours{2}, gone);
            CHECK(author_tests("[isolated]", on_its_own()).code == 0);
        }
        CHECK_FALSE(fs::exists(left[0]));
    }
}

TEST_CASE("a database of somebody else's is left alone, whatever its name", "[testing]")
{
    auto& server = support::private_server::shared();
    support::sql_session{server.url("postgres")}("create database schemagate_test_deadbeef_7");
    CHECK(author_tests("[isolated]", on_shared()).code == 0);
    CHECK(databases_like("^schemagate_test_deadbeef_7$") == "1");
    command_server("drop database schemagate_test_deadbeef_7");
}

TEST_CASE("a process killed while it builds the template leaves nothing broken", "[testing]")
{
    auto const slow = on_shared({{"AUTHOR_BEFORE", "select pg_sleep(3)"}});
    support::child_process builder{AUTHOR_TESTS_PROGRAM, {"[isolated]"}, slow};
    auto const building = "select count(*) = 1 from pg_stat_activity where query = 'select pg_sleep(3)'";
    for (auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
         on_server(building) != "t" && std::chrono::steady_clock::now() < deadline;) {
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    auto const half = on_server("select datname from pg_stat_activity where query = 'select pg_sleep(3)'");
    CHECK_THAT(half, holds("schemagate_template_"));
    builder.kill(SIGKILL);
    CHECK(builder.wait().signal == SIGKILL);
    CHECK(on_server("select datistemplate from pg_database where datname = '" + half + "'") == "f");
    auto const next = author_tests("[good]", slow);
    INFO(next.out << next.err);
    CHECK(next.code == 0);
    CHECK(on_server("select datistemplate and not datallowconn from pg_database where datname = '" + half +
                    "'") == "t");
}

TEST_CASE("a broken script fails each test with the same words, and is tried once", "[testing]")
{
    auto const done = author_tests("[good]", on_shared({{"AUTHOR_BEFORE", "select * from nowhere"}}));
    INFO(done.out << done.err);
    CHECK(done.code != 0); // Catch2 2.13 counts in it what failed, 3 does not
    CHECK_THAT(unwrapped(done.out),
               holds("2 failed") && holds("template_options::before failed") && holds("nowhere"));
}
