// A mark belongs to one attempt at one statement in one database: what it does not vouch for is neither taken
// for done nor dropped.
#include <algorithm>

#include "interrupted_boot.hpp"

using engine::interruptible;
using support::holds;
using support::memory_catalog;
using support::memory_script;

namespace {

memory_script const first{"1_t.sql", "create table t (id int primary key, a int, b int);\n"
                                     "create index tb on t (b);\n"
                                     "insert into t values (1, 1, 1), (2, 1, 1);\n"
                                     "create table u (b int, c int);\ncreate index u_c_idx on u (c);\n"};
std::string const failing = "create unique index concurrently on t (a);\n";

struct marked : interruptible
{
    marked()
    {
        with.lock_retry = std::chrono::seconds{20};
        REQUIRE(boot(memory_catalog({first})).applied() == 1);
    }
    [[nodiscard]] engine::ended run(std::string const& text, std::string const& file = "2_i.sql") const
    {
        return boot(memory_catalog({first, {file, text}}));
    }
    void fails(std::string const& text, std::string const& file = "2_i.sql") const
    {
        REQUIRE(run(text, file).code() == "script-failed");
    }
    // The attempt has begun, and does not come to anything.
    void stopped_at_lock(std::string const& text, std::string const& file = "2_i.sql") const
    {
        support::sql_session other{database->admin_url()};
        other("begin; lock table t in access exclusive mode");
        REQUIRE(stopped(memory_catalog({first, {file, text}}),
                        "select exists (select from pg_stat_activity where datname = current_database() and"
                        " application_name like 'schemagate/%' and wait_event_type = 'Lock')")
                    .code() == "interrupted");
    }
    void unique_by_hand() const { database->run("update t set a = id"); }
    [[nodiscard]] std::string indexes() const
    {
        return value(
            "select string_agg(indexrelid::regclass::text || case when indisvalid then '' else '!' end,"
            " ',' order by indexrelid::regclass::text) from pg_index"
            " where indrelid in ('t'::regclass, 'u'::regclass)");
    }
    [[nodiscard]] std::string applied() const
    {
        return value("select string_agg(version, ',' order by id) from schemagate.history"
                     " where state = 'applied'");
    }
    void in_another_database() const
    {
        database->run("update schemagate.history set steps_digest ="
                      " regexp_replace(steps_digest, ':[0-9]+[.][0-9]+:', ':1.1:')");
    }
    // Runs the first or second UPDATE of an error line.
    void type(std::string const& fix, bool second = false) const
    {
        auto from = fix.find("UPDATE");
        REQUIRE(from != std::string::npos);
        if (second) {
            from = fix.find("UPDATE", from + 1);
            REQUIRE(from != std::string::npos);
        }
        database->run(fix.substr(from, fix.find(';', from) - from));
    }
};

} // namespace

TEST_CASE_METHOD(marked, "a build that failed is no build, whatever index somebody makes meanwhile",
                 "[index_mark]")
{
    fails(failing);
    CHECK(indexes() == "t_pkey,tb,u_c_idx");
    CHECK(value("select steps_digest from schemagate.history where version = '2'").empty());
    database->run("create index on t (b)");
    fails(failing);
    unique_by_hand();
    CHECK(run(failing).applied() == 1);
    CHECK(indexes() == "t_a_idx,t_b_idx,t_pkey,tb,u_c_idx");
}

TEST_CASE_METHOD(marked, "a build that was stopped before it began is no build", "[index_mark]")
{
    auto const ours = GENERATE(as<std::string>{}, "create index concurrently on t (a);\n",
                               "create index concurrently on t (a) where b > 0;\n",
                               "set work_mem = '8MB';\ncreate index concurrently on t (a);\n");
    INFO(ours);
    stopped_at_lock(ours);
    database->run("create index on t (b); create unique index t_x_idx on t (a, b, id); create index t_2_idx"
                  " on t (a desc)");
    CHECK(run(ours).applied() == 1);
    CHECK(indexes() == "t_2_idx,t_a_idx,t_b_idx,t_pkey,t_x_idx,tb,u_c_idx");
}

TEST_CASE_METHOD(marked, "a build that was done and not recorded is not done again", "[index_mark]")
{
    auto const [ours, done] = GENERATE(table<std::string, std::string>(
        {{"create index concurrently on t (a, (b + 1)) include (id) where b > 0;\n",
          "create index on t (a, (b + 1)) include (id) where b > 0"},
         {"create index concurrently named on only public.t using btree (a desc) with (fillfactor = 70);\n",
          "create index named on t (a desc) with (fillfactor = 70)"}}));
    INFO(ours);
    stopped_at_lock(ours);
    database->run(done);
    CHECK(run(ours).applied() == 1);
    CHECK(value("select count(*) from pg_index where indrelid = 't'::regclass") == "3");
}

