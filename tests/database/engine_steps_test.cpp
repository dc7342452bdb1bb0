// Scripts that cannot be one transaction (PROTOCOL.md, "Script files", and "Invariants" 2, 5 and 6).
#include <thread>

#include "direct_sql.hpp"
#include "engine.hpp"

using engine::fixture;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using support::memory_script;

namespace {

std::vector<memory_script> with_second(std::string const& text)
{
    return {{"1_a.sql", "create table a (id int);\ninsert into a select generate_series(1, 100);\n"},
            {"2_b.sql", text}};
}

} // namespace

TEST_CASE_METHOD(fixture, "a statement refused inside a transaction is found, and run outside", "[steps]")
{
    auto const statement = GENERATE(as<std::string>{}, "create index concurrently i on a (id)", "vacuum a",
                                    "reindex table concurrently a",
                                    "create unique index concurrently if not exists i on a (id)");
    INFO(statement);
    auto const shipped = memory_catalog(with_second(statement + ";\n"));
    CHECK(boot(shipped).applied() == 2);
    CHECK(value("select string_agg(version || state || statement_reached::text, ',' order by id) "
                "from schemagate.history where statement_reached is not null") == "2applied1");
    CHECK(value("select count(*) from schemagate.history where verified_at is null") == "0");
    CHECK(boot(shipped).applied() == 0);
}

TEST_CASE_METHOD(fixture, "ordinary and refused statements in one script: each is done once, in order",
                 "[steps]")
{
    auto const shipped = memory_catalog(with_second("create table b (id int);\n"
                                                    "insert into b select generate_series(1, 10);\n"
                                                    "create index concurrently on b (id);\n"
                                                    "copy b from stdin;\n11\n12\n\\.\n"
                                                    "create index concurrently b_id on b (id);\n"
                                                    "alter table b add column t text default 'x';\n"));
    REQUIRE(boot(shipped).applied() == 2);
    CHECK(value("select count(*) from b where t = 'x'") == "12");
    CHECK(value("select count(*) from pg_index where indrelid = 'b'::regclass and indisvalid") == "2");
    CHECK(value("select statement_reached from schemagate.history where version = '2'") == "6");
    CHECK(value("select count(*) from schemagate.object where relation_name = 'b'") == "3");
}

TEST_CASE_METHOD(fixture, "a script that failed in the middle goes on at the statement where it stopped",
                 "[steps]")
{
    auto const text = [](std::string const& third) {
        return "create table b (id int);\ninsert into b values (1), (1);\n" + third +
               "insert into b values (2);\n";
    };
    auto const failed =
        boot(memory_catalog(with_second(text("create unique index concurrently u on b (id);\n"))));
    REQUIRE(failed.code() == "script-failed");
    CHECK(failed.failure->script() == "2_b");
    CHECK(failed.failure->line() == 3);
    CHECK(failed.failure->sqlstate() == "23505");
    CHECK(value("select state || statement_reached from schemagate.history where version = '2'") ==
          "running2");

    SECTION("and builds the index that failed")
    {
        database->run("delete from b where ctid in (select min(ctid) from b)");
        auto const done =
            boot(memory_catalog(with_second(text("create unique index concurrently u on b (id);\n"))));
        REQUIRE(done.applied() == 1);
        CHECK(value("select string_agg(id::text, ',' order by id) from b") == "1,2");
        CHECK(value("select indisvalid from pg_index where indexrelid = 'u'::regclass") == "t");
    }
    SECTION("also with a plain index of the same name")
    {
        auto const plain = memory_catalog(with_second(text("create index u on b (id);\n")));
        CHECK(boot(plain).applied() == 1);
    }
    SECTION("what did not run yet may be mended")
    {
        CHECK(boot(memory_catalog(with_second(text("create index concurrently u on b (id);\n")))).applied() ==
              1);
        CHECK(value("select count(*) from b") == "3");
        CHECK(boot(memory_catalog(with_second(text("create index concurrently u on b (id);\n")))).code() ==
              "done");
    }
    SECTION("what ran already may not")
    {
        auto const changed =
            memory_catalog(with_second("create table b (id bigint);\ninsert into b values (1), (1);\n"
                                       "create index concurrently u on b (id);\n"));
        auto const refused = boot(changed);
        CHECK(refused.code() == "checksum-mismatch");
        CHECK(refused.failure->exit_code() == 76);
    }
}

