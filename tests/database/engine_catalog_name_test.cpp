// The same scripts under another catalog name: a renamed CMake target, a forgotten --catalog.
#include "engine.hpp"

using engine::fixture;
using support::holds;
using support::memory_catalog;
using support::memory_script;

namespace {

std::vector<memory_script> const scripts{{"1_a.sql", "create table if not exists a (id int);\n"},
                                         {"2_b.sql", "insert into a values (1);\n"}};

} // namespace

TEST_CASE_METHOD(fixture, "the scripts of a catalog do not run again under another name", "[catalog_name]")
{
    REQUIRE(boot(memory_catalog(scripts, "app")).applied() == 2);
    auto more = scripts;
    more.push_back({"3_c.sql", "create table c (id int);\n"});
    auto const renamed =
        memory_catalog(GENERATE_COPY(as<std::vector<support::memory_script>>{}, scripts, more), "app_v2");
    with.mode = GENERATE(schemagate::mode::apply, schemagate::mode::wait, schemagate::mode::verify);
    auto const refused = boot(renamed);
    REQUIRE(refused.code() == "catalog-renamed");
    CHECK(refused.failure->exit_code() == 76);
    CHECK_THAT(refused.failure->message(), holds("\"app_v2\"") && holds("\"app\""));
    CHECK_THAT(refused.failure->fix(), holds("--catalog app") && holds("NAME app"));
    CHECK(value("select count(*) from a") == "1");
    CHECK(value("select count(*) from schemagate.history where catalog <> 'app'") == "0");
}

TEST_CASE_METHOD(fixture,
                 "a script that was begun does not begin again under another name, whatever follows now",
                 "[catalog_name]")
{
    auto const second = [](std::string const& rest) {
        return std::vector<memory_script>{
            {"1_b.sql", "-- schemagate: no-transaction\ncreate table b (id int);\n" + rest}};
    };
    REQUIRE(boot(memory_catalog(second("select 1/0;\n"), "app")).code() == "script-failed");
    database->run("drop table b");
    CHECK(boot(memory_catalog(second("select 1;\n"), "app_v2")).code() == "catalog-renamed");
    CHECK_FALSE(exists("b"));
    CHECK(boot(memory_catalog({{"1_c.sql", "-- schemagate: no-transaction\nselect 2;\n"}}, "other"))
              .applied() == 1);
}

TEST_CASE_METHOD(fixture,
                 "a script that is begun is never begun again under another name, nor a repeatable run",
                 "[catalog_name]")
{
    memory_script const begun{"2_b.sql",
                              "-- schemagate: no-transaction\ninsert into a values (1);\nselect 1/0;\n"};
    auto const first = [](std::string const& comment) {
        return memory_script{"1_a.sql", "create table if not exists a (id int);\n" + comment};
    };
    SECTION("one of two scripts is the same")
    {
        REQUIRE(boot(memory_catalog({first(""), begun}, "app")).code() == "script-failed");
        CHECK(boot(memory_catalog({first("-- x\n"), begun}, "app_v2")).code() == "catalog-renamed");
        CHECK(value("select count(*) from a") == "1");
    }
    SECTION("repeatable scripts alone")
    {
        memory_script const seed{"R_seed.sql",
                                 "create table if not exists a (id int);\ninsert into a values (1);\n"};
        REQUIRE(boot(memory_catalog({seed}, "a\"p's")).applied() == 1);
        auto const refused = boot(memory_catalog({seed}, "app_v2"));
        REQUIRE(refused.code() == "catalog-renamed");
        CHECK_THAT(refused.failure->fix(), holds(R"(--catalog 'a"p'\''s')") && holds("NAME [=[a\"p's]=]"));
        CHECK(value("select count(*) from a") == "1");
    }
}

TEST_CASE_METHOD(fixture, "status, plan and verify say so too", "[catalog_name]")
{
    REQUIRE(boot(memory_catalog(scripts, "app")).applied() == 2);
    auto const renamed = memory_catalog(scripts, "app_v2");
    try {
        static_cast<void>(schemagate::look(with, renamed));
        FAIL("planned");
    }
    catch (schemagate::failure const& f) {
        CHECK(f.code_name() == "catalog-renamed");
    }
    auto const items = schemagate::verify(with, renamed);
    REQUIRE(items.front().name == "history");
    CHECK(items.front().outcome == schemagate::verification_item::result::failed);
    CHECK_THAT(items.front().message, holds("\"app\""));
}

TEST_CASE_METHOD(fixture, "two catalogs that begin with one identical script live side by side",
                 "[catalog_name]")
{
    memory_script const same{"1_extension.sql", "create extension if not exists plpgsql;\n"};
    auto const one = memory_catalog({same, {"2_a.sql", "create table a (id int);\n"}}, "one");
    auto const other = memory_catalog({same, {"2_b.sql", "create table b (id int);\n"}}, "other");
    CHECK(boot(one).applied() == 2);
    CHECK(boot(other).applied() == 2);
    CHECK(boot(one).applied() == 0);
    CHECK(boot(other).applied() == 0);
}

TEST_CASE_METHOD(fixture, "a catalog that is recorded under its own name is never refused for another's rows",
                 "[catalog_name]")
{
    auto const one = memory_catalog({scripts.front()}, "one");
    REQUIRE(boot(one).applied() == 1);
    database->run(
        "insert into schemagate.history (catalog, target_schema, kind, version, description, checksum,"
        " checksum_algorithm, state, started_at, applied_by, application, application_version, host,"
        " server_version_num, wait_ms, retries, set_digest) select 'copy', target_schema, kind, version,"
        " description, checksum, checksum_algorithm, state, started_at, applied_by, application,"
        " application_version, host, server_version_num, wait_ms, retries, set_digest"
        " from schemagate.history");
    CHECK(boot(memory_catalog(scripts, "one")).applied() == 1);
}

TEST_CASE_METHOD(fixture, "the same scripts belong in each target schema", "[catalog_name]")
{
    REQUIRE(boot(memory_catalog(scripts, "app")).applied() == 2);
    database->run("create schema tenant; grant all on schema tenant to backend");
    with.target_schema = "tenant";
    CHECK(boot(memory_catalog(scripts, "app_v2")).applied() == 2);
}
