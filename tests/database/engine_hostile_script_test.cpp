// Scripts and histories that work against the engine: each is refused as what it is, and nothing is half
// done.
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

schemagate::catalog two(std::string const& second)
{
    return memory_catalog({{"1_a.sql", "create table a (x int primary key);\n"}, {"2_b.sql", second}});
}

} // namespace

TEST_CASE_METHOD(fixture, "a script that fails after its last statement is still the script that failed",
                 "[hostile]")
{
    auto const second = GENERATE(as<std::string>{},
                                 "create table b (y int references a deferrable initially deferred);\n"
                                 "insert into b values (1);\n",
                                 "create table b (); drop table schemagate.object;\n",
                                 "create table b (); set transaction_read_only = on;\n");
    auto const ended = boot(two(second));
    INFO(second);
    REQUIRE(ended.failure);
    CHECK(ended.failure->exit_code() == 65);
    CHECK(ended.failure->script() == "2_b");
    CHECK_FALSE(exists("b"));
    CHECK(value("select count(*) from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "a script that writes to the history, or keeps its row out, is refused",
                 "[hostile]")
{
    auto const second =
        GENERATE(as<std::string>{}, "create table b (); delete from schemagate.history;\n",
                 "create function f() returns trigger language plpgsql as $$ begin return null; end $$;\n"
                 "create table b (); create trigger t before insert on schemagate.history"
                 " for each row execute function f();\n");
    auto const ended = boot(two(second));
    INFO(second);
    REQUIRE(ended.code() == "script-refused");
    CHECK_FALSE(exists("b"));
    CHECK(value("select count(*) from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "a script that takes an older row out of the history is refused", "[hostile]")
{
    auto const ended =
        boot(memory_catalog({{"1_a.sql", "create table a ();\n"},
                             {"2_b.sql", "create table b ();\n"},
                             {"3_c.sql", "delete from schemagate.history where version = '1';\n"}}));
    REQUIRE(ended.code() == "script-refused");
    CHECK(value("select count(*) from schemagate.history") == "2");
}

TEST_CASE_METHOD(fixture, "a trigger that keeps an adopted script's row out is refused as that", "[hostile]")
{
    REQUIRE(boot(memory_catalog({{"1_x.sql", "create table x ();\n"}}, "another")).applied() == 1);
    database->run(
        "create table ledger (v text); insert into ledger values ('1'); grant select on ledger to public;"
        "create function eat() returns trigger language plpgsql as $$ begin return null; end $$;"
        "create trigger t before insert on schemagate.history for each row execute function eat()");
    auto const ended = boot(
        memory_catalog({{"1_a.sql", "-- schemagate: adopts public.ledger v=1\ncreate table a (x int);\n"}}));
    REQUIRE(ended.code() == "script-refused");
    CHECK(ended.failure->exit_code() == 65);
    CHECK(ended.failure->script() == "1_a");
    CHECK_THAT(ended.failure->message(), support::holds("a trigger or rule on the history table?"));
    CHECK(events->events(schemagate::step::plan, schemagate::outcome::failed).size() == 1);
}

TEST_CASE_METHOD(fixture, "a damaged history is named, and the gate stays shut", "[hostile]")
{
    auto const shipped = two("create table b ();\n");
    REQUIRE(boot(shipped).applied() == 2);
    database->run(GENERATE("drop table schemagate.object", "drop table schemagate.history",
                           "alter table schemagate.history drop column set_digest"));
    auto const ended = boot(shipped);
    REQUIRE(ended.failure);
    CHECK(ended.failure->exit_code() == 76);
    CHECK(ended.code() == "history-malformed");
}

TEST_CASE_METHOD(fixture, "verify() on an empty database runs no check and praises no object", "[hostile]")
{
    auto const shipped = memory_catalog({{"1_a.sql", "create table a ();\n", "select 1 from a;\n"}});
    for (auto const& item : schemagate::verify(with, shipped)) {
        INFO(item.name << ": " << item.message);
        CHECK(item.outcome != schemagate::verification_item::result::passed);
    }
}
