#include "folder_fixture.hpp"

#include <filesystem>
#include <sys/stat.h>

#include "catch.hpp"
#include "schemagate/failure.hpp"

using namespace schemagate;
using namespace schemagate::test;

namespace {

list files_of(folder_content const& content)
{
    list found;
    for (auto const& each : content.scripts) {
        found.push_back(each.file);
    }
    return found;
}

} // namespace

TEST_CASE("scripts are ordered by version, not by name", "[folder]")
{
    temporary_folder folder;
    for (auto const* each : {"10_c.sql", "9_b.sql", "0001_a.sql", "20261122210300_d.sql"}) {
        folder.write(std::string{"migrations/"} + each, "select 1;\n");
    }
    auto const content = read_folder(folder / "migrations");
    CHECK(problems_of(content) == list{});
    CHECK(files_of(content) == list{"0001_a.sql", "9_b.sql", "10_c.sql", "20261122210300_d.sql"});
}

TEST_CASE("what is no script may lie beside them", "[folder]")
{
    temporary_folder folder;
    for (auto const* each : {"README.md", ".gitkeep", "0001_a.down.sql", "0001_a.sql~", ".0001_a.sql.swp",
                             "released.lock", "notes/README.md", "..data/0001_a.sql"}) {
        folder.write(std::string{"migrations/"} + each, "\\broken $$");
    }
    auto const content = read_folder(folder / "migrations");
    CHECK(problems_of(content) == list{});
    CHECK(content.scripts.empty());
}

TEST_CASE("a name that was probably meant as a script is refused", "[folder]")
{
    auto const name =
        GENERATE(values<std::string>({"0001.sql", "add_index.sql", "0001_a.SQL", "0001_a.sql.bak", "0001_a",
                                      "0001_a b.sql", "V1__a.sql", "R_.sql", "R_view"}));
    CAPTURE(name);
    temporary_folder folder;
    folder.write("migrations/" + name, "select 1;\n");
    CHECK(problems_of(read_folder(folder / "migrations")) == list{name + ":0"});
}

TEST_CASE("a folder whose files all have other tools' names is refused, an empty one is not", "[folder]")
{
    auto const name = GENERATE(values<std::string>(
        {"init.SQL", "schema.psql", "V1__init.SQL", "changelog.xml", "ae1027a6acf_create_users.py"}));
    CAPTURE(name);
    temporary_folder folder;
    CHECK(problems_of(read_folder(folder / "migrations")) == list{});
    folder.write("migrations/README.md", "notes");
    CHECK(problems_of(read_folder(folder / "migrations")) == list{});
    folder.write("migrations/" + name, "select 1;\n");
    auto const content = read_folder(folder / "migrations");
    CHECK(problems_of(content) == list{"migrations:0"});
    CHECK(content.problems.at(0).message.find(name) != std::string::npos);
    folder.write("migrations/0001_a.sql", "select 1;\n");
    CHECK(problems_of(read_folder(folder / "migrations")) == list{});
}

TEST_CASE("repeatable scripts come after the versioned ones, by name, with their twins", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/R_view.sql", "select 1;");
    folder.write("migrations/R_a.sql", "-- schemagate: lock-timeout=1s\n");
    folder.write("migrations/10_x.sql", "select 10;\n");
    folder.write("migrations/9_y.sql", "select 9;\n");
    folder.write("checks/R_view.sql", "select 2;");
    auto const content = read_folder(folder / "migrations", folder / "checks");
    CHECK(problems_of(content) == list{});
    CHECK(files_of(content) == list{"9_y.sql", "10_x.sql", "R_a.sql", "R_view.sql"});
    CHECK(content.scripts.back().text == "select 1;\n");
    CHECK(content.scripts.back().checksum == sha256_hex("select 1;\n"));
    CHECK(content.scripts.back().check == "select 2;\n");

    auto const c = catalog_of_folder("shop", folder / "migrations");
    REQUIRE(c.find_repeatable("view") != nullptr);
    CHECK(c.find_repeatable("view")->check == "select 2;\n");
}

