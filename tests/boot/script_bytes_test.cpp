// What stands in the file is what reaches the server.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

struct fixture
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    script_folder scripts{*database};

    void check_nothing_applied(std::string const& table) const
    {
        CHECK(database->value("select to_regclass('" + table + "') is null") == "t");
        if (database->value("select to_regclass('schemagate.history') is not null") == "t") {
            CHECK(database->value("select count(*) from schemagate.history") == "0");
        }
    }
};

} // namespace

TEST_CASE_METHOD(fixture, "colons, apostrophes in comments, dollar quotes and slices arrive byte for byte",
                 "[bytes]")
{
    std::string const body =
        "\nbegin\n  -- it's :not a :parameter, and neither is $1 or ?\n  perform :x::text;\n"
        "  /* don't /* nest */ here: 12:30 */\n  return '12:30' || $q$ :name $q$;\nend";
    // plpgsql does not look into a body before it is called, so that any text can stand there.
    scripts.write("0001_bytes.sql",
                  "-- it's a comment with an apostrophe, a :name and a ; too\n"
                  "set check_function_bodies = off;\n"
                  "create function told() returns text language plpgsql as $fn$" +
                      body +
                      "$fn$;\n"
                      "create table noted (id int, t text);\n"
                      "-- don't split; here\n"
                      "insert into noted values (1, 'at 12:30, :name, $1, ?, \\d, it''s; caf\xC3\xA9'),\n"
                      "  (2, $$:a 'b' $1 \"c\";$$), (3, E'tab\\there: \\\\ \\''),\n"
                      "  (4, (array[10,20,30])[1:2]::text), (5, '{\"k\":\"v\"}'::jsonb ->> 'k');\n");
    auto const done = scripts.migrate();
    INFO(done.out << done.err);
    REQUIRE(done.code == 0);
    CHECK(database->value("select prosrc from pg_proc where proname = 'told'") == body);
    auto const noted = database->query("select t from noted order by id");
    REQUIRE(noted.size() == 5);
    CHECK(noted[0][0] == "at 12:30, :name, $1, ?, \\d, it's; caf\xC3\xA9");
    CHECK(noted[1][0] == ":a 'b' $1 \"c\";");
    CHECK(noted[2][0] == "tab\there: \\ '");
    CHECK(noted[3][0] == "{10,20}");
    CHECK(noted[4][0] == "v");
}

TEST_CASE_METHOD(fixture, "a checkout with Windows line ends and a BOM gives the same checksum", "[bytes]")
{
    scripts.write("0001_make_a.sql", "create table a (\n  id int\n);\n");
    REQUIRE(scripts.migrate().code == 0);
    scripts.write("0001_make_a.sql", "\xEF\xBB\xBF"
                                     "create table a (\r\n  id int\r\n);\r\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 0);
}

TEST_CASE_METHOD(fixture, "a whole-file BEGIN … COMMIT pair gives way to ours", "[bytes]")
{
    scripts.write("0001_wrapped.sql", "BEGIN;\ncreate table wrapped (id int);\nCOMMIT;\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK(database->value("select count(*) from schemagate.history") == "1");
    CHECK(database->value("select to_regclass('wrapped') is not null") == "t");
}

TEST_CASE_METHOD(fixture, "a script that is not complete at its end is refused, and nothing is applied",
                 "[bytes]")
{
    auto const tail =
        GENERATE("do $$ begin null; end;", "select 'open;", "/* open", "select \"open;", "do $x$ end $$;");
    scripts.write("0001_first.sql", "create table first (id int);\n");
    scripts.write("0002_open.sql", std::string{"create table second (id int);\n"} + tail + "\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "script-refused");
    CHECK_THAT(done.message + done.script, holds("0002_open"));
    check_nothing_applied("first");
}

TEST_CASE_METHOD(fixture, "an empty folder opens with a warning, one of another tool's files is refused",
                 "[bytes]")
{
    scripts.write("README.md", "Scripts come here.\n");
    auto const empty = scripts.migrate();
    INFO(empty.err);
    CHECK(empty.code == 0);
    CHECK_THAT(empty.err, holds("outcome=warned") && holds("holds no script"));

    scripts.write("init.psql", "create table a (id int);\n");
    auto const foreign = scripts.migrate();
    INFO(foreign.err);
    CHECK(foreign.code == 65);
    CHECK(foreign.code_name == "script-refused");
    CHECK_THAT(foreign.message, holds("init.psql") && holds("0001_init.sql"));
}

TEST_CASE_METHOD(fixture, "a script that ends its own transaction is refused, and nothing is applied",
                 "[bytes]")
{
    auto const middle =
        GENERATE("COMMIT;", "ROLLBACK;", "END;", "BEGIN; COMMIT;", "PREPARE TRANSACTION 'x';");
    scripts.write("0001_ends.sql", std::string{"create table first (id int);\n"} + middle +
                                       "\ncreate table second (id int);\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "script-refused");
    CHECK(done.script == "0001_ends");
    check_nothing_applied("first");
}

TEST_CASE_METHOD(fixture, "a psql command is refused with its file and line", "[bytes]")
{
    scripts.write("0001_psql.sql", "create table first (id int);\n\\i other.sql\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "script-refused");
    CHECK_THAT(done.err, holds("\"line\":2"));
    check_nothing_applied("first");
}

TEST_CASE_METHOD(fixture, "a twin that would end the transaction it runs in is refused", "[bytes]")
{
    scripts.write("0001_first.sql", "create table first (id int);\n");
    scripts.write("../checks/0001_first.sql", "insert into first values (7);\ncommit;\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "script-refused");
    check_nothing_applied("first");
}

TEST_CASE_METHOD(fixture, "a failing script says SQLSTATE, file and line, and nothing of it stays", "[bytes]")
{
    scripts.write("0001_first.sql", "create table first (id int primary key);\n");
    scripts.write("0002_fails.sql", "create table second (id int);\ninsert into first values (1);\n\n"
                                    "select 1 from no_such_table_here;\n");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "script-failed");
    CHECK(text(done.closing, "sqlstate") == "42P01");
    CHECK(done.script == "0002_fails");
    REQUIRE(done.closing.contains("line"));
    CHECK(done.closing.at("line").to_number<int>() == 4);
    CHECK(database->value("select to_regclass('second') is null") == "t");
    CHECK(database->value("select count(*) from first") == "0");
    CHECK(database->value("select string_agg(version, ' ') from schemagate.history") == "0001");
}

TEST_CASE_METHOD(
    fixture, "SCHEMAGATE_LOG_SQL: rows and statements of a failing script stay out of the log unless it is 1",
    "[bytes]")
{
    scripts.write("0001_fails.sql",
                  "create table people (mail text unique);\n"
                  "insert into people values ('ada.private@example.org'), ('ada.private@example.org');\n");
    auto const quiet = scripts.migrate();
    INFO(quiet.out << quiet.err);
    CHECK(quiet.code == 65);
    CHECK(text(quiet.closing, "sqlstate") == "23505");
    CHECK((quiet.out + quiet.err).find("ada.private") == std::string::npos);
    auto const told_not_to = scripts.migrate({{"SCHEMAGATE_LOG_SQL", "0"}});
    CHECK((told_not_to.out + told_not_to.err).find("ada.private") == std::string::npos);
    auto const asked = scripts.migrate({{"SCHEMAGATE_LOG_SQL", "1"}});
    CHECK_THAT(asked.out + asked.err, holds("ada.private"));
}
