// `prompt-service snapshot`: the schema as one text, on stdout, in JSON, or in a file.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.hpp"
#include "programs.hpp"
#include "temporary_folder.hpp"

using namespace programs;
using support::holds;

namespace {

std::string content_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("snapshot writes the schema to stdout, to JSON and to a file", "[snapshot]")
{
    auto const database = migrated_database();
    support::environment const with{{"DATABASE_URL", database->url()}};
    auto const plain = prompt_service({"snapshot"}, with);
    INFO(plain.err);
    REQUIRE(plain.code == 0);
    CHECK_THAT(plain.out,
               holds("\ntable public.prompt_templates\n") && holds("\nview public.v_template_performance\n"));

    auto const json = prompt_service({"snapshot", "--json"}, with);
    REQUIRE(json.code == 0);
    auto const line = boost::json::parse(json.out).as_object();
    CHECK(text(line, "snapshot") == plain.out);
    CHECK(text(line, "written") == "stdout");
    CHECK(text(line, "sha256").size() == 64);

    support::temporary_folder const folder{"snapshot"};
    auto const file = folder.path() / "schema.snapshot";
    auto const written = prompt_service({"snapshot", "--json", "--out", file.string()}, with);
    REQUIRE(written.code == 0);
    CHECK(content_of(file) == plain.out);
    CHECK(text(boost::json::parse(written.out).as_object(), "sha256") == text(line, "sha256"));
    CHECK_FALSE(boost::json::parse(written.out).as_object().contains("snapshot"));
    auto const silent = prompt_service({"snapshot", "--out", file.string()}, with);
    CHECK(silent.code == 0);
    CHECK(silent.out.empty());
}

TEST_CASE("snapshot is a command of the program for folders too", "[snapshot]")
{
    auto const database = support::private_server::shared().create_database();
    script_folder const scripts{*database};
    scripts.write("0001_make.sql", "create table made (id int);\n");
    REQUIRE(scripts.migrate().code == 0);
    auto const done = support::run_program(SCHEMAGATE_PROGRAM, {"--from", scripts.path(), "snapshot"},
                                           {{"DATABASE_URL", database->url()}});
    INFO(done.err);
    CHECK(done.code == 0);
    CHECK_THAT(done.out, holds("\ntable public.made\n  column id integer\n"));
    CHECK(done.out.find("schemagate") == std::string::npos);
}

TEST_CASE("snapshot ends like its siblings where it cannot be had, and leaves the old file as it is",
          "[snapshot]")
{
    support::temporary_folder const folder{"snapshot"};
    auto const file = folder.path() / "schema.snapshot";
    std::ofstream{file} << "old\n";
    auto const unreachable = prompt_service(
        {"snapshot", "--out", file.string()},
        {{"DATABASE_URL", "postgresql://u:p@127.0.0.1:1/d"}, {"SCHEMAGATE_CONNECT_WAIT", "0"}});
    CHECK(unreachable.code == 69);
    CHECK(content_of(file) == "old\n");
    auto const database = support::private_server::shared().create_database();
    support::environment const with{{"DATABASE_URL", database->url()}};
    CHECK(prompt_service({"snapshot", "--out", folder.path().string()}, with).code == 64);
    CHECK(prompt_service({"snapshot", "--out", (folder.path() / "none" / "file").string()}, with).code == 64);
    CHECK(prompt_service({"verify", "--out", file.string()}, with).code == 64);
    CHECK(content_of(file) == "old\n");
}
