// What an interrupted concurrent build leaves: ours is cleared away, whatever the script has become; what
// others have or build on the same table is not touched.
#include "interrupted_boot.hpp"

using engine::eventually;
using engine::interruptible;
using support::memory_catalog;
using support::memory_script;

namespace {

memory_script const first{"1_a.sql", "create table a (id int, n int);\n"
                                     "insert into a select g % 10, g from generate_series(1, 100) g;\n"};

struct left_index : interruptible
{
    left_index()
    {
        with.lock_retry = std::chrono::minutes{1};
        REQUIRE(boot(memory_catalog({first})).applied() == 1);
    }
    [[nodiscard]] static schemagate::catalog second(std::string const& text)
    {
        return memory_catalog({first, {"2_b.sql", text}});
    }
    [[nodiscard]] std::string valid_on_a() const
    {
        return value("select string_agg(indexrelid::regclass::text, ',' order by indexrelid::regclass::text) "
                     "from pg_index"
                     " where indrelid = 'a'::regclass and indisvalid");
    }
    // As another role, whose progress ours cannot see. Returns while the build waits for `reader`.
    [[nodiscard]] std::jthread build_by_hand(std::string const& statement, std::string const& index) const
    {
        std::jthread dba{[this, statement] {
            try {
                database->run(statement);
            }
            catch (std::runtime_error const&) { // the test finds the index missing
            }
        }};
        REQUIRE(eventually([&] {
            return value("select exists (select from pg_index where indexrelid = to_regclass('" + index +
                         "') and not indisvalid)") == "t";
        }));
        return dba;
    }
};

} // namespace

TEST_CASE_METHOD(left_index, "an interrupted index is never recorded INVALID, whatever its script becomes",
                 "[index_left]")
{
    auto const [before, after] = GENERATE(table<std::string, std::string>(
        {{"create index concurrently i on a (id);\n", "create index if not exists i on a (id);\n"},
         {"set lock_timeout = '1s';\ncreate index concurrently i on a (id);\n",
          "create index if not exists i on a (id);\n"},
         {"create table c (id int);\ncreate index concurrently i on a (id);\n",
          "create table c (id int);\ncreate index if not exists i on a (id);\n"},
         {"create index concurrently i on a (id);\n",
          "-- schemagate: own-transactions\nbegin;\ncreate index if not exists i on a (id);\ncommit;\n"},
         {"create index concurrently i on a (id);\n",
          "create index concurrently if not exists i on a (id);\n"},
         {"create index concurrently on a (id);\n", "create index if not exists i on a (id);\n"}}));
    INFO(before << after);
    interrupt_build(second(before));
    CHECK(boot(second(after)).applied() == 1);
    CHECK(valid_on_a() == "i");
    CHECK(invalid_indexes() == "0");
}

TEST_CASE_METHOD(left_index, "an interrupted index is cleared away where the new text builds none",
                 "[index_left]")
{
    interrupt_build(second("create index concurrently i on a (id);\n"));
    CHECK(boot(second("create table c (id int);\n")).applied() == 1);
    CHECK(invalid_indexes() == "0");
    CHECK(exists("c"));
}

TEST_CASE_METHOD(left_index, "a repeatable script's interrupted index is cleared away too", "[index_left]")
{
    auto const shipped = [](std::string const& text) { return memory_catalog({first, {"R_r.sql", text}}); };
    auto const head = GENERATE(as<std::string>{}, "", "create or replace view v as select 1 as one;\n");
    interrupt_build(shipped(head + "create index concurrently i on a (id);\n"));
    CHECK(boot(shipped("create index if not exists i on a (id);\n")).applied() == 1);
    CHECK(valid_on_a() == "i");
    CHECK(invalid_indexes() == "0");
}

TEST_CASE_METHOD(left_index, "what cannot be cleared away yet is not recorded, nor forgotten", "[index_left]")
{
    interrupt_build(second("create index concurrently i on a (id);\n"));
    auto const edited = second("create index if not exists i on a (id);\n");
    with.lock_retry = std::chrono::milliseconds{300};
    {
        support::sql_session other{database->admin_url()};
        other("begin; lock table a in share update exclusive mode");
        CHECK(boot(edited).code() == "lock-retry-over");
        CHECK(value("select state from schemagate.history where version = '2'") == "running");
    }
    CHECK(boot(edited).applied() == 1);
    CHECK(valid_on_a() == "i");
}

