// What users of other tools complain of about which migrations count as applied, each by its number.
#include "complaint_folder.hpp"

using engine::becomes_true;
using engine::complaint_folder;
using schemagate::outcome;
using schemagate::step;
using support::memory_catalog;
using namespace std::chrono_literals;

namespace {

std::string table(std::string const& name)
{
    return "create table " + name + " (id int);\n";
}

} // namespace

TEST_CASE_METHOD(complaint_folder,
                 "complaint 9: old pods cannot restart while a new pod migrates for an hour (goose#640)",
                 "[complaint]")
{
    auto const older = memory_catalog({{"1_a.sql", table("a")}});
    auto const last = GENERATE(as<std::string>{}, "select pg_sleep(3);\n",
                               "create index concurrently i on a (id);\nselect pg_sleep(3);\n");
    auto const newer = memory_catalog({{"1_a.sql", table("a")}, {"2_slow.sql", last}});
    REQUIRE(boot(older).applied() == 1);
    engine::many_boots migrating;
    migrating.start(with, newer);
    REQUIRE(becomes_true(*database, "select exists (select from pg_stat_activity where datname = "
                                    "current_database() and wait_event = 'PgSleep')"));
    with.lock_wait = 0ms;
    auto const restarted = boot(older);
    CHECK(restarted.code() == "done");
    CHECK(events->events(step::lock, outcome::waiting).empty());
    CHECK(value("select exists (select from pg_stat_activity where wait_event = 'PgSleep')") == "t");
    CHECK(migrating.troubles().empty());
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 10: a rollback deploy crash-loops, since the database is ahead of the binary "
                 "(centaur#1481, artifact-keeper#3314)",
                 "[complaint]")
{
    auto const older = memory_catalog({{"1_a.sql", table("a")}});
    REQUIRE(boot(memory_catalog({{"1_a.sql", table("a")}, {"2_b.sql", table("b")}})).applied() == 2);
    auto const rolled_back = boot(older);
    REQUIRE(rolled_back.code() == "done");
    CHECK(rolled_back.report->database_newer);
    CHECK(rolled_back.applied() == 0);
    with.plan.newer = schemagate::newer_policy::refuse;
    auto const refused = boot(older);
    REQUIRE(refused.code() == "newer-database");
    CHECK(refused.failure->exit_code() == 76);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 35: a column is dropped while old pods still read it (codex-lb#2422, vm0#34084)",
                 "[complaint]")
{
    auto const older = memory_catalog({{"1_a.sql", table("a")}});
    auto const breaking = memory_catalog(
        {{"1_a.sql", table("a")},
         {"2_drop.sql", "-- schemagate: breaks-older-than=2\nalter table a drop column id;\n"}});
    REQUIRE(boot(older).applied() == 1);
    REQUIRE(boot(breaking).applied() == 1);
    auto const ended = boot(older);
    REQUIRE(ended.code() == "newer-database");
    CHECK_THAT(ended.failure->message(), support::holds("2"));
    CHECK(boot(breaking).code() == "done");
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 11: a late-merged lower version is skipped in silence, and equal numbers explode "
                 "(glue#186, superplane#5530, e2b-dev/infra#3369)",
                 "[complaint]")
{
    write("1_a.sql", table("a"));
    write("3_c.sql", table("c"));
    REQUIRE(migrate().applied() == 2);
    write("2_b.sql", table("b"));
    auto const late = migrate();
    REQUIRE(late.code() == "out-of-order");
    CHECK_THAT(late.failure->what(), support::holds("2_b"));
    CHECK_FALSE(exists("b"));
    with.plan.out_of_order = schemagate::out_of_order_policy::apply;
    CHECK(migrate().applied() == 1);
    CHECK(exists("b"));
    write("03_again.sql", table("d"));
    auto const twice = migrate();
    REQUIRE(twice.code() == "script-refused");
    CHECK_THAT(twice.failure->what(), support::holds("3_c.sql"));
    CHECK_THAT(twice.failure->what(), support::holds("03_again.sql"));
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 15: the history is looked for in another schema, so the whole database is "
                 "migrated again (goose#1017, #882, chainlink#20658)",
                 "[complaint]")
{
    auto const shipped =
        memory_catalog({{"1_a.sql", "create table if not exists a (id int);\ninsert into a values (1);\n"}});
    with.history_schema = "tools";
    REQUIRE(boot(shipped).applied() == 1);
    with.history_schema = "schemagate";
    auto const elsewhere = boot(shipped);
    REQUIRE(elsewhere.failure);
    CHECK(elsewhere.failure->exit_code() == 78);
    CHECK_THAT(elsewhere.failure->what(), support::holds("tools"));
    CHECK(value("select count(*) from a") == "1");
    CHECK_FALSE(exists("schemagate.history"));
    // And what the database or the role sets as its search_path changes nothing.
    database->run("create schema decoy; alter database " + database->name() +
                  " set search_path = decoy, tools");
    with.history_schema = "tools";
    CHECK(boot(shipped).applied() == 0);
}

TEST_CASE_METHOD(complaint_folder,
                 "complaint 26: processes that make the history table at once collide in "
                 "pg_type_typname_nsp_index (svix#2589, tern#19, knex#2818)",
                 "[complaint]")
{
    engine::many_boots fleet; // each of a lock of its own
    for (int i = 0; i < 16; ++i) {
        auto const name = "service_" + std::to_string(i);
        fleet.start(with, memory_catalog({{"1_a.sql", table(name)}}, name));
    }
    CHECK(fleet.troubles().empty());
    CHECK(value("select count(*) from schemagate.history") == "16");
    CHECK(value("select count(*) from pg_tables where tablename ~ '^service_'") == "16");
}
