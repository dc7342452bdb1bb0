// The fix of an error line leads on.
#include "engine.hpp"

using engine::fixture;
using support::holds;
using support::memory_catalog;

namespace {

std::string fix_of(fixture const& f, schemagate::catalog const& shipped)
{
    auto const ended = f.boot(shipped);
    REQUIRE(ended.failure);
    return ended.failure->fix();
}

} // namespace

TEST_CASE_METHOD(fixture, "the fix of a refused statement names what helps", "[fix]")
{
    auto const [script, part] = GENERATE(table<std::string, std::string>({
        {"set statement_timeout = '50ms';\nselect pg_sleep(1);\n", "SET statement_timeout"},
        {"-- schemagate: statement-timeout=50ms\nselect pg_sleep(1);\n", "leading comment"},
        {"select 1;\ndo $$ begin raise 'x' using errcode = '25001'; end $$;\n", "no-transaction"},
        {"set transaction isolation level serializable;\nset transaction isolation level read committed;\n",
         "own-transactions"},
        {"-- schemagate: no-transaction\ndo $$ begin execute 'vacuum'; end $$;\n", "DO block"},
        {"create table a (i int primary key);\n"
         "create table b (i int references a deferrable initially deferred);\n"
         "insert into a values (1);\ninsert into b values (1);\nalter table b alter i set not null;\n",
         "SET CONSTRAINTS"},
    }));
    INFO(script);
    CHECK_THAT(fix_of(*this, memory_catalog({{"1_a.sql", script}})), holds(part));
}

TEST_CASE_METHOD(fixture, "what needs a COMMIT in between is told of SCHEMAGATE_TRANSACTION=all", "[fix]")
{
    support::memory_script const first{"1_a.sql", "create type e as enum ('a');\ncreate table u (s e);\n"};
    REQUIRE(boot(memory_catalog({first})).applied() == 1);
    with.transaction = schemagate::transaction_scope::all;
    auto const [second, third] = GENERATE(table<std::string, std::string>({
        {"alter type e add value 'b';\n", "insert into u values ('b');\n"},
        {"select 1;\n", "do $$ begin commit; end $$;\n"},
    }));
    INFO(third);
    CHECK_THAT(fix_of(*this, memory_catalog({first, {"2_b.sql", second}, {"3_c.sql", third}})),
               holds("SCHEMAGATE_TRANSACTION=each"));
}

TEST_CASE_METHOD(fixture, "a target schema that is not there is named", "[fix]")
{
    database->run("drop schema public");
    CHECK_THAT(fix_of(*this, memory_catalog({{"1_a.sql", "create table t (i int);\n"}})),
               holds("CREATE SCHEMA \"public\""));
}
