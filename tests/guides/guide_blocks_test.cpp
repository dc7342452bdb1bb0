// Every block of DEPLOYMENT_GUIDE.md that is marked bash is run, from the top, on one database.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catch.hpp"
#include "programs.hpp"

namespace fs = std::filesystem;

namespace {

std::vector<std::string> blocks_of(fs::path const& page)
{
    std::ifstream in{page};
    std::vector<std::string> blocks;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line == "```bash") {
            inside = true;
            blocks.emplace_back();
        }
        else if (line == "```") {
            inside = false;
        }
        else if (inside) {
            blocks.back() += line + "\n";
        }
    }
    return blocks;
}

} // namespace

TEST_CASE("each bash block of the deployment guide runs as it stands", "[guide]")
{
    auto const database = support::private_server::shared().create_database();
    support::temporary_folder const folder{"guide"};
    auto const programs = fs::path{PROMPT_SERVICE_PROGRAM}.parent_path().string();
    auto const blocks = blocks_of(fs::path{SCHEMAGATE_SOURCE_DIR} / "app/deploy/DEPLOYMENT_GUIDE.md");
    REQUIRE(blocks.size() >= 3);
    for (auto const& block : blocks) {
        auto const done = support::run_program(
            "/bin/bash", {"-euo", "pipefail", "-c", "cd " + folder.path().string() + "\n" + block},
            {{"DATABASE_URL", database->url()}, {"PATH", programs + ":/usr/bin:/bin"}});
        INFO(block << done.out << done.err);
        CHECK(done.code == 0);
        CHECK((done.out + done.err).find(support::private_server::password) == std::string::npos);
    }
    CHECK(database->value("select count(*) from schemagate.history") != "0");
}
