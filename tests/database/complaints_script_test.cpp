// What users of other tools complain of about the text of their scripts, each by its number.
#include "complaint_folder.hpp"

using engine::complaint_folder;
using schemagate::outcome;
using schemagate::step;
using support::holds;

namespace {

std::string const dump_preamble = "--\n-- PostgreSQL database dump\n--\n\n"
                                  "\\restrict 4hQ2xKdVb7Zt\n\n"
                                  "SET statement_timeout = 0;\n"
                                  "SET lock_timeout = 0;\n"
                                  "SET idle_in_transaction_session_timeout = 0;\n"
                                  "SET client_encoding = 'UTF8';\n"
                                  "SET standard_conforming_strings = on;\n"
                                  "SELECT pg_catalog.set_config('search_path', '', false);\n"
                                  "SET check_function_bodies = false;\n"
                                  "SET xmloption = content;\n"
                                  "SET client_min_messages = warning;\n"
                                  "SET row_security = off;\n"
                                  "SET work_mem = '77MB';\n"
                                  "SET default_tablespace = '';\n"
                                  "SET default_table_access_method = heap;\n\n";

} // namespace

TEST_CASE_METHOD(complaint_folder,
                 "complaint 12: CRLF or LF changes the checksum (sqlx#2659, codex#23777, Kopuz#436)",
                 "[complaint]")
{
    write("1_a.sql", "create table a (\n  id int\n);\n");
    REQUIRE(migrate().applied() == 1);
    auto const checkout = GENERATE(as<std::string>{}, "create table a (\r\n  id int\r\n);\r\n",
                                   "\xEF\xBB\xBF"
                                   "create table a (\r\n  id int\r\n);\r\n",
                                   "\xEF\xBB\xBF"
                                   "create table a (\n  id int\n);\n",
                                   "create table a (\n  id int\n);");
    write("1_a.sql", checkout);
    auto const again = migrate();
    CHECK(again.code() == "done");
    CHECK(again.applied() == 0);
    write("1_a.sql", "create table a (\n  id  int\n);\n");
    CHECK(migrate().code() == "checksum-mismatch");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 13: a BOM is a syntax error at or near nothing (golang-migrate#1136, sqlc#1007)",
                 "[complaint]")
{
    write("1_a.sql", "\xEF\xBB\xBF"
                     "create table a (id int);\n");
    write("2_i.sql", "\xEF\xBB\xBF"
                     "create index concurrently i on a (id);\n");
    CHECK(migrate().applied() == 2);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 14: pg_dump's empty search_path breaks the history's insert "
                 "(golang-migrate#156, goose#859, dbmate#49)",
                 "[complaint]")
{
    // In a transaction, and in a script that runs in steps.
    auto const rest = GENERATE(as<std::string>{}, "", "CREATE INDEX CONCURRENTLY i ON public.a (id);\n");
    write("1_dump.sql", dump_preamble + "CREATE TABLE public.a (\n    id integer\n);\n" + rest +
                            "\n\\unrestrict 4hQ2xKdVb7Zt\n");
    write("2_b.sql", "create table b (id int);\ninsert into a values (1);\n"
                     "create table told as select current_setting('work_mem') as memory;\n");
    REQUIRE(migrate().applied() == 2);
    CHECK(exists("public.b"));
    CHECK(value("select memory from told") != "77MB");
    CHECK(recorded() == "1 2");
    auto const done = events->events(step::apply, outcome::done);
    CHECK_THAT(done.front().message, holds("search_path"));
    CHECK(migrate().applied() == 0);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 16: dollar-quoted functions are split at their semicolons "
                 "(golang-migrate#590, sql-migrate#261, tern#97)",
                 "[complaint]")
{
    std::string const functions =
        "/* a comment; /* and; one inside */ ; */\n"
        "create function f() returns int language plpgsql as $$\nbegin\n  perform 1; -- it's; fine\n"
        "  return 1;\nend;\n$$;\n"
        "do $outer$ begin execute $inner$ select ';' ; $inner$; end; $outer$;\n"
        "create table quoted (t text default E'\\';', \"odd;name\" text default U&'\\003B');\n"
        "insert into quoted default values;\n";
    std::string const atomic = "create function g() returns int begin atomic select 1; select 2; end;\n";
    auto const rest = GENERATE(as<std::string>{}, "", "create index concurrently i on quoted (t);\n");
    auto const knows_atomic = value("select current_setting('server_version_num')::int >= 140000") == "t";
    write("1_f.sql", functions + (knows_atomic ? atomic : "") + rest);
    REQUIRE(migrate().applied() == 1);
    CHECK(value("select f()") == "1");
    CHECK(value("select t || \"odd;name\" from quoted") == "';;");
    if (knows_atomic) {
        CHECK(value("select g()") == "2");
    }
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 17: the data of COPY … FROM stdin cannot be migrated (goose#138, "
                 "golang-migrate#492)",
                 "[complaint]")
{
    auto const rest = GENERATE(as<std::string>{}, "", "create index concurrently i on c (id);\n");
    write("1_c.sql", "create table c (id int, t text);\n"
                     "COPY public.c (id, t) FROM stdin;\n"
                     "1\tdrop table c; -- don't\n"
                     "2\t\\N\n"
                     "3\t$$ \\\\. /* 'open\n"
                     "4\t\\\\connect other; commit;\n"
                     "\\.\n"
                     "insert into c values (5, 'after');\n"
                     "copy c from stdin with (format csv);\n"
                     "6,\"two\nlines; \"\"quoted\"\"\"\n"
                     "\\.\n" +
                         rest);
    REQUIRE(migrate().applied() == 1);
    CHECK(value("select string_agg(id || coalesce(t, '-'), '|' order by id) from c") ==
          "1drop table c; -- don't|2-|3$$ \\. /* 'open|4\\connect other; commit;|5after|6two\nlines; "
          "\"quoted\"");
}

TEST_CASE_METHOD(complaint_folder, "complaint 17: 20 MB of COPY data arrive whole", "[complaint]")
{
    std::string sql = "create table c (id int, t text);\ncopy c from stdin;\n";
    int rows = 0;
    while (sql.size() < (20UL << 20U)) {
        sql += std::to_string(++rows) + "\tselect 'caf\xC3\xA9'; -- " + std::string(80, 'x') + "\n";
    }
    write("1_c.sql", sql + "\\.\nanalyze c;\n");
    REQUIRE(migrate().applied() == 1);
    CHECK(value("select count(*) || ' ' || max(id) || ' ' || min(length(t)) || ' ' || max(length(t)) from "
                "c") == std::to_string(rows) + " " + std::to_string(rows) + " 98 98");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 17: a broken row of COPY names the script, and nothing of it stays",
                 "[complaint]")
{
    write("1_c.sql", "create table c (id int);\ncopy c from stdin;\n1\nno number\n\\.\n");
    auto const ended = migrate();
    REQUIRE(ended.code() == "script-failed");
    CHECK(ended.failure->script() == "1_c");
    CHECK(ended.failure->line() == 2);
    CHECK(ended.failure->sqlstate() == "22P02");
    CHECK_FALSE(exists("c"));
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 18: \\restrict of pg_dump is a syntax error, and so is any command of psql "
                 "(flyway#4171, dbmate#735, sqlc#4390)",
                 "[complaint]")
{
    write("1_a.sql", "\\restrict 4hQ2xKdVb7Zt\ncreate table a (id int);\n\\unrestrict 4hQ2xKdVb7Zt\n");
    REQUIRE(migrate().applied() == 1);
    auto const command =
        GENERATE(as<std::string>{}, "\\connect other", "\\i more.sql", "\\set x 1", "select 1 \\gexec");
    write("2_b.sql", "create table b (id int);\n" + command + "\n");
    auto const ended = migrate();
    REQUIRE(ended.code() == "script-refused");
    CHECK(ended.failure->line() == 2);
    CHECK_THAT(ended.failure->message(), holds(command.substr(command.find('\\'), 3)));
    CHECK_FALSE(exists("b"));
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 19: BEGIN and COMMIT inside the file defeat atomicity (dbmate#139, tern#60)",
                 "[complaint]")
{
    SECTION("around the whole file they give way to ours")
    {
        write("1_a.sql", "begin;\ncreate table a (id int);\nselect 1/0;\ncommit;\n");
        CHECK(migrate().code() == "script-failed");
        CHECK_FALSE(exists("a"));
    }
    SECTION("in its middle they are refused before anything runs")
    {
        write("0_first.sql", "create table first_one ();\n");
        write("1_a.sql", "create table a (id int);\ncommit;\nselect 1/0;\n");
        auto const ended = migrate();
        CHECK(ended.code() == "script-refused");
        CHECK(ended.failure->line() == 2);
        CHECK_FALSE(exists("first_one"));
    }
    SECTION("where they hide, the server's refusal is the script's failure")
    {
        write("1_a.sql", "create table a (id int);\ndo $$ begin execute 'commit'; end $$;\n");
        CHECK(migrate().code() == "script-failed");
        CHECK_FALSE(exists("a"));
    }
    SECTION("a file that wants its own transactions says so, and each is recorded")
    {
        write("1_a.sql", "-- schemagate: own-transactions\nbegin;\ncreate table a (id int);\ncommit;\n"
                         "begin;\ninsert into a values (1);\ncommit;\n");
        CHECK(migrate().applied() == 1);
        CHECK(value("select count(*) from a") == "1");
    }
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 20: a \"non-transactional\" file of several statements is one transaction all "
                 "the same (dbmate#182, #285)",
                 "[complaint]")
{
    write("1_a.sql", "create table a (id int, n int);\n");
    write("2_i.sql", "create index concurrently i on a (id);\ncreate index concurrently j on a (n);\n"
                     "vacuum analyze a;\nreindex index concurrently i;\ndrop index concurrently j;\n");
    REQUIRE(migrate().applied() == 2);
    CHECK(value("select count(*) from pg_index where indrelid = 'a'::regclass and indisvalid") == "1");
    CHECK(value("select statement_reached from schemagate.history where version = '2'") == "5");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 33: ALTER TYPE … ADD VALUE cannot be used in the same file (drizzle#3466, "
                 "coder#25895)",
                 "[complaint]")
{
    write("1_type.sql", "create type mood as enum ('good');\ncreate table a (m mood);\n");
    write("2_value.sql", "alter type mood add value 'bad';\nalter table a alter m set default 'bad';\n"
                         "insert into a values ('bad'), (default);\n");
    write("3_other.sql", "alter type mood add value if not exists 'new';\n");
    REQUIRE(migrate().applied() == 3);
    CHECK(value("select count(*) from a where m = 'bad'") == "2");
    CHECK(recorded() == "1 2 3");
}

TEST_CASE_METHOD(complaint_folder,
                 "case (g): colons, apostrophes and dollar signs reach the server byte for byte",
                 "[complaint]")
{
    write("1_t.sql", "create table tt (t text);\n-- don't panic\n"
                     "insert into tt values ('opens 12:30 daily'), ((array[10,20,30])[1:2]::text);\n"
                     "create function f() returns text language sql as $$ select $q$user :id $1 ok$q$ $$;\n"
                     "do $$ begin -- see http://x/y:z\n perform 1; end $$;\n");
    REQUIRE(migrate().applied() == 1);
    CHECK(value("select string_agg(t, '|' order by t desc) from tt") == "{10,20}|opens 12:30 daily");
    CHECK(value("select f()") == "user :id $1 ok");
}
