// How a script that does not run in one transaction is cut, and what cannot be resumed.
#include "schemagate/script_steps.hpp"

#include <string>

#include "catch.hpp"

using namespace schemagate::lexer;

namespace {

script_steps cut(std::string_view script)
{
    return cut_into_steps(script, scan(script));
}

// "t s a b3": kinds in order, a block with its number of statements.
std::string shape_of(std::string_view script)
{
    std::string shape;
    std::size_t next = 0;
    for (auto const& each : cut(script).steps) {
        CHECK(each.first == next);
        next += each.count;
        shape += shape.empty() ? "" : " ";
        switch (each.kind) {
        case step_kind::transactional: shape += "t"; break;
        case step_kind::block: shape += "b" + std::to_string(each.count); break;
        case step_kind::alone: shape += "a"; break;
        case step_kind::session: shape += "s"; break;
        }
    }
    CHECK(next == scan(script).statements.size());
    return shape;
}

} // namespace

TEST_CASE("every statement becomes a step of its kind, and a block becomes one", "[script_steps]")
{
    struct sample
    {
        std::string_view script;
        std::string_view shape;
    };
    auto const each = GENERATE(values<sample>({
        {"", ""},
        {"-- nothing\n;", ""},
        {"create table t (a int); create index concurrently i on t (a); vacuum t;", "t a a"},
        {"set lock_timeout = '1s'; create index concurrently i on t (a); reset lock_timeout", "s a s"},
        {"begin; insert into t values (1); commit; vacuum; start transaction read write; select 1; end work",
         "b3 a b3"},
        {"BEGIN ISOLATION LEVEL SERIALIZABLE; SAVEPOINT a; ROLLBACK TO a; RELEASE a; COMMIT AND NO CHAIN;",
         "b5"},
        {"begin; copy t from stdin;\n1\n\\.\ncommit; copy t from stdin;\n2\n\\.\n", "b3 t"},
        {"begin; set local search_path = a; set constraints all deferred; lock t; declare c cursor for "
         "select 1; commit",
         "b6"},
        {"begin; create temp table a (b int) on commit drop; insert into a values (1); commit; vacuum",
         "b4 a"},
        {"begin; commit", "b2"},
        {"do $$ begin set local x.y = 1; end $$; call p(); notify a", "t t t"},
    }));
    CAPTURE(each.script);
    CHECK(shape_of(each.script) == each.shape);
    for (auto const& problem : cut(each.script).problems) {
        FAIL_CHECK(problem.line << ": " << problem.message);
    }
}

TEST_CASE("what changes only the session is run again before a later step", "[script_steps]")
{
    auto const statement = GENERATE(values<std::string>({
        "set search_path = a, b",
        "SET SESSION search_path TO a",
        "set time zone 'UTC'",
        "set role r",
        "set session authorization r",
        "set session characteristics as transaction isolation level serializable",
        "set names 'UTF8'",
        "set search_path = public, pg_temp",
        "reset all",
        "reset role",
        "discard plans",
        "discard temp",
        "deallocate all",
        "unlisten *",
        "load 'auto_explain'",
        "select set_config('search_path', '', false)",
        "SELECT pg_catalog.set_config ( 'search_path', 'a' , FALSE )",
        "select set_config('a.b', null, false)",
    }));
    CAPTURE(statement);
    CHECK(shape_of(statement + "; vacuum") == "s a");
    CHECK(cut(statement + "; vacuum").problems.empty());
}

