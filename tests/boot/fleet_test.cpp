// Several processes at once on one database.
#include <memory>
#include <vector>

#include "catch.hpp"
#include "programs.hpp"

using namespace programs;

TEST_CASE("of eight processes on an empty database one applies, and all serve", "[fleet]")
{
    auto const database = support::private_server::shared().create_database();
    std::vector<std::unique_ptr<service>> fleet;
    fleet.reserve(8);
    for (int i = 0; i < 8; ++i) {
        fleet.push_back(std::make_unique<service>(support::environment{{"DATABASE_URL", database->url()}}));
    }
    int applied = 0;
    for (auto const& one : fleet) {
        INFO(one->process().out() << one->process().err());
        REQUIRE(one->is_ready(std::chrono::seconds{60}));
        REQUIRE(one->process().wait_for_output("boot_done"));
        applied += one->closing().at("applied").to_number<int>();
        CHECK(text(one->closing(), "admission") == "verified");
        CHECK(one->get("/v1/prompts/nlu_topic_extraction").status == 200);
    }
    CHECK(applied == migrations_on_empty());
    CHECK(database->value("select count(*) from schemagate.history") == std::to_string(migrations()));
    CHECK(database->value("select count(*) from prompt_templates") == "3");
    CHECK(becomes_true(*database, lock_is_free));
    for (auto const& one : fleet) {
        CHECK(one->terminate() == 0);
    }
}

TEST_CASE("a history that another leader makes after a boot saw none is used, not made twice", "[fleet]")
{
    // Of another catalog, whose lock is another one; behind a transaction pooler also of the same.
    auto const database = support::private_server::shared().create_database();
    support::sql_session earlier_tool{database->url()};
    earlier_tool("create table public.ledger (version text)");
    earlier_tool("begin; lock table public.ledger in access exclusive mode");
    script_folder scripts{*database};
    scripts.write("0001_note.sql",
                  "-- schemagate: adopts public.ledger version=1\nCREATE TABLE note (body text);\n");
    auto const migrating = scripts.start_migrate();
    // It has seen that there is no history, and asks the earlier tool's ledger.
    REQUIRE(becomes_true(*database, "select count(*) = 1 from pg_locks where not granted"));
    REQUIRE(prompt_service({"migrate"}, {{"DATABASE_URL", database->url()}}).code == 0);
    earlier_tool("commit");
    auto const status = migrating->wait();
    INFO(migrating->err());
    CHECK(status.code == 0);
    CHECK(database->value("select count(distinct catalog) from schemagate.history") == "2");
}

TEST_CASE("SCHEMAGATE_LOCK_WAIT: by default a boot waits while another process migrates, and opens without "
          "applying",
          "[fleet]")
{
    auto const database = support::private_server::shared().create_database();
    auto lock = std::make_unique<support::sql_session>(hold_boot_lock(*database));
    service first{{{"DATABASE_URL", database->url()}}};
    service second{{{"DATABASE_URL", database->url()}}};
    REQUIRE(first.in_state("waiting_for_lock"));
    REQUIRE(second.in_state("waiting_for_lock"));
    lock.reset();
    REQUIRE(first.is_ready());
    REQUIRE(second.is_ready());
    REQUIRE(first.process().wait_for_output("boot_done"));
    REQUIRE(second.process().wait_for_output("boot_done"));
    CHECK(first.closing().at("applied").to_number<int>() + second.closing().at("applied").to_number<int>() ==
          migrations_on_empty());
    CHECK(first.terminate() == 0);
    CHECK(second.terminate() == 0);
}

TEST_CASE("SCHEMAGATE_LOCK_WAIT: the wait ends with exit 75 and names who holds it", "[fleet]")
{
    auto const database = support::private_server::shared().create_database();
    auto const lock = hold_boot_lock(*database);
    auto const done = prompt_service({{"DATABASE_URL", database->url()}, {"SCHEMAGATE_LOCK_WAIT", "1s"}});
    INFO(done.out << done.err);
    CHECK(done.code == 75);
    CHECK(done.code_name == "lock-wait-over");
    CHECK_THAT(done.message + done.out + done.err, support::holds("a stranger"));
    CHECK_THAT(done.message, support::holds("SCHEMAGATE_LOCK_WAIT"));
}
