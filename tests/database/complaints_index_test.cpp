// What users of other tools complain of about half-done work, each by its number.
#include "complaint_folder.hpp"

using engine::becomes_true;
using engine::complaint_folder;
using schemagate::outcome;
using schemagate::step;
using support::holds;

TEST_CASE_METHOD(complaint_folder,
                 "complaint 1: a dirty state needs a human (golang-migrate#282, #518, #1059)", "[complaint]")
{
    SECTION("a file in a transaction leaves no state at all: mend it, start again")
    {
        write("1_a.sql", "create table a (id int);\ninsert into a values (1);\nselect 1/0;\n");
        REQUIRE(migrate().code() == "script-failed");
        CHECK_FALSE(exists("a"));
        CHECK(value("select count(*) from schemagate.history") == "0");
        write("1_a.sql", "create table a (id int);\ninsert into a values (1);\n");
        REQUIRE(migrate().applied() == 1);
        CHECK(value("select count(*) from a") == "1");
    }
    SECTION("a file outside one knows how far it came, says so, and goes on from there")
    {
        std::string const head = "create table a (id int);\ninsert into a values (1);\n"
                                 "create index concurrently i on a (id);\n";
        write("1_a.sql", head + "vacuum no_such_table;\n");
        auto const failed = migrate();
        REQUIRE(failed.code() == "script-failed");
        CHECK(failed.failure->line() == 4);
        CHECK(value("select state || statement_reached from schemagate.history") == "running3");
        write("1_a.sql", head + "vacuum a;\n");
        REQUIRE(migrate().applied() == 1);
        CHECK(value("select count(*) from a") == "1");
        CHECK_THAT(events->events(step::apply, outcome::noted).front().message,
                   holds("goes on after 3 steps"));
    }
    SECTION("also where the mended text could be one transaction")
    {
        std::string const head = "create table a (id int);\ninsert into a values (1);\n";
        auto const reached = GENERATE(as<std::string>{}, "", "create table a (id int);\n");
        write("1_a.sql", reached + "select 1/0;\nvacuum;\n");
        REQUIRE(migrate().code() == "script-failed");
        write("1_a.sql", head);
        REQUIRE(migrate().applied() == 1);
        CHECK(value("select count(*) from a") == "1");
    }
    CHECK(recorded() == "1");
    CHECK(value("select count(*) from schemagate.history where verified_at is null") == "0");
    CHECK(migrate().applied() == 0);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 21: a failed CREATE INDEX CONCURRENTLY leaves an INVALID index, and IF NOT "
                 "EXISTS then \"succeeds\" (freehire#2366, bob#287, influxdb_iox#8450)",
                 "[complaint]")
{
    database->run("create table a (id int); insert into a values (1), (1); alter table a owner to backend");
    auto const statement =
        GENERATE(as<std::string>{}, "create unique index concurrently u on a (id);\n",
                 "create unique index concurrently if not exists u on a (id);\n",
                 "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"u\" ON public.a USING btree (id)\n");
    INFO(statement);
    write("1_u.sql", statement);
    for (int i = 0; i < 2; ++i) { // the second start would "succeed" with other tools
        auto const failed = migrate();
        REQUIRE(failed.code() == "script-failed");
        CHECK(failed.failure->sqlstate() == "23505");
        CHECK(recorded().empty());
    }
    CHECK_THAT(events->events(step::apply, outcome::noted).back().message, holds("INVALID index public.u"));
    REQUIRE(invalid_indexes() == "0"); // none is left to cost every write
    database->run("delete from a where ctid in (select min(ctid) from a)");
    REQUIRE(migrate().applied() == 1);
    CHECK(invalid_indexes() == "0");
    CHECK(value("select indisunique and indisvalid from pg_index where indexrelid = 'u'::regclass") == "t");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 21: the INVALID index of another, beside ours, is left alone and hides nothing",
                 "[complaint]")
{
    database->run("create table a (id int); create table other (id int); insert into other values (1), (1); "
                  "alter table a owner to backend");
    CHECK_THROWS(database->run("create unique index concurrently left_over on other (id)"));
    write("1_i.sql", "create index concurrently i on a (id);\n");
    REQUIRE(migrate().applied() == 1);
    CHECK(invalid_indexes() == "1");
    CHECK(exists("left_over"));
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 21: an index build that is cancelled is built again, not recorded", "[complaint]")
{
    make_table();
    auto reader = std::make_unique<support::sql_session>(database->admin_url());
    (*reader)("begin isolation level repeatable read; select 1");
    write("1_i.sql", "create index concurrently if not exists i on a (id);\n");
    engine::many_boots one;
    one.start(with, schemagate::catalog_of_folder("test", folder.path() / "migrations"));
    REQUIRE(becomes_true(*database, "select exists (select from pg_index where not indisvalid)"));
    REQUIRE(value("select count(pg_cancel_backend(pid)) from pg_stat_activity where query ilike 'create "
                  "index concurrently%' and datname = current_database()") == "1");
    auto const troubles = one.troubles();
    CHECK_THAT(troubles, holds("57014"));
    CHECK(recorded().empty());
    reader.reset();
    REQUIRE(migrate().applied() == 1);
    CHECK(invalid_indexes() == "0");
}

TEST_CASE_METHOD(complaint_folder,
                 "case (j): the session is lost between lock and COMMIT, and nothing is applied twice",
                 "[complaint]")
{
    auto const [when, how] = GENERATE(table<step, outcome>({{step::lock, outcome::done},
                                                            {step::plan, outcome::done},
                                                            {step::apply, outcome::started},
                                                            {step::apply, outcome::done},
                                                            {step::verify, outcome::started}}));
    INFO(name(when) << ' ' << static_cast<int>(how));
    bool lost = false;
    events->then = [&, at = when, what = how](schemagate::event const& e) {
        if (!lost && e.step == at && e.outcome == what) {
            lost = true;
            database->run("select pg_terminate_backend(pid) from pg_stat_activity where datname = "
                          "current_database() and usename = 'backend'");
        }
    };
    write("1_a.sql", "create table a (id int);\ninsert into a values (1);\n");
    write("2_b.sql", "insert into a values (2);\n");
    write("3_i.sql", "insert into a values (3);\ncreate index concurrently i on a (id);\n");
    CHECK(migrate().code() == "done");
    CHECK(lost);
    CHECK(value("select string_agg(id::text, ',' order by id) from a") == "1,2,3");
    CHECK(recorded() == "1 2 3");
    CHECK(invalid_indexes() == "0");
}
