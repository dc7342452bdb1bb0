// How long a boot waits, and for what. None of these asks that something is quick.
#include <thread>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;
using namespace std::chrono_literals;
using support::holds;

namespace {

struct fixture
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();
    script_folder scripts{*database};

    [[nodiscard]] std::string value(std::string const& sql) const { return database->value(sql); }
    void default_of_database(std::string const& setting) const
    {
        database->run("alter database " + database->name() + " set " + setting);
    }
};

// Table `busy` is there, and the next script wants it for itself.
struct with_busy_table : fixture
{
    with_busy_table()
    {
        scripts.write("0001_make.sql", "create table busy (id int);\n");
        REQUIRE(scripts.migrate().code == 0);
        scripts.write("0002_add.sql", "alter table busy add column note text;\n");
    }
    /// Live traffic: a transaction that has read the table.
    [[nodiscard]] std::unique_ptr<support::sql_session> read() const
    {
        auto reader = std::make_unique<support::sql_session>(database->admin_url());
        (*reader)("begin; select * from busy");
        return reader;
    }
};

std::string const somebody_waits_for_a_table =
    "select exists (select from pg_stat_activity where datname = current_database()"
    " and wait_event_type = 'Lock')";

long times(std::string const& text, std::string const& part)
{
    long count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++count;
    }
    return count;
}

support::environment nobody_listens(std::string const& connect_wait)
{
    return {
        {"DATABASE_URL", "postgresql://u:p@127.0.0.1:" + std::to_string(support::free_port()) + "/d"},
        {"SCHEMAGATE_CONNECT_WAIT", connect_wait},
    };
}

} // namespace

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_STATEMENT_TIMEOUT: by default none, whatever the database's default says",
                 "[settings]")
{
    default_of_database("statement_timeout = '500ms'");
    scripts.write("0001_slow.sql",
                  "select pg_sleep(0.7);\n"
                  "create table told as select current_setting('statement_timeout') as t;\n");
    scripts.write("../checks/0001_slow.sql", "select pg_sleep(0.7);\n");
    auto const set =
        GENERATE(support::environment{}, support::environment{{"SCHEMAGATE_STATEMENT_TIMEOUT", "0"}});
    auto const done = scripts.migrate(set);
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK(value("select t from told") == "0");
}

TEST_CASE_METHOD(fixture,
                 "SCHEMAGATE_STATEMENT_TIMEOUT: a database's default does not kill the reading either",
                 "[settings]")
{
    scripts.write("0001_make_a.sql", "create table a (id int);\n");
    scripts.write("0002_make_b.sql", "create table b (id int);\n");
    REQUIRE(scripts.migrate().code == 0);
    // An older binary reads the whole history at each boot. Here that takes longer than the default allows.
    scripts.remove("0002_make_b.sql");
    database->run("create function slow(t timestamptz) returns timestamptz stable language plpgsql as"
                  " 'begin perform pg_sleep(0.6); return t; end';"
                  "alter table schemagate.history rename to rows;"
                  "create view schemagate.history as select id, catalog, target_schema, kind, version,"
                  " description, checksum, state, statement_reached, slow(finished_at) as finished_at,"
                  " breaks_older_than, set_digest, verified_at from schemagate.rows;"
                  "grant select on schemagate.history to public");
    default_of_database("statement_timeout = '1s'");
    auto const done = scripts.migrate();
    INFO(done.err);
    CHECK(done.code == 0);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_STATEMENT_TIMEOUT: one that is set ends a statement, with exit 65",
                 "[settings]")
{
    scripts.write("0001_slow.sql", "create table a (id int);\nselect pg_sleep(60);\n");
    auto const done = scripts.migrate({{"SCHEMAGATE_STATEMENT_TIMEOUT", "300ms"}});
    INFO(done.err);
    CHECK(done.code == 65);
    CHECK(done.code_name == "statement-timeout");
    CHECK_THAT(done.fix, holds("SCHEMAGATE_STATEMENT_TIMEOUT"));
    CHECK(value("select to_regclass('a') is null") == "t");
    CHECK(value("select count(*) from schemagate.history") == "0");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_LOCK_TIMEOUT: 50 ms in a script by default, or what is set",
                 "[settings]")
{
    default_of_database("lock_timeout = '7s'");
    scripts.write("0001_tell.sql", "create table told as select current_setting('lock_timeout') as t;\n");
    auto const told = GENERATE("50ms", "2s");
    auto const set = std::string{told} == "50ms" ? support::environment{}
                                                 : support::environment{{"SCHEMAGATE_LOCK_TIMEOUT", told}};
    REQUIRE(scripts.migrate(set).code == 0);
    CHECK(value("select t from told") == told);
}

