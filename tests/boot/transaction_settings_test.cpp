// What one transaction of a boot holds, whose it is, and where it is written down.
#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

struct fixture
{
    support::private_server& server = support::private_server::shared();
    std::unique_ptr<support::test_database> database = server.create_database();
    script_folder scripts{*database};

    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    [[nodiscard]] bool exists(std::string const& relation) const
    {
        return value("select to_regclass('" + relation + "') is not null") == "t";
    }
    /// Two that work and one that does not.
    void write_three() const
    {
        scripts.write("0001_make_a.sql", "create table a (id int);\n");
        scripts.write("0002_make_b.sql", "create table b (id int);\n");
        scripts.write("0003_make_c.sql", "create table c (id int);\nselect 1/0;\n");
    }
    void mend_the_third() const { scripts.write("0003_make_c.sql", "create table c (id int);\n"); }
};

// A role that owns things, and one that logs in and may become it.
struct with_roles : fixture
{
    std::string owner = "owner_of_" + database->name();
    std::string login = "login_" + database->name();

    with_roles()
    {
        database->run("create role " + owner + "; create role " + login +
                      " login noinherit password 'Login-Pass-1'; grant create on database " +
                      database->name() + " to " + owner + "; grant create on schema public to " + owner);
        scripts.write("0001_make_a.sql", "create table a (id int); reset role;\n");
        scripts.write("0002_make_b.sql", "create table b (id int);\n");
    }
    ~with_roles()
    {
        database->run("drop owned by " + owner + ", " + login + " cascade; drop role " + login +
                      "; drop role " + owner);
    }
    with_roles(with_roles const&) = delete;
    with_roles& operator=(with_roles const&) = delete;

    void may_become_owner() const { database->run("grant " + owner + " to " + login); }
    [[nodiscard]] support::environment as_login() const
    {
        return {{"DATABASE_URL", server.url(database->name(), login, "Login-Pass-1")},
                {"SCHEMAGATE_RUN_AS", owner}};
    }
    /// Does what an operator does who is told what to GRANT: four times, or until the boot succeeds.
    void follow_grants(support::environment const& with) const
    {
        std::string steps;
        auto done = scripts.migrate(with);
        for (int i = 0; i < 4 && done.code == 77; ++i) {
            steps += done.message + "\n  " + done.fix + '\n';
            INFO(steps);
            auto const grant = done.fix.find("GRANT");
            REQUIRE(grant != std::string::npos);
            database->run(done.fix.substr(grant));
            done = scripts.migrate(with);
        }
        INFO(steps << done.err);
        CHECK(done.code == 0);
        CHECK_FALSE(steps.empty());
    }
    [[nodiscard]] std::string owners_of_tables() const
    {
        return value("select string_agg(distinct tableowner, ',') from pg_tables"
                     " where schemaname in ('public', 'schemagate')");
    }
};

} // namespace

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_TRANSACTION: each, the default, keeps what came before the script that failed",
                 "[settings]")
{
    auto const set =
        GENERATE(support::environment{}, support::environment{{"SCHEMAGATE_TRANSACTION", "each"}});
    write_three();
    auto const failed = scripts.migrate(set);
    INFO(failed.err);
    CHECK(failed.code == 65);
    CHECK(failed.script == "0003_make_c");
    CHECK((exists("a") && exists("b") && !exists("c")));
    CHECK(value("select string_agg(version, ' ' order by id) from schemagate.history") == "0001 0002");
    mend_the_third();
    CHECK(scripts.migrate(set).code == 0);
    CHECK(value("select count(distinct started_at) from schemagate.history") == "3");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_TRANSACTION: all applies everything that is pending, or nothing",
                 "[settings]")
{
    support::environment const all{{"SCHEMAGATE_TRANSACTION", "all"}};
    write_three();
    auto const failed = scripts.migrate(all);
    INFO(failed.err);
    CHECK(failed.code == 65);
    CHECK(failed.script == "0003_make_c");
    CHECK_FALSE((exists("a") || exists("b") || exists("c")));
    CHECK(value("select count(*) from schemagate.history") == "0");
    mend_the_third();
    CHECK(scripts.migrate(all).code == 0);
    CHECK((exists("a") && exists("b") && exists("c")));
    CHECK(value("select count(distinct started_at) from schemagate.history") == "1");
    CHECK(value("select count(verified_at) from schemagate.history") == "3");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_TRANSACTION: all is refused with a script that cannot run in one",
                 "[settings]")
{
    scripts.write("0001_make_a.sql", "create table a (id int);\n");
    scripts.write("0002_index.sql", "create index concurrently a_id on a (id);\n");
    auto const refused = scripts.migrate({{"SCHEMAGATE_TRANSACTION", "all"}});
    INFO(refused.err);
    CHECK(refused.code == 78);
    CHECK_THAT(refused.message, holds("0002_index"));
    CHECK_FALSE(exists("a"));
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_TRANSACTION: all takes no offence at a script that is only recorded",
                 "[settings]")
{
    scripts.write("0001_make_a.sql",
                  "-- schemagate: adopts public.ledger version=1\ncreate table a (id int);\n");
    scripts.write("0002_index.sql",
                  "-- schemagate: only-if-adopted 0001\ncreate index concurrently a_id on a (id);\n");
    scripts.write("0003_make_c.sql", "create table c (id int);\n");
    auto const done = scripts.migrate({{"SCHEMAGATE_TRANSACTION", "all"}});
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK(value("select string_agg(kind, ' ' order by id) from schemagate.history") ==
          "versioned not-needed versioned");
    CHECK(value("select count(distinct started_at) from schemagate.history") == "1");
}

