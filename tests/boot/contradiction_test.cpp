// The folder says one thing and the history another.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

constexpr char const* make_a = "create table a (id int);\n";
constexpr char const* make_b = "create table b (id int);\n";
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

TEST_CASE_METHOD(fixture, "a late lower version is refused, or applied when told so", "[contradiction]")
{
    scripts.write("0002_make_b.sql", make_b);
    auto const refused = scripts.migrate();
    INFO(refused.err);
    CHECK(refused.code == 76);
    CHECK(refused.code_name == "out-of-order");
    CHECK_THAT(refused.message, holds("0002_make_b"));
    CHECK(database->value("select to_regclass('b') is null") == "t");

    auto const told = scripts.migrate({{"SCHEMAGATE_OUT_OF_ORDER", "apply"}});
    INFO(told.err);
    CHECK(told.code == 0);
    CHECK(versions() == "0001 0003 0002");
    CHECK(scripts.migrate().code == 0);
}

TEST_CASE_METHOD(fixture, "an older binary opens on a newer database, unless told to refuse",
                 "[contradiction]")
{
    scripts.remove("0003_make_c.sql");
    auto const refused = scripts.migrate({{"SCHEMAGATE_NEWER", "refuse"}});
    INFO(refused.err);
    CHECK(refused.code == 76);
    CHECK(refused.code_name == "newer-database");
    auto const compatible = scripts.migrate();
    INFO(compatible.err);
    CHECK(compatible.code == 0);
    CHECK(versions() == "0001 0003");
}

TEST_CASE_METHOD(fixture, "a binary that a newer migration breaks does not open", "[contradiction]")
{
    scripts.write("0004_rename.sql", "-- schemagate: breaks-older-than=0004\nalter table a rename to a2;\n");
    REQUIRE(scripts.migrate().code == 0);
    scripts.remove("0004_rename.sql");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 76);
    CHECK(done.code_name == "newer-database");
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