TEST_CASE_METHOD(with_busy_table, "SCHEMAGATE_LOCK_TIMEOUT: a long one waits in the server, in one attempt",
                 "[settings]")
{
    auto reader = read();
    auto const migrating = scripts.start_migrate({{"SCHEMAGATE_LOCK_TIMEOUT", "10min"}});
    REQUIRE(becomes_true(*database, somebody_waits_for_a_table));
    std::this_thread::sleep_for(300ms); // six times the default
    CHECK(value(somebody_waits_for_a_table) == "t");
    reader.reset();
    CHECK(migrating->wait().code == 0);
    CHECK(migrating->err().find("outcome=retrying") == std::string::npos);
    CHECK(value("select retries from schemagate.history where version = '0002'") == "0");
}

TEST_CASE_METHOD(with_busy_table, "SCHEMAGATE_LOCK_RETRY: all attempts at a table lock, then exit 75",
                 "[settings]")
{
    auto const reader = read();
    auto const [limit, tries_again] = GENERATE(table<std::string, bool>({{"0", false}, {"1s", true}}));
    auto const done = scripts.migrate({{"SCHEMAGATE_LOCK_RETRY", limit}});
    INFO(done.err);
    CHECK(done.code == 75);
    CHECK(done.code_name == "lock-retry-over");
    CHECK(done.script == "0002_add");
    CHECK_THAT(done.message, holds("SCHEMAGATE_LOCK_RETRY"));
    CHECK((times(done.err, "outcome=retrying") > 0) == tries_again);
    CHECK(value("select count(*) from schemagate.history") == "1");
}

TEST_CASE_METHOD(with_busy_table, "SCHEMAGATE_LOCK_RETRY: by default a boot tries until the table is free",
                 "[settings]")
{
    auto reader = read();
    auto const migrating = scripts.start_migrate();
    REQUIRE(migrating->wait_for_output("outcome=retrying"));
    std::this_thread::sleep_for(1200ms); // what ends the shorter one above
    reader.reset();
    CHECK(migrating->wait().code == 0);
    CHECK(value("select retries > 0 from schemagate.history where version = '0002'") == "t");
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_LOCK_WAIT: none, and a boot that is not the first ends with exit 75",
                 "[settings]")
{
    scripts.write("0001_make_a.sql", "create table a (id int);\n");
    {
        auto const lock = hold_boot_lock(*database, "schemagate");
        auto const done = scripts.migrate({{"SCHEMAGATE_LOCK_WAIT", "0"}});
        INFO(done.err);
        CHECK(done.code == 75);
        CHECK(done.code_name == "lock-wait-over");
        CHECK_THAT(done.message, holds("a stranger") && holds("SCHEMAGATE_LOCK_WAIT"));
        CHECK(value("select to_regnamespace('schemagate') is null") == "t");
    }
    REQUIRE(becomes_true(*database, lock_is_free));
    CHECK(scripts.migrate({{"SCHEMAGATE_LOCK_WAIT", "0"}}).code == 0);
}

TEST_CASE("SCHEMAGATE_CONNECT_WAIT: none is one attempt, some is several, and both end with exit 69",
          "[settings]")
{
    auto const once = prompt_service({"migrate"}, nobody_listens("0"));
    CHECK(once.code == 69);
    CHECK(once.err.find("outcome=retrying") == std::string::npos);
    auto const more = prompt_service({"migrate"}, nobody_listens("1s"));
    INFO(more.err);
    CHECK(more.code == 69);
    CHECK(more.code_name == "unreachable");
    CHECK_THAT(more.message, holds("SCHEMAGATE_CONNECT_WAIT"));
    CHECK(times(more.err, "outcome=retrying") > 0);
}

TEST_CASE_METHOD(fixture, "SCHEMAGATE_CONNECT_WAIT: a server that answers needs none of it", "[settings]")
{
    CHECK(prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}, {"SCHEMAGATE_CONNECT_WAIT", "0"}})
              .code == 0);
}
