// The folder says one thing and the history another.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

constexpr char const* make_a = "create table a (id int);\n";
constexpr char const* make_c = "create table c (id int);\n";

struct fixture
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    script_folder scripts{*database};

    /// 0001 and 0003 are applied.
    fixture()
    {
        scripts.write("0001_make_a.sql", make_a);
        scripts.write("0003_make_c.sql", make_c);
        auto const done = scripts.migrate();
        INFO(done.err);
        REQUIRE(done.code == 0);
    }

    [[nodiscard]] std::string versions() const
    {
        return database->value("select string_agg(version, ' ' order by id) from schemagate.history");
    }
};

} // namespace

TEST_CASE_METHOD(fixture, "a script that was changed after it was applied is refused", "[contradiction]")
{
    scripts.write("0001_make_a.sql", "create table a (id bigint);\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 76);
    CHECK(done.code_name == "checksum-mismatch");
    CHECK(done.script == "0001_make_a");
    CHECK_FALSE(done.fix.empty());
    CHECK(versions() == "0001 0003");

    scripts.write("0001_make_a.sql", make_a);
    CHECK(scripts.migrate().code == 0);
}

TEST_CASE_METHOD(fixture, "a trigger that eats our rows ends in the result line", "[contradiction]")
{
    database->run(
        "create table ledger (v text); insert into ledger values ('1'); grant select on ledger to public;"
        "create function eat() returns trigger language plpgsql as $$ begin return null; end $$;"
        "create trigger t before insert on schemagate.history for each row execute function eat()");
    script_folder const other{*database};
    other.write("1_b.sql", "-- schemagate: adopts public.ledger v=1\ncreate table b (id int);\n");
    auto const done = other.migrate({}, {"--catalog", "other"});
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "script-refused");
    CHECK(done.script == "1_b");
    CHECK_THAT(done.message, holds("its history row was not written"));
}

TEST_CASE_METHOD(fixture,
                 "the same folder under another --catalog is refused, and the line names the right one",
                 "[contradiction]")
{
    auto const done = scripts.migrate({}, {"--catalog", "typo"});
    INFO(done.err);
    CHECK(done.code == 76);
    CHECK(done.code_name == "catalog-renamed");
    auto const name = database->value("select distinct catalog from schemagate.history");
    CHECK_THAT(done.fix, holds("--catalog " + name + " ") && holds("NAME " + name + " in"));
    CHECK(versions() == "0001 0003");
    CHECK(scripts.migrate({}, {"--catalog", name}).code == 0);
}

TEST_CASE_METHOD(fixture, "a recorded script that is not in the folder any more is refused",
                 "[contradiction]")
{
    scripts.remove("0001_make_a.sql");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 76);
    CHECK(done.code_name == "migration-missing");
    CHECK_THAT(done.message, holds("0001"));
}

TEST_CASE_METHOD(fixture, "a table that somebody dropped is named and refused", "[contradiction]")
{
    database->run("drop table a");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 76);
    CHECK(done.code_name == "object-missing");
    CHECK_THAT(done.message, holds("public.a"));
}
