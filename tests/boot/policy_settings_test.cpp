// Where the database and the binary differ, and a policy decides.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

using variables = support::environment;

struct fixture
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    script_folder scripts{*database};

    /// 0001 and 0003 are applied.
    fixture()
    {
        scripts.write("0001_make_a.sql",
                      "create table a (id int, name text not null);\n"
                      "create index a_id on a (id);\ncreate view seen as select id from a;\n");
        scripts.write("0003_make_c.sql", "create table c (id int);\n");
        auto const done = scripts.migrate();
        INFO(done.err);
        REQUIRE(done.code == 0);
    }

    void come_late(std::string const& directive = "") const
    {
        scripts.write("0002_make_b.sql", directive + "create table b (id int);\n");
    }
    /// The database is ahead; what it has more breaks binaries older than `breaks`.
    void fall_behind(std::string const& breaks = "") const
    {
        scripts.write("0004_more.sql",
                      (breaks.empty() ? "" : "-- schemagate: breaks-older-than=" + breaks + "\n") +
                          "create table d (id int);\n");
        REQUIRE(scripts.migrate().code == 0);
        scripts.remove("0004_more.sql");
    }
    void change_by_hand() const { database->run("alter table a alter name drop not null"); }
    void write_pending() const { scripts.write("0005_more.sql", "create table e (id int);\n"); }

    [[nodiscard]] std::string versions() const
    {
        return database->value("select string_agg(version, ' ' order by id) from schemagate.history");
    }
    void check_refused(variables const& with, std::string const& code) const
    {
        auto const before = versions();
        auto const done = scripts.migrate(with);
        INFO(done.err);
        CHECK(done.code == 76);
        CHECK(done.code_name == code);
        CHECK_FALSE(done.fix.empty());
        CHECK(versions() == before);
    }
};

std::string const changed = "column public.a.name was changed";

} // namespace

TEST_CASE_METHOD(fixture, "SCHEMAGATE_OUT_OF_ORDER: refuse, the default, refuses a late lower version",
                 "[settings]")
{
    come_late();
    auto const with = GENERATE(variables{}, variables{{"SCHEMAGATE_OUT_OF_ORDER", "refuse"}});
    check_refused(with, "out-of-order");
    CHECK(database->value("select to_regclass('b') is null") == "t");
    come_late("-- schemagate: allow-out-of-order\n"); // the script's author has the last word
    CHECK(scripts.migrate(with).code == 0);
    CHECK(versions() == "0001 0003 0002");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_OUT_OF_ORDER: warn opens without it, and says so at each boot",
                 "[settings]")
{
    come_late();
    for (int boot = 0; boot < 2; ++boot) {
        auto const done = scripts.migrate({{"SCHEMAGATE_OUT_OF_ORDER", "warn"}});
        INFO(done.err);
        CHECK(done.code == 0);
        CHECK_THAT(done.err, holds("0002_make_b comes late") && holds("NOT applied"));
        CHECK(versions() == "0001 0003");
    }
    write_pending(); // what comes at its turn is applied all the same
    CHECK(scripts.migrate({{"SCHEMAGATE_OUT_OF_ORDER", "warn"}}).code == 0);
    CHECK(versions() == "0001 0003 0005");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_OUT_OF_ORDER: apply applies it", "[settings]")
{
    come_late();
    auto const told = scripts.migrate({{"SCHEMAGATE_OUT_OF_ORDER", "apply"}});
    INFO(told.err);
    CHECK(told.code == 0);
    CHECK(versions() == "0001 0003 0002");
    CHECK(scripts.migrate().code == 0);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_NEWER: compatible, the default, opens on a newer database",
                 "[settings]")
{
    auto const with = GENERATE(variables{}, variables{{"SCHEMAGATE_NEWER", "compatible"}});
    fall_behind(GENERATE("", "0003")); // equal to our newest is compatible
    auto const done = scripts.migrate(with);
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.out, holds("ahead"));
    CHECK(versions() == "0001 0003 0004");
}

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_NEWER: compatible refuses what breaks us, changed scripts and diverged lists",
                 "[settings]")
{
    auto const with = GENERATE(variables{}, variables{{"SCHEMAGATE_NEWER", "compatible"}});
    SECTION("a newer migration breaks binaries as old as this one")
    {
        fall_behind("0004");
        check_refused(with, "newer-database");
    }
    SECTION("one of ours was changed")
    {
        fall_behind();
        scripts.write("0001_make_a.sql", "create table a (id bigint);\n");
        check_refused(with, "checksum-mismatch");
    }
    SECTION("each side holds what the other lacks")
    {
        fall_behind();
        come_late();
        check_refused(with, "out-of-order");
    }
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_NEWER: refuse refuses any newer database", "[settings]")
{
    fall_behind();
    check_refused({{"SCHEMAGATE_NEWER", "refuse"}}, "newer-database");
    scripts.write("0004_more.sql", "create table d (id int);\n");
    CHECK(scripts.migrate({{"SCHEMAGATE_NEWER", "refuse"}}).code == 0);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_NEWER: allow opens without these tests, and applies nothing",
                 "[settings]")
{
    fall_behind("0004");
    scripts.write("0001_make_a.sql", "create table a (id bigint);\n");
    come_late();
    auto const done = scripts.migrate({{"SCHEMAGATE_NEWER", "allow"}});
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds("SCHEMAGATE_NEWER=allow"));
    CHECK(versions() == "0001 0003 0004");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_DRIFT: warn, the default, tells it at the boot that migrates",
                 "[settings]")
{
    change_by_hand();
    auto const with = GENERATE(variables{}, variables{{"SCHEMAGATE_DRIFT", "warn"}});
    CHECK(scripts.migrate(with).code == 0);
    write_pending();
    auto const done = scripts.migrate(with);
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds("outcome=warned") && holds(changed));
    CHECK(versions() == "0001 0003 0005");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_DRIFT: refuse refuses every boot until it is put back", "[settings]")
{
    change_by_hand();
    variables const with{{"SCHEMAGATE_DRIFT", "refuse"}};
    check_refused(with, "drift");
    write_pending();
    check_refused(with, "drift");
    CHECK_THAT(scripts.migrate(with).message, holds(changed));
    database->run("alter table a alter name set not null");
    CHECK(scripts.migrate(with).code == 0);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_DRIFT: ignore is silent", "[settings]")
{
    change_by_hand();
    write_pending();
    auto const done = scripts.migrate({{"SCHEMAGATE_DRIFT", "ignore"}});
    CHECK(done.code == 0);
    CHECK(done.err.find("public.a") == std::string::npos);
}

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_DRIFT: a table or view that is missing is refused but for ignore, which warns",
                 "[settings]")
{
    database->run(GENERATE("drop table c", "drop view seen"));
    check_refused({}, "object-missing");
    check_refused({{"SCHEMAGATE_DRIFT", "refuse"}}, "object-missing");
    auto const done = scripts.migrate({{"SCHEMAGATE_DRIFT", "ignore"}});
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err,
               holds("outcome=warned") && holds("is missing or not valid now") && holds("DELETE FROM"));
}

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_DRIFT: an index or column that is missing or not valid is refused by refuse",
                 "[settings]")
{
    database->run(GENERATE("drop index a_id", "alter table a drop column name",
                           "update pg_index set indisvalid = false where indexrelid = 'a_id'::regclass"));
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds("outcome=warned") && holds("is missing or not valid now"));
    CHECK(scripts.migrate({{"SCHEMAGATE_DRIFT", "ignore"}}).err.find("is missing") == std::string::npos);
    check_refused({{"SCHEMAGATE_DRIFT", "refuse"}}, "object-missing");
}
