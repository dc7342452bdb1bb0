// What the lexer takes for granted of the server, asked of the server.
#include <stdexcept>
#include <string>
#include <vector>

#include "catch.hpp"
#include "private_server.hpp"
#include "schemagate/created_relations.hpp"
#include "schemagate/lexer.hpp"
#include "schemagate/new_enum_value.hpp"

using namespace schemagate::lexer;

namespace {

// "" or the SQLSTATE of what one message ends with.
std::string outcome(std::string const& url, std::string const& message)
{
    try {
        static_cast<void>(support::query(url, message));
        return "";
    }
    catch (std::runtime_error const& e) {
        return std::string{e.what()}.substr(0, 5);
    }
}

std::vector<std::string> statements_of(std::string_view script)
{
    std::vector<std::string> found;
    for (auto const& each : scan(script).statements) {
        found.emplace_back(script.substr(each.offset, each.length));
    }
    return found;
}

} // namespace

TEST_CASE("PostgreSQL refuses in a transaction what the lexer says it refuses", "[lexer_rules]")
{
    auto const database = support::private_server::shared().create_database();
    database->run(
        "create table t (a int); create index i on t (a); create table p (a int) partition by list (a);"
        "create table p1 partition of p for values in (1)");
    for (std::string const statement :
         {"create index concurrently j on t (a)", "drop index concurrently i", "reindex table concurrently t",
          "reindex schema public", "vacuum", "vacuum full t", "alter system set work_mem = '4MB'",
          "create database never_made", "drop database never_made", "create tablespace x location '/nowhere'",
          "drop tablespace x", "alter database template1 set tablespace pg_default", "cluster", "discard all",
          "create subscription x connection '' publication y"}) {
        INFO(statement);
        CHECK(scan(statement).statements.front().kind == statement_kind::non_transactional);
        CHECK(outcome(database->admin_url(), "begin; " + statement) == "25001");
    }
    for (std::string const statement :
         {"create index j on t (a)", "drop index i", "reindex table t", "analyze t", "discard temp",
          "checkpoint", "create subscription x connection '' publication y with (connect = false)",
          "alter table p detach partition p1", "alter database template1 set work_mem = '4MB'"}) {
        INFO(statement);
        CHECK(scan(statement).statements.front().kind == statement_kind::ordinary);
        CHECK(outcome(database->admin_url(), "begin; " + statement + "; rollback") == "");
    }
}

TEST_CASE("a new enum value cannot be used in the transaction that adds it", "[lexer_rules]")
{
    auto const database = support::private_server::shared().create_database();
    auto const url = database->admin_url();
    auto const major = std::stoi(database->value("show server_version_num")) / 10000;
    auto const fresh = [&] {
        database->run("drop schema public cascade; create schema public;"
                      "create type mood as enum ('a'); create table t (m mood)");
    };
    auto const in_one = [](std::string const& script) { return "begin; " + script + "; commit"; };

    for (std::string const use :
         {"insert into t values ('b')", "alter table t alter m set default 'b'", "select '{b}'::mood[]",
          "create index on t (m) where m = 'b'",
          "create function f() returns mood language sql as $$ select 'b'::mood $$"}) {
        INFO(use);
        auto const script = "alter type mood add value 'b'; " + use;
        CHECK(uses_new_enum_value(script, scan(script)));
        fresh();
        CHECK(outcome(url, in_one(script)) == "55P04");
        fresh();
        for (auto const& each : statements_of(script)) {
            CHECK(outcome(url, each) == "");
        }
    }
    for (std::string const rest :
         {"alter type mood add value 'c' after 'b'", "alter type mood rename value 'b' to 'c'",
          "create type other as enum ('b')", "comment on type mood is 'b'"}) {
        INFO(rest);
        auto const script = "alter type mood add value 'b'; " + rest;
        CHECK_FALSE(uses_new_enum_value(script, scan(script)));
        fresh();
        CHECK(outcome(url, in_one(script)) == "");
    }
    // Older servers do not know that the type is new as well, so that the lexer must not count on it.
    std::string const script =
        "create type other as enum ('a'); alter type other add value 'b'; select 'b'::other";
    CHECK(uses_new_enum_value(script, scan(script)));
    CHECK(outcome(url, in_one(script)) == (major < 17 ? "55P04" : ""));
}

TEST_CASE("a message is read as standard_conforming_strings was set when it came", "[lexer_rules]")
{
    support::sql_session session{support::private_server::shared().admin_url()};
    std::string const script = R"(set standard_conforming_strings = off; select 'it\'s; one')";
    auto const found = scan(script).statements;
    REQUIRE(found.size() == 2);
    CHECK(found[0].changes_string_syntax);
    CHECK_THROWS(session(script));
    session("rollback");
    session(script.substr(found[0].offset, found[0].length));
    CHECK(session.value(script.substr(found[1].offset, found[1].length)) == "it's; one");
}

TEST_CASE("a name is cut where the server cuts it", "[lexer_rules]")
{
    auto const database = support::private_server::shared().create_database();
    auto const script = "create table " + std::string(62, 'A') + "éb (id int)";
    database->run(script);
    CHECK(database->value("select relname from pg_class where relname like 'aaa%'") ==
          created_relations(script).front().name);
}

TEST_CASE("END may be a label inside BEGIN ATOMIC", "[lexer_rules]")
{
    auto const database = support::private_server::shared().create_database();
    if (std::stoi(database->value("show server_version_num")) < 140000) {
        SUCCEED("SQL bodies came with version 14");
        return;
    }
    std::string const script =
        "create function f() returns int begin atomic select 1 end; select 2 case; end; select f()";
    auto const found = statements_of(script);
    REQUIRE(found.size() == 2);
    database->run(found[0]);
    CHECK(database->value(found[1]) == "2");
}
