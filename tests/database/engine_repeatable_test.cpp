// Repeatable scripts on a real database (PROTOCOL.md, "Script files").
#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

schemagate::catalog binary(std::string const& view_text, std::vector<support::memory_script> more = {})
{
    std::vector<support::memory_script> scripts{{"0001_make.sql", "create table t (a int);"},
                                                {"R_totals.sql", view_text}};
    scripts.insert(scripts.end(), more.begin(), more.end());
    return memory_catalog(std::move(scripts));
}

std::string showing(std::string const& text)
{
    return "create or replace view totals as select '" + text + "'::text as shown from (select 1) one;";
}

} // namespace

TEST_CASE_METHOD(fixture, "a deploy of text A to B, with an old process rebooting, leaves B", "[repeatable]")
{
    auto const old_binary = binary(showing("A"));
    auto const new_binary = binary(showing("B"));
    REQUIRE(boot(old_binary).applied() == 2);
    CHECK(value("select shown from totals") == "A");
    REQUIRE(boot(new_binary).applied() == 1);
    CHECK(value("select shown from totals") == "B");

    auto const again = boot(old_binary);
    REQUIRE(again.report);
    CHECK(again.applied() == 0);
    CHECK(again.report->database_newer);
    CHECK(value("select shown from totals") == "B");
    CHECK(boot(new_binary).applied() == 0);

    CHECK(boot(binary("-- reverted\n" + showing("A"))).applied() == 1);
    CHECK(value("select shown from totals") == "A");
}

TEST_CASE_METHOD(fixture, "repeatable scripts run after the versioned ones, in order of name", "[repeatable]")
{
    auto const c =
        binary(showing("x"), {{"R_second.sql", "create view v2 as select shown from totals_2;"},
                              {"R_first.sql", "create view totals_2 as select a as shown from t2;"},
                              {"0002_more.sql", "create table t2 (a int);"}});
    auto const done = boot(c);
    REQUIRE(done.report);
    CHECK(done.report->applied() ==
          std::vector<std::string>{"0001_make", "0002_more", "R_first", "R_second", "R_totals"});
}

TEST_CASE_METHOD(fixture, "the schema's version is a version, also where a repeatable script came last",
                 "[repeatable]")
{
    auto const c = binary(showing("A"));
    auto const first = boot(c);
    REQUIRE(first.report);
    CHECK(first.report->schema_version == "0001");
    auto const idle = boot(c);
    REQUIRE(idle.report);
    CHECK(idle.report->schema_version == "0001");

    CHECK(boot(binary(showing("B"))).report.value().schema_version == "0001");
    CHECK(schemagate::look(with, c).planned.schema_version == "0001");
}

TEST_CASE_METHOD(fixture, "a catalog of repeatable scripts alone is current after one boot", "[repeatable]")
{
    auto const c = memory_catalog({{"R_totals.sql", showing("A")}});
    REQUIRE(boot(c).applied() == 1);
    auto const idle = boot(c);
    REQUIRE(idle.report);
    CHECK(idle.applied() == 0);
    CHECK(idle.report->schema_version.empty());
}

TEST_CASE_METHOD(fixture, "an idle boot with repeatable scripts reads one row, whatever the history",
                 "[repeatable]")
{
    for (auto const* text : {"A", "B", "C"}) {
        REQUIRE(boot(binary(showing(text))).report);
    }
    CHECK(value("select set_digest from schemagate.history order by id desc limit 1") ==
          binary(showing("C")).digest());
}

TEST_CASE_METHOD(fixture, "the twin of a repeatable script is run, and verify counts scripts, not texts",
                 "[repeatable]")
{
    auto const failing =
        memory_catalog({{"0001_make.sql", "create table t (a int);"},
                        {"R_totals.sql", showing("A"),
                         "do $$ begin if (select shown from totals) <> 'B' then raise 'not B'; "
                         "end if; end $$;"}});
    CHECK(boot(failing).code() == "check-failed");
    auto const passing = memory_catalog({{"0001_make.sql", "create table t (a int);"},
                                         {"R_totals.sql", showing("B"), "select shown from totals;"}});
    REQUIRE(boot(passing).report);

    auto const items = schemagate::verify(with, passing);
    REQUIRE(!items.empty());
    CHECK(items[0].name == "history");
    CHECK_THAT(items[0].message, support::holds("2 of 2 applied"));
}

TEST_CASE_METHOD(fixture, "a repeatable script that fails leaves the old text, and is run when mended",
                 "[repeatable]")
{
    REQUIRE(boot(binary(showing("A"))).report);
    CHECK(boot(binary("create or replace view totals as select nothing from nowhere;")).code() ==
          "script-failed");
    CHECK(value("select shown from totals") == "A");
    CHECK(boot(binary(showing("B"))).applied() == 1);
    CHECK(value("select count(*) from schemagate.history where kind = 'repeatable'") == "2");
}

TEST_CASE_METHOD(fixture, "a repeatable script outside a transaction goes on where it stopped",
                 "[repeatable]")
{
    auto const text =
        "insert into t values (1);\nvacuum t;\ninsert into t select 1 / (select count(*) from t "
        "where a = 2);\n";
    auto const c = binary(text);
    CHECK(boot(c).code() == "script-failed");
    CHECK(value("select state from schemagate.history where kind = 'repeatable'") == "running");
    database->run("insert into t values (2)");
    REQUIRE(boot(c).applied() == 1);
    CHECK(value("select count(*) from t where a = 1") == "2");
    CHECK(boot(c).applied() == 0);
    CHECK(boot(binary("select 1;")).applied() == 1);
    CHECK(boot(c).applied() == 0);
}

TEST_CASE_METHOD(fixture, "a repeatable script that stopped halfway goes on there when its rest is fixed",
                 "[repeatable]")
{
    std::string const begin = "insert into t values (1);\nvacuum t;\n";
    REQUIRE(
        boot(binary(begin + "select 1 / (select count(*) from t where a = 2);\ninsert into t values (3);\n"))
            .code() == "script-failed");
    REQUIRE(boot(binary(begin + "insert into t values (3);\n")).applied() == 1);
    CHECK(value("select string_agg(a::text, ',' order by a) from t") == "1,3");
    CHECK(value("select count(*) from schemagate.history where state = 'running'") == "0");
}

TEST_CASE_METHOD(fixture, "a script that a newer binary began leaves an older one serving", "[repeatable]")
{
    auto const old_binary = binary(showing("A"));
    REQUIRE(boot(old_binary).report);
    auto const new_binary = binary(showing("A"), {{"0002_more.sql", "vacuum t;\nselect 1 / 0;\n"}});
    CHECK(boot(new_binary).code() == "script-failed");
    auto const again = boot(old_binary);
    REQUIRE(again.report);
    CHECK(again.applied() == 0);
    CHECK(again.report->schema_version == "0001");
}
