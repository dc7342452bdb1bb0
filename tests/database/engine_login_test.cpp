// Roles that may log in and little more.
#include <thread>

#include "engine.hpp"

using engine::fixture;
using support::memory_catalog;

namespace {

struct login : fixture
{
    std::string const owner = database->name() + "_owner";
    std::string const role = database->name() + "_login";

    login()
    {
        database->run("create role " + owner + "; create role " + role +
                      " login noinherit connection limit 1 password 'Login-Pass-1'; grant " + owner + " to " +
                      role + "; grant create on database " + database->name() + " to " + owner +
                      "; grant create on schema public to " + owner);
        with = support::settings_for(
            support::private_server::shared().url(database->name(), role, "Login-Pass-1"));
    }
    login(login const&) = delete;
    login& operator=(login const&) = delete;
    ~login()
    {
        support::sql_session admin{database->admin_url()};
        admin("drop owned by " + owner + " cascade; drop role " + role + "; drop role " + owner);
    }

    [[nodiscard]] std::string owners() const
    {
        return value("select string_agg(distinct relowner::regrole::text, ',') from pg_class"
                     " where relnamespace in ('public'::regnamespace, 'schemagate'::regnamespace)");
    }
};

schemagate::catalog every_strategy()
{
    return memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                           {"2_b.sql", "create index concurrently i on a (id);\ncreate table b (id int);\n"
                                       "set session authorization default;\nvacuum a;\n"},
                           {"3_c.sql", "create table c (id int);\nset role none;\n"},
                           {"4_d.sql", "create table d (id int);\n"},
                           {"5_e.sql", "create table e (id int); -- " + std::string(100'000, 'x') + "\n"}});
}

} // namespace

TEST_CASE_METHOD(login, "a NOINHERIT login that ALTER ROLE … SET role makes the owner may migrate", "[login]")
{
    database->run("alter role " + role + " set role = " + owner);
    CHECK(boot(every_strategy()).applied() == 5);
    CHECK(owners() == owner);
    CHECK(boot(every_strategy()).code() == "done");
}

TEST_CASE_METHOD(login, "a connection limit of one is enough", "[login]")
{
    with.run_as = owner;
    SECTION("for one boot after another")
    {
        for (int i = 0; i < 10; ++i) {
            CHECK(boot(every_strategy()).code() == "done");
        }
    }
    SECTION("with a URL for migrating")
    {
        with.migration_database_url = with.database_url;
        CHECK(boot(every_strategy()).applied() == 5);
    }
    SECTION("where another session holds a lock, and nobody can look who it is")
    {
        REQUIRE(boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"}})).applied() == 1);
        auto reader = std::make_unique<support::sql_session>(database->admin_url());
        (*reader)("begin; select * from a");
        std::jthread const releases{[&] {
            static_cast<void>(events->wait_for(schemagate::step::apply, schemagate::outcome::retrying));
            reader.reset();
        }};
        CHECK(boot(memory_catalog({{"1_a.sql", "create table a (id int);\n"},
                                   {"2_b.sql", "alter table a add column n int;\nselect pg_sleep(1.5);\n"}}))
                  .applied() == 1);
    }
    CHECK(events->events(schemagate::step::connect, schemagate::outcome::failed).empty());
}