TEST_CASE("a repeatable script that needs a version is refused, with every reason", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/R_view.sql", "-- schemagate: only-job\n-- schemagate: breaks-older-than=1\n");
    folder.write("migrations/R_view.down.sql", "select 1;\n");
    auto const content = read_folder(folder / "migrations");
    CHECK(problems_of(content) == list{"R_view.down.sql:0", "R_view.sql:0", "R_view.sql:0"});
    CHECK(content.problems[1].message.find("makes no sense in a repeatable script") != std::string::npos);
}

TEST_CASE("a folder of scripts outside a transaction becomes a catalog that says so", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/1_a.sql", "create index concurrently i on t (a);\n");
    folder.write("migrations/2_b.sql", "-- schemagate: no-transaction\nselect 1;\n");
    folder.write("migrations/3_c.sql",
                 "-- schemagate: own-transactions\nbegin; select 1; commit; select 2;\n");
    folder.write("migrations/4_d.sql", "-- schemagate: only-job\nselect 1;\n");
    folder.write("migrations/R_e.sql", "vacuum;\n");
    auto const c = catalog_of_folder("shop", folder / "migrations");
    auto const all = c.scripts();
    REQUIRE(all.size() == 5);
    CHECK_FALSE(all[0]->transactional);
    CHECK_FALSE(all[1]->transactional);
    CHECK_FALSE(all[2]->transactional);
    CHECK(all[3]->transactional);
    CHECK(all[3]->directives.only_job);
    CHECK_FALSE(all[4]->transactional);
}

TEST_CASE("scripts in a folder below are refused, since nobody would run them", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/2026/0001_a.sql", "select 1;\n");
    CHECK(problems_of(read_folder(folder / "migrations")) == list{"2026:0"});
}

TEST_CASE("a pipe or a folder with the name of a script is refused, and not waited for", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "select 1;\n");
    REQUIRE(::mkfifo((folder / "migrations/0002_pipe.sql").c_str(), 0600) == 0);
    std::filesystem::create_directory(folder / "migrations/0003_folder.sql");
    auto const content = read_folder(folder / "migrations");
    REQUIRE(content.problems.size() == 2);
    CHECK(content.problems[0].message.find("cannot be read") != std::string::npos);
    CHECK(content.problems[1].message.find("name of a script") != std::string::npos);
}

TEST_CASE("two files of one version are refused", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0007_a.sql", "select 1;\n");
    folder.write("migrations/7_b.sql", "select 1;\n");
    auto const content = read_folder(folder / "migrations");
    CHECK(problems_of(content) == list{"7_b.sql:0"});
    CHECK(content.problems.front().message.find("0007_a.sql") != std::string::npos);
}

TEST_CASE("problems of all files are found, in the order of their names", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0002_b.sql", "select 1;\n\ncommit;\n");
    folder.write("migrations/0001_a.sql", "select $$;\n");
    folder.write("migrations/0003_c.sql", "select 1;\n");
    CHECK(problems_of(read_folder(folder / "migrations")) == list{"0001_a.sql:1", "0002_b.sql:3"});
}

TEST_CASE("a link that leads nowhere is a problem, not a missing migration", "[folder]")
{
    temporary_folder folder;
    std::filesystem::create_symlink("nowhere", folder / "migrations/0001_a.sql");
    CHECK(problems_of(read_folder(folder / "migrations")) == list{"0001_a.sql:0"});
}

TEST_CASE("a twin belongs to the migration of its name", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "create table t (a int);\n");
    folder.write("migrations/0002_b.sql", "select 1;\n");
    folder.write("checks/0001_a.sql", "\xEF\xBB\xBFselect a from t;\r\n");
    folder.write("checks/README.md", "notes");
    auto const content = read_folder(folder / "migrations", folder / "checks");
    CHECK(problems_of(content) == list{});
    REQUIRE(content.scripts.size() == 2);
    CHECK(content.scripts[0].check == "select a from t;\n");
    CHECK(content.scripts[1].check.empty());
    CHECK(read_folder(folder / "migrations").scripts[0].check.empty());
}