TEST_CASE_METHOD(fixture, "an INVALID index is never recorded as done, and IF NOT EXISTS does not hide it",
                 "[steps]")
{
    database->run("create table a (id int); insert into a values (1), (1)");
    CHECK_THROWS(database->run("create unique index concurrently u on a (id)"));
    REQUIRE(value("select indisvalid from pg_index where indexrelid = 'u'::regclass") == "f");
    database->run("delete from a where ctid in (select min(ctid) from a); alter table a owner to backend");
    auto const shipped =
        memory_catalog({{"1_u.sql", "create unique index concurrently if not exists u on a (id);\n"}});
    CHECK(boot(shipped).applied() == 1);
    CHECK(value("select indisvalid from pg_index where indexrelid = 'u'::regclass") == "t");
}

TEST_CASE_METHOD(fixture,
                 "SET in a script that runs in steps holds for the rest of it, also when it is resumed",
                 "[steps]")
{
    auto const text = [](std::string const& last) {
        return "set search_path = other;\ncreate schema other;\ncreate table b (id int);\n"
               "create index concurrently i on b (id);\n" +
               last;
    };
    REQUIRE(boot(memory_catalog(with_second(text("select 1/0;\ncreate table c (id int);\n")))).code() ==
            "script-failed");
    REQUIRE(boot(memory_catalog(with_second(text("create table c (id int);\n")))).applied() == 1);
    CHECK(exists("other.b"));
    CHECK(exists("other.c"));
    auto const done = events->events(step::apply, outcome::done);
    CHECK(done.back().message.find("search_path") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "own-transactions: each block of the script is done once", "[steps]")
{
    std::string const head =
        "-- schemagate: own-transactions\nbegin;\ncreate table b (id int);\ncommit;\n"
        "begin isolation level serializable;\ninsert into b values (1);\ninsert into b values (2);\n";
    REQUIRE(boot(memory_catalog(with_second(head + "insert into b values (1/0);\ncommit;\n"))).code() ==
            "script-failed");
    CHECK(value("select count(*) from b") == "0");
    CHECK(value("select statement_reached from schemagate.history where version = '2'") == "1");
    REQUIRE(boot(memory_catalog(with_second(head + "commit;\ninsert into b values (3);\n"))).applied() == 1);
    CHECK(value("select string_agg(id::text, ',' order by id) from b") == "1,2,3");
}

TEST_CASE_METHOD(fixture, "no-transaction: a procedure may commit", "[steps]")
{
    auto const shipped = memory_catalog(with_second("-- schemagate: no-transaction\ncreate procedure p() "
                                                    "language plpgsql as $$ begin for i in 1..3 loop\n"
                                                    "insert into a values (1000 + i); commit; end loop; end "
                                                    "$$;\ncall p();\ndo $$ begin commit; end $$;\n"));
    REQUIRE(boot(shipped).applied() == 2);
    CHECK(value("select count(*) from a where id > 1000") == "3");
}

TEST_CASE_METHOD(
    fixture,
    "CREATE INDEX CONCURRENTLY waits for old snapshots, whatever lock_timeout says; progress is told",
    "[steps]")
{
    database->run("create table a (id int); insert into a select generate_series(1, 1000); alter table a "
                  "owner to backend");
    support::sql_session reader{database->admin_url()};
    reader("begin isolation level repeatable read; select count(*) from a");
    auto const shipped = memory_catalog(
        {{"1_i.sql", "-- schemagate: lock-timeout=20ms\ncreate index concurrently i on a (id);\n"}});
    bool waited = false;
    events->then = [&](schemagate::event const& e) {
        if (!waited && e.step == step::apply && e.outcome == outcome::waiting) {
            waited = true;
            reader("commit");
        }
    };
    CHECK(boot(shipped).applied() == 1);
    REQUIRE(waited);
    auto const told = events->events(step::apply, outcome::waiting).front();
    CHECK(told.message.find("waits for pid") != std::string::npos);
    CHECK(told.fields.front().first == "progress_phase");
    CHECK(value("select indisvalid from pg_index where indexrelid = 'i'::regclass") == "t");
}

TEST_CASE_METHOD(fixture, "the session lost between the statements: the next attempt goes on", "[steps]")
{
    auto const shipped =
        memory_catalog(with_second("create table b (id int);\ninsert into b values (1);\n"
                                   "create index concurrently i on b (id);\n"
                                   "insert into b values (2);\nvacuum b;\ninsert into b values (3);\n"));
    auto const statement = GENERATE(as<std::string>{}, "1", "2", "3", "4", "5", "6");
    bool killed = false;
    events->then = [&](schemagate::event const& e) {
        if (!killed && e.step == step::apply && e.outcome == outcome::started && !e.fields.empty() &&
            e.fields.front().second == statement) {
            killed = true;
            database->run(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name like "
                "'schemagate/%' and datname = current_database()");
        }
    };
    CHECK(boot(shipped).report);
    CHECK(killed);
    CHECK(value("select string_agg(id::text, ',' order by id) from b") == "1,2,3");
    CHECK(value("select count(*) from schemagate.history where state = 'applied'") == "2");
}

TEST_CASE_METHOD(fixture,
                 "an older process still opens while a newer one is in the middle of a script in steps",
                 "[steps]")
{
    auto const older = memory_catalog({with_second("")[0]});
    REQUIRE(boot(older).applied() == 1);
    auto const newer = memory_catalog(with_second("create index concurrently i on a (id);\nselect 1/0;\n"));
    REQUIRE(boot(newer).code() == "script-failed");
    auto const again = boot(older);
    CHECK(again.code() == "done");
    CHECK(again.report->admission().kind() == schemagate::admission_kind::ahead);

    auto const breaking = memory_catalog(with_second(
        "-- schemagate: breaks-older-than=2\ncreate index concurrently i on a (id);\nselect 1/0;\n"));
    database->run("delete from schemagate.history where version = '2'; drop index i;"
                  " delete from schemagate.object where relation_name = 'i'");
    REQUIRE(boot(breaking).code() == "script-failed");
    CHECK(boot(older).code() == "newer-database");
}

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_TRANSACTION=all is refused where a pending script runs outside a transaction",
                 "[steps]")
{
    with.transaction = schemagate::transaction_scope::all;
    auto const refused = boot(memory_catalog(with_second("vacuum a;\n")));
    CHECK(refused.code() == "setting-invalid");
    CHECK(refused.failure->script() == "2_b");
    CHECK_FALSE(exists("a"));
}

