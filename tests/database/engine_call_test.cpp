// A statement that commits by itself and was interrupted refuses, whatever its script has become.
#include "interrupted_boot.hpp"

using engine::interruptible;
using support::holds;
using support::memory_catalog;
using support::memory_script;

namespace {

memory_script const first{"1_a.sql",
                          "create table b (i int);\n"
                          "create procedure p() language plpgsql as $$ begin insert into b values (2);"
                          " commit; perform pg_sleep(30); end $$;\n"};
std::string const in_steps = "-- schemagate: no-transaction\n";
std::string const committed = "select count(*) > 0 from b where i = 2";

struct call : interruptible
{
    void interrupt(memory_script const& second) const
    {
        REQUIRE(boot(memory_catalog({first})).applied() == 1);
        REQUIRE(stopped(memory_catalog({first, second}), committed).code() == "interrupted");
    }
    [[nodiscard]] engine::ended boot_with(memory_script const& second) const
    {
        return boot(memory_catalog({first, second}));
    }
    [[nodiscard]] std::string calls() const { return value("select count(*) from b where i = 2"); }

    // Runs the statement of an error line.
    void type(std::string const& fix) const
    {
        auto const from = fix.find("UPDATE");
        REQUIRE(from != std::string::npos);
        database->run(fix.substr(from, fix.find(';', from) - from));
    }
};

} // namespace

TEST_CASE_METHOD(call, "an interrupted CALL refuses whatever its script has become", "[call]")
{
    memory_script const as_it_was{"2_b.sql", in_steps + "call p();\n"};
    interrupt(as_it_was);
    auto const now = GENERATE_REF(as<std::string>{}, "insert into b values (3);\n", "", "select 1/0;\n",
                                  "set search_path = public;\n", in_steps + "insert into b values (3);\n",
                                  in_steps + "call p();\ncall p();\n");
    INFO(now);
    for (int i = 0; i < 2; ++i) { // the first boot that fails loses nothing
        auto const refused = boot_with({"2_b.sql", now});
        REQUIRE(refused.code() == "script-failed");
        CHECK(refused.failure->exit_code() == 65);
        CHECK(refused.failure->script() == "2_b");
        CHECK_THAT(refused.failure->message(),
                   holds("what it committed stays") || holds("what that committed"));
    }
    auto const again = boot_with(as_it_was); // taking the edit back runs nothing again
    REQUIRE(again.code() == "script-failed");
    CHECK(calls() == "1");
    CHECK(value("select count(*) from b where i = 3") == "0");
    type(again.failure->fix()); // "where it is complete"
    CHECK(boot_with(as_it_was).applied() == 1);
    CHECK(calls() == "1");
}

TEST_CASE_METHOD(call, "a script of which nothing is left but what was done before the CALL is refused too",
                 "[call]")
{
    std::string const head = in_steps + "insert into b values (9);\n";
    interrupt({"2_b.sql", head + "call p();\n"});
    auto const refused = boot_with({"2_b.sql", head});
    REQUIRE(refused.code() == "script-failed");
    CHECK(value("select count(*) from schemagate.history where state = 'applied'") == "1");
    // Where it may run as it is now, the line holds the statement that lets it.
    type(refused.failure->fix());
    CHECK(boot_with({"2_b.sql", head}).applied() == 1);
    CHECK(value("select string_agg(i::text, ',' order by i) from b") == "2,9");
}

TEST_CASE_METHOD(call, "a repeatable script is no way around an interrupted CALL", "[call]")
{
    memory_script const as_it_was{"R_r.sql", in_steps + "call p();\n"};
    interrupt(as_it_was);
    auto const now = GENERATE_REF(as<std::string>{}, "create or replace view v as select 1 as one;\n",
                                  in_steps + "select 1;\ncall p();\n");
    CHECK(boot_with({"R_r.sql", now}).code() == "script-failed");
    CHECK(boot_with(as_it_was).code() == "script-failed");
    CHECK(calls() == "1");
}