TEST_CASE_METHOD(left_index, "an index of another's that failed before is not dropped with ours",
                 "[index_left]")
{
    auto const ours = GENERATE(as<std::string>{}, "create index concurrently on a (n);\n",
                               "create index concurrently i on a (n);\n");
    CHECK_THROWS(database->run("create unique index concurrently dba_index on a (id)"));
    interrupt_build(second(ours));
    CHECK(boot(second(ours)).applied() == 1);
    CHECK(invalid_indexes() == "1");
    CHECK(exists("dba_index"));
    CHECK(value("select count(*) from pg_index where indrelid = 'a'::regclass and indisvalid") == "1");
}

TEST_CASE_METHOD(left_index, "an index that another role builds now is waited for, and ours is built as well",
                 "[index_left]")
{
    auto const shipped = second("create index concurrently on a (n);\n");
    interrupt_build(shipped);
    std::optional reader{old_snapshot()};
    auto const dba = build_by_hand("create index concurrently dba_index on a (id, n)", "dba_index");
    engine::ended ended;
    std::jthread ours{[&] { ended = boot(shipped); }};
    CHECK(eventually([&] { return held_up(); }));
    reader.reset();
    ours.join();
    CHECK(ended.applied() == 1);
    CHECK(valid_on_a() == "a_n_idx,dba_index");
    CHECK(invalid_indexes() == "0");
}

TEST_CASE_METHOD(left_index, "an index made by hand under the name of ours is kept as it is", "[index_left]")
{
    auto const shipped = second("create index concurrently if not exists i on a (id);\n");
    interrupt_build(shipped);
    database->run("drop index i");
    std::optional reader{old_snapshot()};
    auto const dba = build_by_hand("create index concurrently i on a (id)", "i");
    auto const theirs = value("select 'i'::regclass::oid");
    engine::ended ended;
    std::jthread ours{[&] { ended = boot(shipped); }};
    CHECK(eventually([&] { return held_up(); }));
    reader.reset();
    ours.join();
    CHECK(ended.applied() == 1);
    CHECK(value("select to_regclass('i')::oid") == theirs);
    CHECK(valid_on_a() == "i");
}

TEST_CASE_METHOD(left_index, "an index that another made meanwhile does not stand for ours", "[index_left]")
{
    auto const shipped = second("create index concurrently on a (n);\n");
    interrupt_build(shipped);
    database->run("create index dba_index on a (id)");
    if (GENERATE(true, false)) {
        database->run("drop index a_n_idx"); // somebody has cleared away what we left
    }
    CHECK(boot(shipped).applied() == 1);
    CHECK(valid_on_a() == "a_n_idx,dba_index");
}

TEST_CASE_METHOD(left_index, "what another's REINDEX left is not dropped, what ours left is", "[index_left]")
{
    database->run("create index i on a (id); alter schema public owner to backend");
    {
        auto const reader = old_snapshot();
        auto const dba = build_by_hand("reindex index concurrently i", "i_ccnew");
        database->run("select pg_cancel_backend(pid) from pg_stat_activity where query like 'reindex%'"
                      " and datname = current_database()");
    }
    REQUIRE(invalid_indexes() == "1");
    auto const theirs = value("select 'i_ccnew'::regclass::oid");
    auto const statement =
        GENERATE(as<std::string>{}, "reindex index concurrently i;\n", "reindex table concurrently a;\n",
                 "reindex schema concurrently public;\n");
    auto const shipped = second(statement);
    if (GENERATE(true, false)) {
        interrupt_build(shipped);
    }
    CHECK(boot(shipped).applied() == 1);
    CHECK(value("select string_agg(indexrelid::text, ',') from pg_index where not indisvalid") == theirs);
    CHECK(valid_on_a() == "i");
}

TEST_CASE_METHOD(left_index, "an index that another leaves INVALID meanwhile is no failure of ours",
                 "[index_left]")
{
    bool failed = false;
    events->then = [&](schemagate::event const& e) {
        if (!failed && e.step == schemagate::step::apply && e.outcome == schemagate::outcome::started &&
            !e.fields.empty() && e.fields.front().second == "2") {
            failed = true;
            CHECK_THROWS(database->run("create unique index concurrently dba_index on a (id)"));
        }
    };
    auto const ended = boot(second("create index concurrently i on a (id);\nselect 1;\n"));
    REQUIRE(failed);
    CHECK(ended.applied() == 1);
    CHECK(exists("dba_index"));
}
