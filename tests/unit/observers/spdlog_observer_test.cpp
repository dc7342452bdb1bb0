#include "schemagate/spdlog_observer.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <sstream>

#include "catch.hpp"

using namespace schemagate;
using namespace std::chrono_literals;

namespace {

/// A logger whose lines a test can read, and a clock that it can set.
struct written_log
{
    written_log()
    {
        logger->set_pattern("[%l] %v");
        logger->set_level(spdlog::level::debug);
    }

    std::string lines_of(event const& e)
    {
        text.str("");
        listener->on_event(e);
        return text.str();
    }

    std::ostringstream text;
    std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(text));
    std::chrono::steady_clock::time_point now{};
    std::shared_ptr<observer> listener = log_to(logger, [this] { return now; });
};

event waiting(std::string script = {})
{
    return {.step = step::lock,
            .outcome = outcome::waiting,
            .state = boot_state::waiting_for_lock,
            .script = std::move(script)};
}

} // namespace

TEST_CASE("a migration that was applied is one line with its fields in order", "[log]")
{
    written_log log;
    CHECK(log.lines_of({.step = step::apply,
                        .outcome = outcome::done,
                        .state = boot_state::migrating,
                        .script = "0007_backfill_invoice_total",
                        .position = 7,
                        .of = 7,
                        .elapsed = 118ms}) ==
          "[info] schemagate step=apply outcome=done script=0007_backfill_invoice_total position=7 of=7 "
          "elapsed_ms=118\n");
}

TEST_CASE("an event's own fields follow in their order, and its message comes last", "[log]")
{
    written_log log;
    auto e = waiting();
    e.fields = {{"holder_pid", "4711"}, {"waited_ms", "5000"}, {"lock_wait_max_ms", "30000"}};
    e.message = "another process migrates";
    CHECK(log.lines_of(e) == "[info] schemagate step=lock outcome=waiting holder_pid=4711 waited_ms=5000 "
                             "lock_wait_max_ms=30000 message=\"another process migrates\"\n");
}

TEST_CASE("the outcome decides the level", "[log]")
{
    auto const [what, line] = GENERATE(table<outcome, std::string>(
        {{outcome::started, "[debug] schemagate step=check outcome=started\n"},
         {outcome::done, "[info] schemagate step=check outcome=done elapsed_ms=0\n"},
         {outcome::waiting, "[info] schemagate step=check outcome=waiting\n"},
         {outcome::retrying, "[info] schemagate step=check outcome=retrying\n"},
         {outcome::warned, "[warning] schemagate step=check outcome=warned\n"},
         {outcome::failed, "[error] schemagate step=check outcome=failed elapsed_ms=0\n"}}));
    written_log log;
    CHECK(log.lines_of({.step = step::check, .outcome = what, .state = boot_state::checking}) == line);
}

TEST_CASE("a value is quoted and escaped where it would break its line", "[log]")
{
    auto const [value, shown] =
        GENERATE(table<std::string, std::string>({{"plain", "plain"},
                                                  {"/a:b-c_d.e", "/a:b-c_d.e"},
                                                  {"caf\xC3\xA9", "caf\xC3\xA9"},
                                                  {"", "\"\""},
                                                  {"two words", "\"two words\""},
                                                  {"a=b", "\"a=b\""},
                                                  {"say \"hi\"", "\"say \\\"hi\\\"\""},
                                                  {"back\\slash", "\"back\\\\slash\""},
                                                  {"two\nlines\r\t", "\"two\\nlines\\r\\t\""},
                                                  {"\x1b[31m\x7f", "\"\\x1b[31m\\x7f\""},
                                                  {std::string{"n\0l", 3}, "\"n\\x00l\""},
                                                  {"c1\xC2\x9B", "\"c1\\xc2\\x9b\""},
                                                  {"ls\xE2\x80\xA8", "\"ls\\xe2\\x80\\xa8\""},
                                                  {"bad\xE9utf", "\"bad\\xe9utf\""},
                                                  {"cut\xE2\x82", "\"cut\\xe2\\x82\""},
                                                  {"{} %s", "\"{} %s\""}}));
    written_log log;
    event e{.step = step::connect, .outcome = outcome::warned, .state = boot_state::connecting};
    e.fields = {{"value", value}};
    CHECK(log.lines_of(e) == "[warning] schemagate step=connect outcome=warned value=" + shown + "\n");
}

TEST_CASE("waiting for the same step is told at once, then at most once a minute", "[log]")
{
    written_log log;
    CHECK_FALSE(log.lines_of(waiting()).empty());
    log.now += 59s;
    CHECK(log.lines_of(waiting()).empty());
    log.now += 1s;
    CHECK_FALSE(log.lines_of(waiting()).empty());
    log.now += 30s;
    CHECK(log.lines_of(waiting()).empty());
}

TEST_CASE("retries of one step and script do not silence those of another", "[log]")
{
    written_log log;
    CHECK_FALSE(log.lines_of(waiting("0001_a")).empty());
    CHECK_FALSE(log.lines_of(waiting("0002_b")).empty());
    auto retrying = waiting("0001_a");
    retrying.outcome = outcome::retrying;
    CHECK(log.lines_of(retrying).empty());
    retrying.step = step::apply;
    CHECK_FALSE(log.lines_of(retrying).empty());
}

TEST_CASE("once a step is done, waiting for it again is news", "[log]")
{
    written_log log;
    CHECK_FALSE(log.lines_of(waiting()).empty());
    CHECK_FALSE(
        log.lines_of({.step = step::lock, .outcome = outcome::done, .state = boot_state::migrating}).empty());
    CHECK_FALSE(log.lines_of(waiting()).empty());
}

TEST_CASE("warnings and failures are never held back", "[log]")
{
    written_log log;
    event warned{.step = step::read, .outcome = outcome::warned, .state = boot_state::reading};
    CHECK_FALSE(log.lines_of(warned).empty());
    CHECK_FALSE(log.lines_of(warned).empty());
}

TEST_CASE("without a logger there is no listener", "[log]")
{
    CHECK(log_to(nullptr) == nullptr);
}