TEST_CASE("a twin that cannot prove anything is refused", "[folder]")
{
    auto const text = GENERATE(values<std::string>(
        {"", "-- soon\n", "begin;\nselect 1;\ncommit;\n", "vacuum;\n", "select $$", "\\i x\nselect 1;\n",
         "select 1; rollback;\n", "-- schemagate: no-transaction\nselect 1;\n",
         "-- schemagate: nonsense\nselect 1;\n"}));
    CAPTURE(text);
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "select 1;\n");
    folder.write("checks/0001_a.sql", text);
    auto const content = read_folder(folder / "migrations", folder / "checks");
    REQUIRE_FALSE(content.problems.empty());
    CHECK(content.problems.front().file == (folder / "checks/0001_a.sql").string());
}

TEST_CASE("a twin without its migration is refused", "[folder]")
{
    auto const name = GENERATE(values<std::string>({"0002_a.sql", "0001_b.sql", "1_a.sql", "a.sql"}));
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "select 1;\n");
    folder.write("checks/" + name, "select 1;\n");
    CHECK(problems_of(read_folder(folder / "migrations", folder / "checks")) == list{name + ":0"});
}

TEST_CASE("twins may lie in a folder inside that of the migrations", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "select 1;\n");
    folder.write("migrations/checks/0001_a.sql", "select 2;\n");
    auto const content = read_folder(folder / "migrations", folder / "migrations/checks");
    CHECK(problems_of(content) == list{});
    CHECK(content.scripts.front().check == "select 2;\n");
}

TEST_CASE("a folder that cannot be read is a failure", "[folder]")
{
    temporary_folder folder;
    CHECK_THROWS_AS(read_folder(folder / "nowhere"), failure);
    CHECK_THROWS_AS(read_folder(folder / "migrations", folder / "nowhere"), failure);
    folder.write("file", "");
    CHECK_THROWS_AS(catalog_of_folder("x", folder / "file"), failure);
}

TEST_CASE("a catalog of a folder holds the canonical bytes and finds the twins beside it", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "begin;\r\ncreate table t (a int);\r\ncommit;");
    folder.write("checks/0001_a.sql", "select a from t;");
    auto const slash = GENERATE("", "/", "/.");
    auto const c = catalog_of_folder("shop", (folder / "migrations").string() + slash);
    CHECK(c.name() == "shop");
    REQUIRE(c.migrations().size() == 1);
    auto const& m = c.migrations().front();
    CHECK(m.text == "      \ncreate table t (a int);\n       \n");
    CHECK(m.checksum == sha256_hex(m.text));
    CHECK(m.check == "select a from t;\n");
}

TEST_CASE("the catalogs of an LF and a CRLF checkout are one", "[folder]")
{
    temporary_folder unix_checkout;
    temporary_folder dos_checkout;
    unix_checkout.write("migrations/0001_a.sql", "select 1;\nselect 2;\n");
    dos_checkout.write("migrations/0001_a.sql", "\xEF\xBB\xBFselect 1;\r\nselect 2;\r\n");
    CHECK(catalog_of_folder("x", unix_checkout / "migrations").digest() ==
          catalog_of_folder("x", dos_checkout / "migrations").digest());
}

TEST_CASE("a catalog of a folder with problems names the first and counts the rest", "[folder]")
{
    temporary_folder folder;
    folder.write("migrations/0001_a.sql", "select 1;\ncommit;\n");
    folder.write("migrations/0002_b.sql", "\\i x\n\\i y\n");
    try {
        static_cast<void>(catalog_of_folder("x", folder / "migrations"));
        FAIL("accepted");
    }
    catch (failure const& f) {
        CHECK(f.code() == errc::script_refused);
        CHECK(f.script() == "0001_a");
        CHECK(f.line() == 2);
        CHECK(f.message().find("0001_a.sql:2: ") != std::string::npos);
        CHECK(f.message().ends_with("(and 2 more)"));
    }
}