TEST_CASE_METHOD(fixture, "a script in steps that ends after a later one still makes the newest row",
                 "[steps]")
{
    auto const failing = memory_catalog(with_second("create index concurrently i on a (id);\nselect 1/0;\n"));
    REQUIRE(boot(failing).code() == "script-failed");
    auto scripts = with_second("create index concurrently i on a (id);\nselect 1;\n");
    scripts.push_back({"0_late.sql", "-- schemagate: allow-out-of-order\ncreate table late (id int);\n"});
    auto const shipped = memory_catalog(scripts);
    REQUIRE(boot(shipped).applied() == 2);
    // So the idle check needs no look at the whole history.
    CHECK(value("select set_digest from schemagate.history order by id desc limit 1") == shipped.digest());
    CHECK(boot(shipped).applied() == 0);
}

TEST_CASE_METHOD(fixture, "scripts in steps follow each other without another look at the history", "[steps]")
{
    REQUIRE(boot(memory_catalog(
                     {{"1_a.sql", "create table a (id int, n int);\n"},
                      {"2_b.sql", "create index concurrently i on a (id);\n"},
                      {"3_c.sql", "create index concurrently j on a (n);\nreindex index concurrently j;\n"},
                      {"4_d.sql", "vacuum a;\n"},
                      {"5_e.sql", "create table e (id int);\n"}}))
                .applied() == 5);
    CHECK(events->events(schemagate::step::plan, schemagate::outcome::done).size() == 1);
    CHECK(events->events(schemagate::step::lock, schemagate::outcome::waiting).empty());
}

TEST_CASE_METHOD(fixture, "what a script in steps sets lasts to its end, whatever runs alone in between",
                 "[steps]")
{
    REQUIRE(boot(memory_catalog(
                     with_second("create table seen (step text, lock_timeout text);\n"
                                 "set lock_timeout = '7s';\n"
                                 "create index concurrently i on a (id);\n"
                                 "insert into seen values ('build', current_setting('lock_timeout'));\n"
                                 "create index concurrently j on a (id);\n"
                                 "drop index concurrently j;\n"
                                 "vacuum a;\n"
                                 "insert into seen values ('vacuum', current_setting('lock_timeout'));\n")))
                .applied() == 2);
    CHECK(value("select string_agg(step || ' ' || lock_timeout, ', ' order by step) from seen") ==
          "build 7s, vacuum 7s");
}