TEST_CASE("what cannot be resumed safely is a problem with its line, its statement and a way out",
          "[script_steps]")
{
    struct sample
    {
        std::string_view script;
        std::size_t line;
        std::string_view statement;
        std::string_view word;
    };
    auto const each = GENERATE(values<sample>({
        {"vacuum;\ncreate temp table a (b int);", 2, "create temp table a", "temporary object"},
        {"create local temporary view v as select 1;", 1, "create local temporary view", "temporary object"},
        {"create or replace temp view v as select 1;", 1, "create or replace temp view", "temporary object"},
        {"select 1 as a into temp b;", 1, "select 1 as a into temp b", "temporary object"},
        {"create table pg_temp.a (b int);", 1, "create table pg_temp.a", "temporary object"},
        {"create function pg_temp.f() returns int language sql as 'select 1';", 1, "create function pg_temp",
         "temporary object"},
        {"create temp table a (b int) on commit drop;", 1, "create temp table", "temporary object"},
        {"begin; create temp table a (b int); commit;", 1, "create temp table", "ON COMMIT DROP"},
        {"prepare p as select 1;", 1, "prepare p as select 1:", "prepared statement"},
        {"declare c cursor with hold for select 1;", 1, "declare c cursor", "outlives"},
        {"begin; declare c no scroll cursor with hold for select 1; commit;", 1, "declare c", "outlives"},
        {"declare c cursor for select 1;", 1, "declare c cursor for select 1:", "outside a block"},
        {"listen a;", 1, "listen a:", "notifications"},
        {"select 1;\n select pg_advisory_lock(1);", 2, "select pg_advisory_lock(1):", "advisory lock"},
        {"select 1 from t where pg_catalog.pg_try_advisory_lock (1);", 1, "select 1 from t", "advisory lock"},
        {"select pg_advisory_unlock_all();", 1, "select pg_advisory_unlock_all():", "advisory lock"},
        {"discard all;", 1, "discard all:", "advisory lock"},
        {"set local lock_timeout = 1; vacuum", 1, "set local lock_timeout = 1:", "outside a block"},
        {"set transaction read write", 1, "set transaction read write:", "outside a block"},
        {"set constraints all deferred", 1, "set constraints all deferred:", "outside a block"},
        {"lock table t", 1, "lock table t:", "outside a block"},
        {"savepoint a", 1, "savepoint a:", "outside a block"},
        {"rollback to savepoint a", 1, "rollback to savepoint a:", "outside a block"},
        {"select set_config('a.b', 'c', true)", 1, "select set_config('…', '…', true):", "outside a block"},
        {"select set_config('a.b', 'c', false), 1", 1, "select set_config", "set_config()"},
        {"insert into t values (set_config('a.b', 'c', false))", 1, "insert into t", "set_config()"},
        {"vacuum;\nbegin;\nselect 1;\n", 2, "begin:", "never closed"},
        {"begin; select 1;\nrollback;", 2, "rollback:", "ROLLBACK"},
        {"select 1;\ncommit;", 2, "commit:", "no block"},
        {"begin;\nbegin;\ncommit;", 2, "begin:", "since line 1"},
        {"begin; select 1;\ncommit and chain; select 1; commit;", 2, "commit and chain:", "AND CHAIN"},
        {"begin; select 1;\nprepare transaction 'x'; vacuum;", 2,
         "prepare transaction '…':", "prepared transaction"},
        {"commit prepared 'x'", 1, "commit prepared '…':", "prepared transaction"},
        {"begin;\nvacuum;\ncommit", 2, "vacuum:", "line 1"},
        {"begin;\nset search_path = a;\ncommit;\nselect 1;", 2, "set search_path = a:", "SET LOCAL"},
    }));
    CAPTURE(each.script);
    auto const problems = cut(each.script).problems;
    REQUIRE(problems.size() == 1);
    CAPTURE(problems.front().message);
    CHECK(problems.front().line == each.line);
    CHECK(problems.front().message.starts_with(each.statement));
    CHECK(problems.front().message.find(each.word) != std::string::npos);
    CHECK(problems.front().message.ends_with("."));
    static_cast<void>(shape_of(each.script));
}

TEST_CASE("what only looks like it is no problem", "[script_steps]")
{
    auto const script = GENERATE(values<std::string>({
        "insert into temp values (1)",
        "insert into local select 1",
        "select 'create temp table', $$ prepare $$, \"pg_advisory_lock\"",
        "select pg_advisory_xact_lock(1)",
        "select pg_advisory_lock from t",
        "create table temp (prepare int)",
        "create function f() returns int language sql set search_path = a as 'select 1'",
        "begin; set search_path = a; commit; reset search_path",
        "begin; set local search_path = a; commit; select 1",
        "begin; select set_config('a.b', 'c', true); commit; select 1",
    }));
    CAPTURE(script);
    for (auto const& problem : cut(script).problems) {
        FAIL_CHECK(problem.message);
    }
    SUCCEED();
}

TEST_CASE("problems come by line, and each is named", "[script_steps]")
{
    auto const found =
        cut("begin;\nset a.b = 1;\ncommit;\nlisten a;\nprepare p as select 1;\nbegin;").problems;
    REQUIRE(found.size() == 4);
    CHECK(found[0].line == 2);
    CHECK(found[1].line == 4);
    CHECK(found[2].line == 5);
    CHECK(found[3].line == 6);
}
