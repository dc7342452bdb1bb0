// The database that the earlier runner made, adopted by the prompt service's own migrations
// (tests/scenarios/earlier_system).
#include "engine.hpp"

#include <fstream>
#include <iterator>
#include <string>

#include "client_programs.hpp"
#include "schemagate/embedded_catalog.hpp"

using engine::fixture;
using schemagate::embedded_catalog;

namespace {

std::string scenario(std::string const& file)
{
    std::ifstream in{std::string{SCENARIOS_FOLDER} + "/" + file, std::ios::binary};
    REQUIRE(in.is_open());
    return {std::istreambuf_iterator<char>{in}, {}};
}

void make_earlier_system(support::test_database const& database)
{
    // As the role that the earlier runner used, which owns what it makes and is nothing more.
    database.run("grant create on schema public to public");
    static_cast<void>(support::query(database.url(), scenario("earlier_system/schema.sql")));
    static_cast<void>(support::query(database.url(), scenario("earlier_system/rows.sql")));
}

std::string kinds(fixture const& f)
{
    return f.value("select string_agg(version || ' ' || kind, ', ' order by id) from schemagate.history");
}

} // namespace

TEST_CASE_METHOD(fixture, "the earlier system's database is adopted, and every row is mended", "[adoption]")
{
    make_earlier_system(*database);
    auto const before = schemagate::look(with, embedded_catalog());
    REQUIRE(before.adoptable.size() == 1);
    CHECK(before.adoptable.front()->name == "0001_enterprise_prompt_system_phase1");
    CHECK(before.planned.not_needed.empty());
    auto const done = boot(embedded_catalog());
    REQUIRE(done.code() == "done");
    CHECK(done.report->applied().front() == "0002_earlier_system_mended");
    CHECK(done.applied() == embedded_catalog().migrations().size() - 1);
    CHECK_THAT(kinds(*this), support::holds("0001 adopted, 0002 versioned, 0003 versioned, "));
    CHECK(value("select bool_and(verified_at is not null) from schemagate.history") == "t");

    auto const expectations = support::query(database->url(), scenario("earlier_system/expected.sql"));
    CHECK(expectations.size() >= 40);
    for (auto const& row : expectations) {
        INFO(row.at(0));
        CHECK(row.at(1) == "t");
    }
    CHECK(boot(embedded_catalog()).applied() == 0);
}

TEST_CASE_METHOD(fixture, "the adopted chain and the fresh chain end in one schema", "[adoption]")
{
    auto& server = support::private_server::shared();
    schemagate::testing::template_database schema{server.of_templates(), embedded_catalog()};
    fixture const fresh{server.create_database(schema)};
    CHECK_THAT(kinds(fresh), support::holds("0001 versioned, 0002 not-needed, 0003 versioned, "));

    make_earlier_system(*database);
    REQUIRE(boot(embedded_catalog()).code() == "done");

    auto const major = std::stoi(support::value(server.admin_url(), "show server_version_num")) / 10'000;
    database->run("revoke create on schema public from public"); // the earlier runner's alone
    auto const adopted = support::schema_text(*database, major);
    CHECK(adopted.size() > 10'000);
    CHECK(adopted == support::schema_text(*fresh.database, major));
    // One digest: any of the two serves a binary that carries this catalog.
    CHECK(value("select set_digest from schemagate.history order by id desc limit 1") ==
          fresh.value("select set_digest from schemagate.history order by id desc limit 1"));
}

TEST_CASE_METHOD(fixture, "the mending never runs over mended rows", "[adoption]")
{
    make_earlier_system(*database);
    REQUIRE(boot(embedded_catalog()).code() == "done");
    database->run("drop schema schemagate cascade"); // the history is lost, the earlier ledger is not
    auto const rows = value("select md5(string_agg(t::text, '' order by id)) from prompt_templates t");

    auto const again = boot(embedded_catalog());
    REQUIRE(again.code() == "adoption-refused");
    CHECK_THAT(again.failure->message(), support::holds("a history was lost"));
    CHECK_THAT(again.failure->fix(), support::holds("Restore the schema"));
    CHECK(value("select md5(string_agg(t::text, '' order by id)) from prompt_templates t") == rows);
}

TEST_CASE_METHOD(fixture, "mended data keeps what the old triggers would have changed", "[adoption]")
{
    make_earlier_system(*database);
    REQUIRE(boot(embedded_catalog()).code() == "done");
    // The new triggers count from where the mending left off.
    static_cast<void>(support::query(
        database->url(),
        "insert into prompt_executions (template_id, template_name, template_version, input_variables, "
        "rendered_prompt, execution_time_ms, status) values ('00000000-0000-4000-8000-000000000401', "
        "'drifted', 1, "
        "'{}', '', 200, 'success')"));
    CHECK(value("select (total_executions, success_count, failure_count, avg_response_time_ms, "
                "response_time_samples) = (6, 2, 3, 150, 2) from prompt_templates where id = "
                "'00000000-0000-4000-8000-000000000401'") == "t");
}
