// SCHEMAGATE_TRANSACTION, SCHEMAGATE_RUN_AS and two URLs, called as a library.
#include "engine.hpp"

using engine::fixture;
using schemagate::transaction_scope;
using support::memory_catalog;

TEST_CASE_METHOD(fixture, "SCHEMAGATE_TRANSACTION=all: what fails in the second script undoes the first",
                 "[transaction]")
{
    with.transaction = transaction_scope::all;
    auto const failed = boot(memory_catalog(
        {{"1_a.sql", "create table a (id int);\n"}, {"2_b.sql", "create table b (id int);\nselect 1/0;\n"}}));
    REQUIRE(failed.code() == "script-failed");
    CHECK(failed.failure->script() == "2_b");
    CHECK_FALSE(exists("a"));
    CHECK(value("select count(*) from schemagate.history") == "0");

    auto const done = boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                                           {"2_b.sql", "set role none; create table b (id int);\n"}}));
    REQUIRE(done.applied() == 2);
    CHECK(value("select count(distinct xmin::text) from pg_class where relname in ('a', 'b')") == "1");
    CHECK(boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                               {"2_b.sql", "set role none; create table b (id int);\n"}}))
              .applied() == 0);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_TRANSACTION=each: the first script stays", "[transaction]")
{
    auto const failed = boot(memory_catalog(
        {{"1_a.sql", "create table a (id int);\n"}, {"2_b.sql", "create table b (id int);\nselect 1/0;\n"}}));
    REQUIRE(failed.code() == "script-failed");
    CHECK(exists("a"));
    CHECK(value("select string_agg(version, ',') from schemagate.history") == "1");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_RUN_AS: objects and history belong to that role", "[transaction]")
{
    auto const role = "owner_of_" + database->name();
    database->run("create role " + role + "; grant " + role + " to " + support::private_server::owner +
                  "; grant create on database " + database->name() + " to " + role +
                  "; grant create on schema public to " + role);
    with.run_as = role;
    // A script that changes or drops the role does not change whose the next one is.
    REQUIRE(boot(memory_catalog({{"1_a.sql", "create table a (id int); reset role;\n"},
                                 {"2_b.sql", "create table b (id int);\n"}}))
                .applied() == 2);
    CHECK(value("select string_agg(distinct tableowner, ',') from pg_tables where schemaname in ('public', "
                "'schemagate')") == role);
    CHECK(value("select string_agg(distinct applied_by, ',') from schemagate.history") == role);
    CHECK(boot(memory_catalog({{"1_a.sql", "create table a (id int); reset role;\n"},
                               {"2_b.sql", "create table b (id int);\n"}}))
              .applied() == 0);
    database->run("drop owned by " + role + " cascade; drop role " + role);
}