TEST_CASE_METHOD(with_roles, "SCHEMAGATE_RUN_AS: without it everything belongs to the role that logs in",
                 "[settings]")
{
    auto const done = scripts.migrate();
    INFO(done.err);
    REQUIRE(done.code == 0);
    CHECK(owners_of_tables() == support::private_server::owner);
    CHECK(value("select string_agg(distinct applied_by, ',') from schemagate.history") ==
          support::private_server::owner);
}

TEST_CASE_METHOD(with_roles,
                 "SCHEMAGATE_RUN_AS: objects and history are that role's, whatever a script does to its role",
                 "[settings]")
{
    may_become_owner();
    auto const done = scripts.migrate(as_login());
    INFO(done.err);
    REQUIRE(done.code == 0);
    CHECK(owners_of_tables() == owner);
    CHECK(value("select string_agg(distinct applied_by, ',') from schemagate.history") == owner);
    // The role that logs in inherits nothing, and reads the history all the same: the next boot asks with it.
    auto const idle = scripts.migrate(as_login());
    INFO(idle.err);
    CHECK(idle.code == 0);
    CHECK_THAT(idle.out, holds("nothing to apply"));
    CHECK(value("select has_table_privilege('" + login + "', 'schemagate.history', 'insert')") == "f");
}

TEST_CASE_METHOD(with_roles, "SCHEMAGATE_RUN_AS: a role that is not there is 78, one out of reach 77",
                 "[settings]")
{
    auto with = as_login();
    auto const out_of_reach = scripts.migrate(with);
    INFO(out_of_reach.err);
    CHECK(out_of_reach.code == 77);
    CHECK_THAT(out_of_reach.fix, holds("GRANT \"" + owner + "\" TO \"" + login + "\";"));
    with["SCHEMAGATE_RUN_AS"] = "nobody_of_this_name";
    auto const missing = scripts.migrate(with);
    CHECK(missing.code == 78);
    CHECK_THAT(missing.message, holds("SCHEMAGATE_RUN_AS") && holds("nobody_of_this_name"));
    CHECK_THAT(missing.fix, holds("SCHEMAGATE_RUN_AS="));
    CHECK_FALSE(exists("a"));
}

TEST_CASE_METHOD(with_roles,
                 "SCHEMAGATE_RUN_AS: set on a history of another role, each GRANT is a step ahead",
                 "[settings]")
{
    REQUIRE(scripts.migrate().code == 0);
    scripts.write("0003_make_c.sql", "create table c (id int);\n");
    may_become_owner();
    follow_grants(as_login());
    CHECK(value("select tableowner from pg_tables where tablename = 'c'") == owner);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_HISTORY_SCHEMA: schemagate by default, another where it is named",
                 "[settings]")
{
    scripts.write("0001_make_a.sql", "create table if not exists a (id int);\n");
    auto const name = GENERATE("", "ops", "o'ps", "a:b", "one::two", "say \"when\"", "back\\slash :id");
    INFO(name);
    support::environment with;
    if (*name != '\0') {
        with["SCHEMAGATE_HISTORY_SCHEMA"] = name;
    }
    auto const first = scripts.migrate(with);
    INFO(first.err);
    REQUIRE(first.code == 0);
    CHECK(value("select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where c.relname = 'history'") == (*name == '\0' ? "schemagate" : name));
    auto const second = scripts.migrate(with);
    INFO(second.err);
    CHECK(second.code == 0);
    CHECK_THAT(second.out, holds("nothing to apply"));
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_HISTORY_SCHEMA: two histories know nothing of each other", "[settings]")
{
    scripts.write("0001_make_a.sql", "create table if not exists a (id int);\n");
    REQUIRE(scripts.migrate().code == 0);
    // Nor do they share a lock.
    auto const lock = hold_boot_lock(*database, "schemagate");
    scripts.write("0001_make_a.sql", "create table if not exists a (id bigint);\n");
    auto const other = scripts.migrate({{"SCHEMAGATE_HISTORY_SCHEMA", "ops"}, {"SCHEMAGATE_LOCK_WAIT", "0"}});
    INFO(other.err);
    CHECK(other.code == 0);
    CHECK_THAT(other.out, holds("applied 0001_make_a"));
    CHECK(scripts.migrate().code == 76);
}

TEST_CASE_METHOD(
    with_roles,
    "SCHEMAGATE_HISTORY_SCHEMA: one that is there needs no right to create schemas, and the GRANTs "
    "suffice",
    "[settings]")
{
    database->run("create schema ops");
    follow_grants({{"DATABASE_URL", server.url(database->name(), login, "Login-Pass-1")},
                   {"SCHEMAGATE_HISTORY_SCHEMA", "ops"}});
    CHECK(value("select has_database_privilege('" + login + "', current_database(), 'create')") == "f");
    CHECK(value("select count(verified_at) from ops.history") == "2");
}
