// A real PgBouncer, in each of its modes.
#include "catch.hpp"
#include "pgbouncer.hpp"
#include "programs.hpp"

using namespace programs;
using support::holds;

namespace {

struct behind_pooler
{
    std::unique_ptr<support::test_database> database = support::private_server::shared().create_database();

    [[nodiscard]] std::string history(std::string const& expression) const
    {
        return database->value("select " + expression + " from schemagate.history");
    }
    [[nodiscard]] std::string locks() const
    {
        return database->value("select count(*) from pg_locks l join pg_database d on d.oid = l.database "
                               "where l.locktype = 'advisory' and d.datname = current_database()");
    }
};

} // namespace

TEST_CASE_METHOD(behind_pooler,
                 "eight at once through transaction pooling: one applies, none fails, no lock stays",
                 "[pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "transaction"};
    std::vector<std::unique_ptr<service>> fleet;
    fleet.reserve(8);
    for (int i = 0; i < 8; ++i) {
        fleet.push_back(
            std::make_unique<service>(support::environment{{"DATABASE_URL", pool.url(database->name())}}));
    }
    for (auto& each : fleet) {
        bool const ready = each->is_ready();
        INFO(each->process().err());
        CHECK(ready);
    }
    CHECK(history("count(*)") == std::to_string(migrations()));
    CHECK(history("count(distinct version)") == std::to_string(migrations()));
    CHECK(locks() == "0");
    for (auto& each : fleet) {
        CHECK(each->terminate() == 0);
    }
}

TEST_CASE_METHOD(behind_pooler,
                 "SCHEMAGATE_POOLER: session takes the session's lock behind a session pool; detect, the "
                 "default, does not",
                 "[pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "session"};
    auto const [setting, pooled] = GENERATE(table<std::string, std::string>(
        {{"session", "pooled=no"}, {"detect", "pooled=yes"}, {"", "pooled=yes"}}));
    support::environment with{{"DATABASE_URL", pool.url(database->name())}};
    if (!setting.empty()) {
        with["SCHEMAGATE_POOLER"] = setting;
    }
    auto const done = prompt_service({"migrate"}, with);
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds(pooled));
    CHECK(history("count(*)") == std::to_string(migrations()));
    CHECK(becomes_true(*database, "select count(*) = 0 from pg_locks where locktype = 'advisory'"));
}

TEST_CASE_METHOD(behind_pooler, "SCHEMAGATE_RUN_AS: holds for each transaction, and no longer, in a pool",
                 "[pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "transaction"};
    auto const role = "owner_of_" + database->name();
    database->run("create role " + role + "; grant " + role + " to " + support::private_server::owner +
                  "; grant create on database " + database->name() + " to " + role +
                  "; grant create on schema public to " + role);
    auto const done = prompt_service(
        {"migrate"}, {{"DATABASE_URL", pool.url(database->name())}, {"SCHEMAGATE_RUN_AS", role}});
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.err, holds("pooled=yes"));
    CHECK(history("string_agg(distinct applied_by, ' ')") == role);
    CHECK(database->value("select string_agg(distinct tableowner, ' ') from pg_tables where schemaname in "
                          "('public', 'schemagate')") == role);
    CHECK(support::value(pool.url(database->name()), "select current_user") ==
          support::private_server::owner);
    database->run("drop owned by " + role + " cascade; drop role " + role);
}

TEST_CASE_METHOD(behind_pooler, "a pooler in statement mode is refused with 78, and named", "[pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "statement"};
    auto const done = prompt_service({"migrate"}, {{"DATABASE_URL", pool.url(database->name())}});
    INFO(done.err);
    CHECK(done.code == 78);
    CHECK(done.code_name == "pooler-refused");
    CHECK_THAT(done.message + done.fix, holds("pooler"));
    CHECK(database->value("select to_regnamespace('schemagate') is null") == "t");
}

TEST_CASE_METHOD(behind_pooler, "MIGRATION_DATABASE_URL: goes past the pooler that DATABASE_URL names",
                 "[pooler]")
{
    support::pgbouncer pool{support::private_server::shared(), "transaction"};
    service backend{
        {{"DATABASE_URL", pool.url(database->name())}, {"MIGRATION_DATABASE_URL", database->url()}}};
    REQUIRE(backend.is_ready());
    CHECK_THAT(backend.process().err(), holds("pooled=no"));
    CHECK(history("count(*)") == std::to_string(migrations()));
    CHECK(backend.terminate() == 0);
}
