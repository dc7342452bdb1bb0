// Row level security on our tables, and triggers that eat our rows.
#include "preflight_fixture.hpp"

using engine::made;
using engine::preflighted;
using support::holds;
using support::memory_catalog;

namespace {

struct secured : preflighted
{
    secured() { REQUIRE(boot(made()).applied() == 1); }

    /// As roles.sql does for a runtime role.
    void let_role_read() const
    {
        database->run("grant usage on schema schemagate to " + role +
                      "; grant select on all tables in schema schemagate to " + role);
    }
    void secure(std::string const& table = "history") const
    {
        database->run("alter table schemagate." + table + " enable row level security");
    }
    void check_refused(std::string const& table = "history", std::string const& from = "") const
    {
        auto const before = state();
        auto const ended = boot(made());
        REQUIRE(ended.code() == "permission-denied");
        CHECK(ended.failure->exit_code() == 77);
        CHECK_THAT(ended.failure->message(), holds("row level security on schemagate." + table) &&
                                                 holds('"' + (from.empty() ? role : from) + '"'));
        CHECK_THAT(ended.failure->fix(),
                   holds("ALTER TABLE \"schemagate\".\"" + table + "\" DISABLE ROW LEVEL SECURITY;"));
        CHECK(state() == before);
    }
};

} // namespace

TEST_CASE_METHOD(secured, "a role from which row level security hides the history is refused at once",
                 "[row_security]")
{
    let_role_read();
    secure();
    log_in_as_role();
    with.mode = GENERATE(schemagate::mode::apply, schemagate::mode::wait, schemagate::mode::verify);
    check_refused();
    database->run("alter role " + role + " set row_security = off");
    check_refused();
    auto const shipped = made();
    CHECK_THROWS_AS(static_cast<void>(schemagate::look(with, shipped)), schemagate::failure);
    CHECK_THROWS_AS(static_cast<void>(schemagate::verify(with, shipped)), schemagate::failure);
}

TEST_CASE_METHOD(secured, "a role from which row level security hides the record of objects is refused",
                 "[row_security]")
{
    let_role_read();
    secure("object");
    log_in_as_role();
    check_refused("object");
}

TEST_CASE_METHOD(secured, "row level security that hides nothing refuses nobody", "[row_security]")
{
    secure();
    secure("object");
    CHECK(boot(made()).report); // the owner
    let_role_read();
    SECTION("policies that show all rows, which the fix names")
    {
        log_in_as_role();
        for (auto const* const table : {"history", "object"}) {
            auto const ended = boot(made());
            REQUIRE(ended.failure);
            auto const fix = ended.failure->fix();
            CHECK_THAT(fix, holds(table));
            database->run(fix.substr(fix.find("CREATE POLICY")));
        }
        CHECK(boot(made()).report);
    }
    SECTION("a policy that shows ours, or a role that is exempt")
    {
        log_in_as_role();
        database->run(GENERATE(true, false)
                          ? "create policy p on schemagate.history using (catalog = 'test');"
                            "create policy p on schemagate.object using (catalog = 'test')"
                          : "alter role " + role + " bypassrls");
        CHECK(boot(made()).report);
    }
}

TEST_CASE_METHOD(secured, "a policy for all shows a catalog without rows that it has none", "[row_security]")
{
    secure();
    database->run("alter table schemagate.history force row level security;"
                  "create policy p on schemagate.history using (true)");
    CHECK(boot(memory_catalog({{"1_other.sql", "create table other ();\n"}}, "other")).applied() == 1);
}

TEST_CASE_METHOD(secured, "FORCE ROW LEVEL SECURITY hides the history from its owner", "[row_security]")
{
    secure();
    database->run("alter table schemagate.history force row level security");
    check_refused("history", support::private_server::owner);
}

TEST_CASE_METHOD(secured, "a leader that sees no row is refused, whatever DATABASE_URL's role sees",
                 "[row_security]")
{
    database->run("grant usage, create on schema schemagate, public to " + role +
                  "; grant all on all tables in schema schemagate to " + role);
    secure();
    with.migration_database_url = schemagate::database_url_text{
        schemagate::secret{support::private_server::shared().url(database->name(), role, "Role-Pass-1")},
        "MIGRATION_DATABASE_URL",
        {}};
    auto const ended = boot(memory_catalog({{"0001_make.sql", engine::make}, {"0002_b.sql", "select 1;\n"}}));
    REQUIRE(ended.code() == "permission-denied");
    CHECK_THAT(ended.failure->message(), holds("row level security on schemagate.history"));
    CHECK_THAT(ended.failure->message(), holds('"' + role + '"'));
}

TEST_CASE_METHOD(secured, "a trigger that eats our rows ends in an error, with nothing applied",
                 "[row_security]")
{
    database->run("create function eat() returns trigger language plpgsql as $$ begin return null; end $$;"
                  "create trigger t before insert on schemagate.history for each row execute function eat()");
    auto const second =
        GENERATE(as<std::string>{}, "create table b ();\n",                         // one message
                 "create table b ();\n--" + std::string(100'000, 'x') + "\n",       // in pieces
                 "create table b ();\ncreate index concurrently i on made (id);\n", // non-transactional
                 "vacuum made;\n");
    with.transaction = GENERATE(schemagate::transaction_scope::each, schemagate::transaction_scope::all);
    auto const ended = boot(memory_catalog({{"0001_make.sql", engine::make}, {"0002_b.sql", second}}));
    INFO(second.substr(0, 60));
    REQUIRE(ended.failure);
    if (with.transaction == schemagate::transaction_scope::each || second.size() > 100'000) {
        CHECK(ended.code() == "script-refused");
        CHECK(ended.failure->script() == "0002_b");
        CHECK_THAT(ended.failure->message(), holds("a trigger or rule on the history table?"));
    }
    CHECK_FALSE(exists("b"));
    CHECK_FALSE(exists("i"));
    CHECK(value("select count(*) from schemagate.history") == "1");
    CHECK(events->events(schemagate::step::apply, schemagate::outcome::failed).size() +
              events->events(schemagate::step::plan, schemagate::outcome::failed).size() ==
          1);
}
