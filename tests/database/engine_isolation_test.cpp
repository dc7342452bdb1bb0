// A script that asks for an isolation level: its transaction has that level from its beginning.
#include "engine.hpp"
#include "pgbouncer.hpp"

using engine::fixture;
using support::holds;
using support::memory_catalog;

namespace {

std::string const remember =
    "create table seen as select current_setting('transaction_isolation') as level;\n";

} // namespace

TEST_CASE_METHOD(fixture, "a script's isolation level is that of its transaction", "[isolation]")
{
    auto const [head, level] = GENERATE(table<std::string, std::string>({
        {"-- one\nset transaction isolation level serializable;\n", "serializable"},
        {"SET TRANSACTION READ WRITE, ISOLATION LEVEL REPEATABLE READ;\n", "repeatable read"},
        {"set local transaction_isolation = 'serializable';\n", "serializable"},
        {"set local work_mem = '8MB';\nset transaction isolation level serializable;\n", "serializable"},
        {"set transaction isolation level read uncommitted;\n", "read uncommitted"},
    }));
    INFO(head);
    // In one message with its neighbours, and in one of its own.
    auto const more = GENERATE(as<std::string>{}, "", "select 'ä';\ncopy seen from stdin;\n\\.\n");
    auto const shipped = memory_catalog({{"1_a.sql", "create table a (i int);\n"},
                                         {"2_b.sql", head + remember + more},
                                         {"3_c.sql", "create table c (i int);\n"}});
    REQUIRE(boot(shipped).applied() == 3);
    CHECK(value("select level from seen") == level);
    CHECK(boot(shipped).applied() == 0);
}

TEST_CASE_METHOD(fixture, "a block of a script's own may begin with its isolation level",
                 "[isolation][steps]")
{
    REQUIRE(
        boot(memory_catalog({{.file = "1_a.sql",
                              .text = "-- schemagate: own-transactions\nbegin;\nset transaction isolation "
                                      "level serializable;\n" +
                                      remember + "commit;\n",
                              .transactional = false}}))
            .applied() == 1);
    CHECK(value("select level from seen") == "serializable");
}

TEST_CASE_METHOD(fixture, "one transaction for all has one isolation level", "[isolation]")
{
    with.transaction = schemagate::transaction_scope::all;
    std::string const serializable = "set transaction isolation level serializable;\n";
    auto const refused = boot(memory_catalog({{"1_a.sql", "select 1;\n"}, {"2_b.sql", serializable}}));
    CHECK(refused.code() == "setting-invalid");
    CHECK_THAT(refused.failure->fix(), holds("SCHEMAGATE_TRANSACTION=each"));
    CHECK(boot(memory_catalog({{"1_a.sql", serializable + remember}, {"2_b.sql", serializable}})).applied() ==
          2);
    CHECK(value("select level from seen") == "serializable");
}

TEST_CASE_METHOD(fixture, "an isolation level behind a pooler, and as another role", "[isolation][pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "transaction"};
    with = support::settings_for(pool.url(database->name()));
    with.run_as = GENERATE(as<std::string>{}, "", support::private_server::owner);
    REQUIRE(boot(memory_catalog({{"1_a.sql", "create table a (i int);\n"},
                                 {"2_b.sql", "set transaction isolation level serializable;\n" + remember}}))
                .applied() == 2);
    CHECK(value("select level from seen") == "serializable");
}
