// What an error line says of what stays: no more than is known.
#include "cut_line.hpp"
#include "interrupted_boot.hpp"

using engine::interruptible;
using support::holds;
using support::memory_catalog;
using support::memory_script;

namespace {

memory_script const tables{
    "1_tables.sql",
    "create table a (i int);\ninsert into a select generate_series(1, 100);\n"
    "create table b (i int);\ninsert into b values (1);\n"
    "create function f(i int) returns int language plpgsql immutable as 'begin return i; end';\n"
    "create index on b (f(i));\n"
    "create or replace function f(i int) returns int language plpgsql immutable as"
    " 'begin return i / 0; end';\n"};

std::string words(engine::ended const& ended)
{
    return ended.failure ? ended.failure->message() : "no failure";
}

} // namespace

TEST_CASE_METHOD(interruptible, "a signal after the answer to COMMIT was lost does not say rolled back",
                 "[remains]")
{
    support::cut_line line{support::private_server::shared().port()};
    with = support::settings_for(line.url(database->url()));
    std::stop_source stop;
    events->then = [&](schemagate::event const& e) {
        if (e.step == schemagate::step::apply && e.outcome == schemagate::outcome::started) {
            line.lose_answer_with("COMMIT");
        }
        if (e.step == schemagate::step::connect && e.outcome == schemagate::outcome::retrying) {
            stop.request_stop();
        }
    };
    auto const shipped = memory_catalog({{"1_a.sql", "create table a ();\n"}});
    auto const ended = engine::boot(with, shipped, events, stop.get_token());
    REQUIRE(ended.code() == "interrupted");
    CHECK(line.lost_one());
    CHECK(exists("a"));
    CHECK_THAT(words(ended),
               holds("the next boot reads it in the history") && !holds("what was running is rolled back"));
    events->then = {};
    CHECK(boot(shipped).applied() == 0);
}

TEST_CASE_METHOD(interruptible, "a signal in a statement outside a transaction says that a part may stay",
                 "[remains]")
{
    REQUIRE(boot(memory_catalog({tables})).report);
    with.lock_timeout = std::chrono::seconds{20};
    support::sql_session holder{database->admin_url()};
    holder("begin; lock table b in share mode");
    auto const ended = stopped(memory_catalog({tables, {"2_v.sql", "vacuum a, b;\n"}}),
                               "select reltuples = 100 from pg_class where relname = 'a'");
    REQUIRE(ended.code() == "interrupted");
    CHECK_THAT(words(ended), holds("2_v.sql") && holds("outside a transaction") && !holds("rolled back"));
}

TEST_CASE_METHOD(interruptible,
                 "an error in a statement that commits by itself does not say that nothing stays",
                 "[remains]")
{
    REQUIRE(boot(memory_catalog({tables})).report);
    auto const ended = boot(memory_catalog({tables, {"2_v.sql", "vacuum analyze a, b;\n"}}));
    REQUIRE(ended.code() == "script-failed");
    CHECK(value("select reltuples from pg_class where relname = 'a'") == "100");
    CHECK_THAT(words(ended), holds("what it committed by itself stays") && !holds("Nothing of this script"));
}

TEST_CASE_METHOD(interruptible, "an error inside a script's own block says what its ROLLBACK leaves",
                 "[remains]")
{
    auto const failing = [](std::string const& before) {
        memory_script script{"1_a.sql", "-- schemagate: own-transactions\n" + before +
                                            "begin;\ncreate table b ();\nselect 1 / 0;\ncommit;\n"};
        script.transactional = false;
        return memory_catalog({script});
    };
    auto const nothing = boot(failing(""));
    REQUIRE(nothing.failure);
    CHECK_THAT(words(nothing), holds("statement 3") && holds("Nothing of this script was applied"));
    CHECK_FALSE(exists("b"));

    auto const some = boot(failing("begin;\ncreate table a ();\ncommit;\n"));
    REQUIRE(some.failure);
    CHECK_THAT(words(some), holds("statement 6") && holds("The statements before statement 4 are applied"));
    CHECK(exists("a"));
    CHECK_FALSE(exists("b"));
}
