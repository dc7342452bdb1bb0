// A script that stopped in the middle, as an operator sees it.
#include "catch.hpp"
#include "programs.hpp"

namespace {

support::finished asked(programs::script_folder const& folder, support::test_database const& database,
                        std::vector<std::string> const& words)
{
    std::vector<std::string> arguments{"--from", folder.path()};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return support::run_program(SCHEMAGATE_PROGRAM, arguments, {{"DATABASE_URL", database.url()}});
}

} // namespace

TEST_CASE("status and plan say at which statement a script goes on, and how the others run", "[resume]")
{
    auto const database = support::private_server::shared().create_database();
    programs::script_folder const folder{*database};
    folder.write("0001_make.sql", "create table t (a int);\n");
    folder.write("0002_index.sql", "create index concurrently i on t (a);\n"
                                   "insert into t values (1);\n"
                                   "create unique index concurrently u on t ((a / (a - 1)));\n"
                                   "insert into t values (2);\n");
    folder.write("R_newest.sql", "create or replace view newest as select max(a) as a from t;\n");
    auto const before = asked(folder, *database, {"plan"});
    CHECK_THAT(before.out, support::holds("2  0002_index  outside a transaction\n"));
    CHECK_THAT(before.out, support::holds("3  R_newest"));

    CHECK(folder.migrate().code == 65);
    auto const status = asked(folder, *database, {"status"});
    CHECK(status.code == 0);
    CHECK_THAT(status.out, support::holds("running, resumes at statement 3"));
    CHECK_THAT(status.out, support::holds("R        newest     pending (repeatable)"));
    auto const json = asked(folder, *database, {"plan", "--json"});
    CHECK_THAT(json.out, support::holds("\"resumes_at_statement\":3"));

    folder.write("0002_index.sql", "create index concurrently i on t (a);\n"
                                   "insert into t values (1);\n"
                                   "create unique index concurrently u on t (a);\n"
                                   "insert into t values (2);\n");
    CHECK(folder.migrate().code == 0);
    CHECK(database->value("select a from newest") == "2");
    CHECK(database->value("select count(*) from t") == "2");
    CHECK_THAT(asked(folder, *database, {"status"}).out, support::holds("applied (repeatable)"));
}