TEST_CASE_METHOD(marked, "another statement in the place of one that failed runs", "[index_mark]")
{
    auto const first_text = GENERATE(as<std::string>{}, "create index concurrently on t (nocol);\n", failing);
    fails(first_text);
    CHECK(run("create index concurrently on u (b);\n").applied() == 1);
    CHECK(indexes() == "t_pkey,tb,u_b_idx,u_c_idx");
}

TEST_CASE_METHOD(marked, "another index of the same name is the server's to refuse", "[index_mark]")
{
    std::string const ours = "create unique index concurrently t_a_uq on t (a);\n";
    GENERATE(true, false) ? fails(ours) : stopped_at_lock(ours);
    database->run("create index t_a_uq on t (b)");
    auto const ended = run(ours);
    CHECK(ended.code() == "script-failed");
    CHECK(ended.failure->sqlstate() == "42P07");
    CHECK(applied() == "1");
}

TEST_CASE_METHOD(marked, "a DROP INDEX that failed is no drop, whatever goes meanwhile", "[index_mark]")
{
    auto const file = GENERATE(as<std::string>{}, "2_i.sql", "R_i.sql");
    fails("drop index concurrently t_pkey;\n", file);
    database->run("alter table t drop constraint t_pkey");
    CHECK(run("drop index concurrently tb;\n", file).applied() == 1);
    CHECK_FALSE(exists("tb"));
}

TEST_CASE_METHOD(marked, "a DROP INDEX whose end nobody saw is done if the index is gone", "[index_mark]")
{
    std::string const ours = "drop index concurrently tb;\n";
    stopped_at_lock(ours);
    SECTION("it is gone")
    {
        database->run("drop index tb");
        CHECK(run(ours).applied() == 1);
    }
    SECTION("it is there")
    {
        CHECK(run(ours).applied() == 1);
        CHECK_FALSE(exists("tb"));
    }
    SECTION("another has its name")
    {
        database->run("drop index tb; create index tb on t (a)");
        auto const refused = run(ours);
        REQUIRE(refused.code() == "script-failed");
        CHECK(exists("tb"));
        auto const drops = GENERATE(false, true);
        type(refused.failure->fix(), drops);
        CHECK(run(ours).applied() == 1);
        CHECK(exists("tb") != drops);
    }
    SECTION("the script drops another now")
    {
        database->run("drop index tb");
        CHECK(run("drop index concurrently u_c_idx;\n").applied() == 1);
        CHECK_FALSE(exists("u_c_idx"));
    }
}

TEST_CASE_METHOD(marked, "in another database a mark vouches for nothing", "[index_mark]")
{
    SECTION("an index is built")
    {
        std::string const ours = "create unique index concurrently on t (a);\n";
        stopped_at_lock(ours);
        in_another_database();
        unique_by_hand();
        database->run("create index on t (b)");
        CHECK(run(ours).applied() == 1);
        CHECK(indexes() == "t_a_idx,t_b_idx,t_pkey,tb,u_c_idx");
    }
    SECTION("one that is there already may be what it built: a person tells")
    {
        std::string const ours = "create index concurrently on t (a);\n";
        stopped_at_lock(ours);
        in_another_database();
        database->run("create index on t (a)");
        auto const refused = run(ours);
        REQUIRE(refused.code() == "script-failed");
        CHECK_THAT(refused.failure->message(), holds("t_a_idx"));
        auto const builds = GENERATE(false, true);
        type(refused.failure->fix(), builds);
        CHECK(run(ours).applied() == 1);
        CHECK(indexes() == (builds ? "t_a_idx,t_a_idx1,t_pkey,tb,u_c_idx" : "t_a_idx,t_pkey,tb,u_c_idx"));
    }
    SECTION("an index is dropped")
    {
        std::string const ours = "drop index concurrently tb;\n";
        stopped_at_lock(ours);
        in_another_database();
        database->run("update schemagate.history set steps_digest = regexp_replace(steps_digest, '::[0-9]+:',"
                      " '::1:')"); // no such OID here
        CHECK(run(ours).applied() == 1);
        CHECK_FALSE(exists("tb"));
    }
    SECTION("what is INVALID is not dropped")
    {
        interrupt_build(memory_catalog({first, {"2_i.sql", "create index concurrently on t (a);\n"}}));
        in_another_database();
        CHECK(run("create index concurrently on t (b);\n").applied() == 1);
        CHECK(indexes() == "t_a_idx!,t_b_idx,t_pkey,tb,u_c_idx");
    }
}

