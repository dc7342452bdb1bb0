// The preflight: rights that are missing, with real roles, settings that are inherited, and when it is sent.
#include <regex>

#include "preflight_fixture.hpp"

using engine::fixture;
using engine::made;
using engine::make;
using engine::preflighted;
using schemagate::outcome;
using schemagate::step;
using support::holds;
using support::memory_catalog;

TEST_CASE_METHOD(preflighted, "every right that is missing is said at once, and its GRANTs suffice",
                 "[preflight]")
{
    log_in_as_role();
    auto const before = state();
    auto const refused = boot(made());
    REQUIRE(refused.code() == "permission-denied");
    CHECK(refused.failure->exit_code() == 77);
    CHECK_THAT(refused.failure->message(), holds(role) && holds("\"schemagate\"") && holds("\"public\""));
    CHECK_THAT(refused.failure->fix(),
               holds("SCHEMAGATE_HISTORY_SCHEMA") &&
                   holds("GRANT CREATE ON DATABASE \"" + database->name() + "\" TO \"" + role + "\";") &&
                   holds("GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"" + role + "\";"));
    CHECK(state() == before);
    obey(*refused.failure);
    CHECK(boot(made()).applied() == 1);
}

TEST_CASE_METHOD(preflighted, "without a right in the target schema a later script is refused as well",
                 "[preflight]")
{
    database->run("grant create on database " + database->name() + " to " + role +
                  "; grant create on schema public to " + role);
    log_in_as_role();
    REQUIRE(boot(made()).applied() == 1);
    database->run("revoke create on schema public from " + role);
    auto const two =
        memory_catalog({{"0001_make.sql", make}, {"0002_more.sql", "create table more (id int);\n"}});
    auto const refused = boot(two);
    REQUIRE(refused.code() == "permission-denied");
    CHECK(refused.failure->script() == "0002_more");
    CHECK(refused.failure->fix().find("ON DATABASE") == std::string::npos);
    CHECK(value("select count(*) from schemagate.history") == "1");
    obey(*refused.failure);
    CHECK(boot(two).applied() == 1);
}

TEST_CASE_METHOD(preflighted, "an existing schema for the history needs no right on the database",
                 "[preflight]")
{
    database->run("create schema ops; grant usage on schema ops to " + role +
                  "; grant create on schema public to " + role);
    log_in_as_role();
    with.history_schema = "ops";
    auto const refused = boot(made());
    REQUIRE(refused.code() == "permission-denied");
    CHECK_THAT(refused.failure->fix(), holds("GRANT USAGE, CREATE ON SCHEMA \"ops\" TO \"" + role + "\";"));
    CHECK(refused.failure->fix().find("ON DATABASE") == std::string::npos);
    CHECK(value("select to_regclass('ops.history') is null") == "t");
    obey(*refused.failure);
    CHECK(boot(made()).applied() == 1);
}

TEST_CASE_METHOD(preflighted, "a role that needs no right in the target schema is not asked for one",
                 "[preflight]")
{
    database->run(
        "grant create on database " + database->name() + " to " + role + "; create role helper_" + role +
        "; grant helper_" + role + " to " + role + "; grant create on schema public to helper_" + role +
        "; alter default privileges for role helper_" + role + " grant select on tables to " + role);
    log_in_as_role();
    std::string const script =
        GENERATE("create schema app; create table app.made (id int);\n",
                 "set role helper; create table made (id int);\n",
                 "create temp table made (id int); create index made_id on made (id);\n");
    auto const done = boot(made(std::regex_replace(script, std::regex{"helper"}, "helper_" + role)));
    database->run("drop owned by helper_" + role + " cascade; drop role helper_" + role);
    CHECK(done.applied() == 1);
}

TEST_CASE_METHOD(preflighted, "SCHEMAGATE_RUN_AS: the rights asked for are those of the role that migrates",
                 "[preflight]")
{
    database->run("create role runner_" + role + "; grant runner_" + role + " to " + role +
                  "; grant create on database " + database->name() + " to " + role +
                  "; grant create on schema public to " + role);
    log_in_as_role();
    with.run_as = "runner_" + role;
    auto const refused = boot(made());
    CHECK(refused.code() == "permission-denied");
    CHECK_THAT(refused.failure.value().fix(), holds("TO \"runner_" + role + "\";"));
    obey(*refused.failure);
    CHECK(boot(made()).applied() == 1);
    database->run("drop owned by runner_" + role + " cascade; drop role runner_" + role);
}

