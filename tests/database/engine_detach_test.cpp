// ALTER TABLE … DETACH PARTITION … CONCURRENTLY (PostgreSQL 14): it waits for old readers, and one that was
// left pending is finalized.
#include <thread>

#include "direct_sql.hpp"
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

struct detach : fixture
{
    schemagate::catalog const first =
        memory_catalog({{"1_a.sql", "create table ev (a int) partition by list (a);\n"
                                    "create table ev_1 partition of ev for values in (1);\n"
                                    "create table ev_2 partition of ev for values in (2);\n"}});
    schemagate::catalog const both =
        memory_catalog({{"1_a.sql", std::string{first.migrations()[0].text}},
                        {"2_b.sql", "-- schemagate: lock-timeout=20ms\n"
                                    "alter table ev detach partition ev_1 concurrently;\n"}});

    [[nodiscard]] bool known() const { return std::stoi(value("show server_version_num")) >= 140000; }
    [[nodiscard]] std::string partitions() const
    {
        return value("select string_agg(inhrelid::regclass || ' ' || inhdetachpending, ',' order by 1) "
                     "from (select * from pg_inherits where inhparent = 'ev'::regclass order by inhrelid) i");
    }
    // As a process that was killed leaves it.
    void leave_pending() const
    {
        support::sql_session reader{database->admin_url()};
        reader("begin; select count(*) from ev");
        support::sql_session other{database->admin_url()};
        other("set lock_timeout = '100ms'");
        CHECK_THROWS(other("alter table ev detach partition ev_1 concurrently"));
        reader("commit");
    }
};

} // namespace

TEST_CASE_METHOD(detach, "a concurrent detach waits for readers, whatever lock_timeout says", "[detach]")
{
    if (!known()) {
        SUCCEED("PostgreSQL 14 has it first");
        return;
    }
    REQUIRE(boot(first).applied() == 1);
    support::sql_session reader{database->admin_url()};
    reader("begin; select count(*) from ev");
    std::thread later{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{700});
        reader("commit");
    }};
    auto const ended = boot(both);
    later.join();
    CHECK(ended.applied() == 1);
    CHECK(partitions() == "ev_2 false");
}

TEST_CASE_METHOD(detach, "a detach that was left pending is finalized", "[detach]")
{
    if (!known()) {
        SUCCEED("PostgreSQL 14 has it first");
        return;
    }
    REQUIRE(boot(first).applied() == 1);
    leave_pending();
    REQUIRE(partitions() == "ev_1 true,ev_2 false");
    CHECK(boot(both).applied() == 1);
    CHECK(partitions() == "ev_2 false");
    CHECK(exists("ev_1"));
}
