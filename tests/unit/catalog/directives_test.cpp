#include "schemagate/migration.hpp"

#include "catch.hpp"
#include "schemagate/failure.hpp"

using namespace schemagate;
using namespace std::chrono_literals;

namespace {

directives read(std::string_view text)
{
    return read_directives("0001_x.sql", text);
}

} // namespace

TEST_CASE("the directives of the leading comment are read, one a line", "[directives]")
{
    auto const found = read("-- Adds an index.\n"
                            "\n"
                            "--schemagate: no-transaction\n"
                            "  -- schemagate:own-transactions\n"
                            "-- schemagate: only-job  \r\n"
                            "/* prose; /* nested */\n -- schemagate: nonsense\n */\n"
                            "-- Schemagate: allow-out-of-order\n"
                            "-- schemagate: lock-timeout=2s\n"
                            "-- schemagate: statement-timeout = 1h\n"
                            "-- schemagate: breaks-older-than=0042\n"
                            "-- schemagate: only-if-adopted 0001\n"
                            "-- schemagate: adopts public.schema_migrations version=2024 a\n"
                            "-- schemagate: allow rewrite: the table is empty\n"
                            "-- schemagate: allow drop: nobody reads it: sure\n"
                            "create table t (a int);\n");
    CHECK(found.no_transaction);
    CHECK(found.own_transactions);
    CHECK(found.only_job);
    CHECK(found.allow_out_of_order);
    CHECK(found.lock_timeout == 2s);
    CHECK(found.statement_timeout == 1h);
    CHECK(found.breaks_older_than == version{"42"});
    CHECK(found.only_if_adopted == version{"1"});
    CHECK(found.adopts == adoption{"public.schema_migrations", "version", "2024 a"});
    CHECK(found.allowed ==
          std::vector<std::string>{"rewrite: the table is empty", "drop: nobody reads it: sure"});
}

TEST_CASE("a comment below the first statement steers nothing", "[directives]")
{
    CHECK(read("select 1; -- schemagate: no-transaction") == directives{});
    CHECK(read("select $$\n-- schemagate: nonsense\n$$") == directives{});
    CHECK(read("") == directives{});
    CHECK(read("-- schemagate runs this at boot\n-- see schemagate: no-transaction\n") == directives{});
}

TEST_CASE("times are written with their unit", "[directives]")
{
    CHECK(read("-- schemagate: lock-timeout=50ms").lock_timeout == 50ms);
    CHECK(read("-- schemagate: lock-timeout=3min").lock_timeout == 3min);
    CHECK(read("-- schemagate: lock-timeout=0").lock_timeout == 0ms);
    CHECK(read("-- schemagate: lock-timeout=0s").lock_timeout == 0ms);
    CHECK(read("-- schemagate: lock-timeout=2147483647ms").lock_timeout == 2147483647ms);
}

TEST_CASE("a directive that is unknown or does not parse is refused with its line", "[directives]")
{
    auto const directive = GENERATE(values<std::string>({"no-transactions",
                                                         "",
                                                         "no transaction",
                                                         "no-transaction=yes",
                                                         "No-Transaction",
                                                         "lock-timeout",
                                                         "lock-timeout=",
                                                         "lock-timeout=2",
                                                         "lock-timeout=-2s",
                                                         "lock-timeout=2 s",
                                                         "lock-timeout=2m",
                                                         "lock-timeout=1.5s",
                                                         "lock-timeout=2147483648ms",
                                                         "lock-timeout=99999999999999999999s",
                                                         "statement-timeout=9999h",
                                                         "breaks-older-than=v2",
                                                         "breaks-older-than",
                                                         "only-if-adopted",
                                                         "adopts schema_migrations version=1",
                                                         "adopts public.t",
                                                         "adopts public.t version=",
                                                         "adopts .t a=1",
                                                         "adopts public. a=1",
                                                         "allow rewrite",
                                                         "allow : reason",
                                                         "allow rewrite:"}));
    CAPTURE(directive);
    try {
        static_cast<void>(read("-- prose\n\n-- schemagate: " + directive + "\nselect 1;"));
        FAIL("accepted");
    }
    catch (failure const& f) {
        CHECK(f.code() == errc::script_refused);
        CHECK(f.script() == "0001_x");
        CHECK(f.line() == 3);
    }
}

TEST_CASE("a directive that stands there twice is refused", "[directives]")
{
    CHECK_THROWS_AS(read("-- schemagate: lock-timeout=2s\n-- schemagate: lock-timeout=3s\n"), failure);
    CHECK_THROWS_AS(read("-- schemagate: only-job\n-- schemagate: only-job\n"), failure);
}

TEST_CASE("every problem is found, and what is right is kept", "[directives]")
{
    std::vector<directive_problem> problems;
    auto const found =
        read_directives("-- schemagate: a\n-- schemagate: only-job\n\n-- schemagate: b\n", problems);
    CHECK(found.only_job);
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].line == 1);
    CHECK(problems[1].line == 4);
}

TEST_CASE("a directive without its colon is refused, and other words about us are a comment", "[directives]")
{
    std::vector<schemagate::directive_problem> problems;
    static_cast<void>(schemagate::read_directives("-- a\n-- schemagate no-transaction\nselect 1;", problems));
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().line == 2);
    CHECK(problems.front().message.find("colon") != std::string::npos);
    problems.clear();
    static_cast<void>(
        schemagate::read_directives("-- schemagate runs this\n-- schemagate\nselect 1;", problems));
    CHECK(problems.empty());
}