TEST_CASE_METHOD(preflighted, "settings that the migrations do not inherit are said once, with their origin",
                 "[preflight]")
{
    database->run("alter database " + database->name() + " set statement_timeout = '1s'; alter role " + role +
                  " set search_path = app, public; alter role " + role + " in database " + database->name() +
                  " set lock_timeout = 20; grant create on schema public to " + role +
                  "; grant create on database " + database->name() + " to " + role);
    log_in_as_role();
    REQUIRE(boot(made("select pg_sleep(1.2); create table made (id int primary key);\n")).applied() == 1);
    std::string told;
    for (auto const& e : events->events(step::plan, outcome::done)) {
        told += e.message;
    }
    CHECK(told ==
          "overridden for migrations: lock_timeout=20ms (set for this role in this database), "
          "search_path=app, public (set for this role), statement_timeout=1s (set for this database)");
}

TEST_CASE_METHOD(preflighted, "a setting of the URL's options is not said to be the database's",
                 "[preflight]")
{
    database->run("alter database " + database->name() + " set statement_timeout = '1h'");
    auto const url = database->url();
    with = support::settings_for(url + (url.find('?') == std::string::npos ? "?" : "&") +
                                 "options=-c%20statement_timeout%3D90s");
    REQUIRE(boot(made()).applied() == 1);
    std::string told;
    for (auto const& e : events->events(step::plan, outcome::done)) {
        told += e.message;
    }
    CHECK(told == "overridden for migrations: statement_timeout=90s");
}

TEST_CASE_METHOD(preflighted, "an idle boot sends no preflight, and one that migrates sends it once",
                 "[preflight]")
{
    database->run("alter database " + database->name() + " set log_statement = 'all'");
    auto const sent = [&] {
        auto const log = support::private_server::shared().log();
        std::string const mark = "ar_internal_metadata";
        std::size_t times = 0;
        for (auto at = log.find(mark); at != std::string::npos; at = log.find(mark, at + 1)) {
            ++times;
        }
        return times;
    };
    auto const before = sent();
    auto const two =
        memory_catalog({{"0001_make.sql", make}, {"0002_more.sql", "create table more (id int);\n"}});
    REQUIRE(boot(two).applied() == 2);
    CHECK(sent() == before + 1);
    REQUIRE(boot(two).applied() == 0);
    CHECK(sent() == before + 1);
    database->run("update schemagate.history set verified_at = null");
    REQUIRE(boot(two).applied() == 0); // leads, but only to verify
    CHECK(sent() == before + 1);
}

TEST_CASE("an encoding other than UTF8 is named, and what it means", "[preflight]")
{
    auto const [encoding, words] = GENERATE(table<std::string, std::string>(
        {{"LATIN1", "LATIN1, not UTF8"}, {"SQL_ASCII", "cannot tell characters apart"}}));
    fixture f;
    auto const name = f.database->name() + "_encoded";
    f.database->run("create database " + name + " owner " + support::private_server::owner +
                    " template template0 encoding '" + encoding + "' lc_collate 'C' lc_ctype 'C'");
    f.with = support::settings_for(support::private_server::shared().url(name));
    auto const done = f.boot(made());
    f.database->run("drop database " + name + " with (force)");
    CHECK(done.applied() == 1);
    auto const warnings = f.events->events(step::plan, outcome::warned);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0].message, holds(words));
}

TEST_CASE_METHOD(preflighted, "a preflight that the server does not answer stops no boot", "[preflight]")
{
    database->run("revoke select on pg_db_role_setting from public");
    CHECK(boot(made()).applied() == 1);
    CHECK_THAT(warnings(), holds("no preflight") && holds("42501"));
}

TEST_CASE_METHOD(preflighted, "standard_conforming_strings that was off is said, since scripts run with on",
                 "[preflight]")
{
    database->run("alter database " + database->name() + " set standard_conforming_strings = off");
    CHECK(boot(made("create table made as select '\\n'::text as s;\n")).applied() == 1);
    CHECK_THAT(warnings(), holds("standard_conforming_strings is off (set for this database)"));
    CHECK(value("select length(s) from made") == "2");
}

TEST_CASE_METHOD(preflighted, "standard_conforming_strings as PostgreSQL has it is no word worth",
                 "[preflight]")
{
    CHECK(boot(made()).applied() == 1);
    CHECK_THAT(warnings(), !holds("standard_conforming_strings"));
}