TEST_CASE_METHOD(marked, "what others left INVALID stays", "[index_mark]")
{
    SECTION("after ours failed")
    {
        fails(failing);
        CHECK_THROWS(database->run("create unique index concurrently my_c_idx on t (b)"));
        auto const next =
            GENERATE(as<std::string>{}, "create index concurrently on t (a);\n", "create index on t (a);\n");
        CHECK(run(next).applied() == 1);
        CHECK(indexes() == "my_c_idx!,t_a_idx,t_pkey,tb,u_c_idx");
    }
    SECTION("after ours was interrupted")
    {
        interrupt_build(memory_catalog({first, {"2_i.sql", "create index concurrently on t (a);\n"}}));
        CHECK_THROWS(database->run("create unique index concurrently my_c_idx on t (b)"));
        auto const next =
            GENERATE(as<std::string>{}, "create index concurrently on t (a);\n", "create index on t (a);\n");
        CHECK(run(next).applied() == 1);
        CHECK(indexes() == "my_c_idx!,t_a_idx,t_pkey,tb,u_c_idx");
    }
    SECTION("beside a REINDEX of nothing")
    {
        auto const nothing = GENERATE(as<std::string>{}, "reindex index concurrently typo;\n",
                                      "reindex table concurrently typo;\n");
        fails(nothing);
        CHECK_THROWS(database->run("create unique index concurrently other_session_ccnew on t (b)"));
        auto const next = GENERATE(as<std::string>{}, "reindex index concurrently u_c_idx;\n", "select 1;\n");
        CHECK(run(next).applied() == 1);
        CHECK(indexes() == "other_session_ccnew!,t_pkey,tb,u_c_idx");
    }
    SECTION("under the very name, where the statement would build something else")
    {
        CHECK_THROWS(database->run("create unique index concurrently i on t (b)"));
        auto const exists_or_not = GENERATE(as<std::string>{}, "", "if not exists ");
        auto const ended = run("create index concurrently " + exists_or_not + "i on t (a);\n");
        CHECK(ended.code() == "script-failed");
        CHECK(ended.failure->sqlstate() == "42P07");
        CHECK(indexes() == "i!,t_pkey,tb,u_c_idx");
    }
}

TEST_CASE_METHOD(marked, "each attempt has its mark, also where the one before failed without any",
                 "[index_mark]")
{
    fails("set nosuch = 1;\ncreate index concurrently on t (a);\n");
    std::string const mended = "create index concurrently on t (a);\n";
    interrupt_build(memory_catalog({first, {"2_i.sql", mended}}));
    CHECK(run(mended).applied() == 1);
    CHECK(indexes() == "t_a_idx,t_pkey,tb,u_c_idx");
}

TEST_CASE_METHOD(marked, "interrupted builds of changing statements leave nothing", "[index_mark]")
{
    for (auto const* const text :
         {"create index concurrently n1 on t (a);\n", "create index concurrently n2 on t (a);\n",
          "create index concurrently on t (a);\n"}) {
        auto const reader = old_snapshot();
        // Of the one before nothing can be dropped while the reader is there, so each is begun by itself.
        auto const ended = stopped(memory_catalog({first, {"2_i.sql", text}}),
                                   "select count(*) > 0 from pg_index where not indisvalid");
        REQUIRE(ended.code() == "interrupted");
    }
    CHECK(run("create index concurrently on t (a);\n").applied() == 1);
    CHECK(indexes() == "t_a_idx,t_pkey,tb,u_c_idx");
}

TEST_CASE_METHOD(marked, "where nobody can tell whose an index is, a person is asked", "[index_mark]")
{
    // t in its own words: it cannot be tried beside an empty copy.
    interrupt_build(memory_catalog({first, {"2_i.sql", "create index concurrently on t ((t.a + 1));\n"}}));
    auto const refused = run("create index concurrently on t (a);\n");
    REQUIRE(refused.code() == "script-failed");
    CHECK_THAT(refused.failure->fix(), holds("DROP INDEX CONCURRENTLY public.t_expr_idx"));
    CHECK(indexes() == "t_expr_idx!,t_pkey,tb,u_c_idx");
    type(refused.failure->fix());
    CHECK(run("create index concurrently on t (a);\n").applied() == 1);
}

