// A deploy that is taken back: an older binary on what a newer one has left.
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;
using support::memory_script;

TEST_CASE_METHOD(fixture, "the binary from before a late script opens, and changes nothing", "[rollback]")
{
    memory_script const first{"1_a.sql", "create table a (i int);\n"};
    memory_script const late{"2_b.sql", "create table b (i int);\n"};
    memory_script const third{"3_c.sql", "create table c (i int);\n"};
    auto const older = memory_catalog({first, third});
    auto const newer = memory_catalog({first, late, third});
    REQUIRE(boot(older).applied() == 2);
    with.plan.out_of_order = schemagate::out_of_order_policy::apply;
    REQUIRE(boot(newer).applied() == 1);
    with.plan.out_of_order = schemagate::out_of_order_policy::refuse;
    auto const back = boot(older);
    REQUIRE(back.report);
    CHECK(back.applied() == 0);
    CHECK(back.report->database_newer);
    CHECK(boot(newer).applied() == 0);
    // A script that is missing is none that came late.
    auto const lacking = boot(memory_catalog({late, third}));
    CHECK(lacking.code() == "migration-missing");
}