TEST_CASE_METHOD(marked, "what a REINDEX left on a partition is cleared away", "[index_mark]")
{
    if (std::stoi(value("show server_version_num")) < 140000) {
        return; // REINDEX of a partitioned index came with 14
    }
    database->run("create table p (a int) partition by range (a);"
                  " create table p1 partition of p for values from (0) to (9); create index p_a on p (a);"
                  " alter table p owner to backend; alter table p1 owner to backend");
    auto const statement =
        GENERATE(as<std::string>{}, "reindex index concurrently p_a;\n", "reindex table concurrently p;\n");
    interrupt_build(memory_catalog({first, {"2_i.sql", statement}}));
    CHECK(run(statement).applied() == 1);
    CHECK(invalid_indexes() == "0");
}

TEST_CASE_METHOD(marked, "what a REINDEX left on a TOAST table is cleared away by whoever may",
                 "[index_mark]")
{
    database->run("create schema s authorization backend; create table s.w (x text);"
                  " create index w_x on s.w (x); alter table s.w owner to backend");
    auto const statement =
        GENERATE(as<std::string>{}, "reindex table concurrently s.w;\n", "reindex schema concurrently s;\n");
    {
        auto const reader = old_snapshot();
        REQUIRE(
            stopped(memory_catalog({first, {"2_i.sql", statement}}),
                    "select exists (select from pg_index where not indisvalid and indexrelid::regclass::text"
                    " like 'pg_toast.%')")
                .code() == "interrupted");
    }
    auto const superuser = GENERATE(false, true);
    if (superuser) {
        with = support::settings_for(database->admin_url());
    }
    CHECK(run(statement).applied() == 1);
    CHECK(invalid_indexes() == (superuser ? "0" : "1"));
    auto const told = events->events(schemagate::step::apply, schemagate::outcome::noted);
    auto const says = [&](std::string const& words) {
        return std::any_of(told.begin(), told.end(),
                           [&](auto const& e) { return e.message.find(words) != std::string::npos; });
    };
    CAPTURE(statement, superuser);
    CHECK(says("only a superuser may drop it: DROP INDEX CONCURRENTLY pg_toast.") != superuser);
}

TEST_CASE_METHOD(marked, "a table that has become another's meanwhile is said to be", "[index_mark]")
{
    std::string const ours = "create index concurrently on t (a);\n";
    interrupt_build(memory_catalog({first, {"2_i.sql", ours}}));
    database->run("alter table t owner to current_user");
    auto const refused = run(ours);
    REQUIRE(refused.code() == "permission-denied");
    CHECK_THAT(refused.failure->message(),
               holds("belongs to the role") && !holds("Nothing of this script was applied"));
    CHECK_THAT(refused.failure->fix(), holds("GRANT") && holds("DROP INDEX CONCURRENTLY public.t_a_idx;"));
    database->run("alter table t owner to backend");
    CHECK(run(ours).applied() == 1);
    CHECK(indexes() == "t_a_idx,t_pkey,tb,u_c_idx");
}

TEST_CASE_METHOD(marked, "a signal in a concurrent build says what stays", "[index_mark]")
{
    auto const reader = old_snapshot();
    auto const ended = stopped(memory_catalog({first, {"2_i.sql", "create index concurrently on t (a);\n"}}),
                               "select exists (select from pg_index where not indisvalid)");
    REQUIRE(ended.code() == "interrupted");
    CHECK_THAT(ended.failure->message(), holds("INVALID"));
    CHECK_THAT(ended.failure->message(), !holds("rolled back"));
}

TEST_CASE_METHOD(marked, "a detach that a signal left pending is finished by the next boot", "[index_mark]")
{
    if (std::stoi(value("show server_version_num")) < 140000) {
        return; // DETACH … CONCURRENTLY came with 14
    }
    database->run("create table p (a int) partition by range (a);"
                  " create table p1 partition of p for values from (0) to (9);"
                  " alter table p owner to backend; alter table p1 owner to backend");
    std::string const ours = "alter table p detach partition p1 concurrently;\n";
    {
        support::sql_session reader{database->admin_url()};
        reader("begin; select * from p");
        REQUIRE(stopped(memory_catalog({first, {"2_i.sql", ours}}),
                        "select exists (select from pg_inherits where inhdetachpending)")
                    .code() == "interrupted");
    }
    if (GENERATE(false, true)) { // somebody was quicker
        database->run("alter table p detach partition p1 finalize");
    }
    CHECK(run(ours).applied() == 1);
    CHECK(value("select count(*) from pg_inherits where inhparent = 'p'::regclass") == "0");
}
