// app/deploy/INCIDENT.md promises files and tests: each that it names is there.
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "catch.hpp"

namespace fs = std::filesystem;

namespace {

std::string page(char const* file = "app/deploy/INCIDENT.md")
{
    std::ifstream in{fs::path{SCHEMAGATE_SOURCE_DIR} / file, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// What stands between backquotes and begins with a folder or a script of the top level.
std::vector<std::string> paths_in(std::string const& text)
{
    std::regex const path{R"(`((app|modules|sql|tests|third_party|\.github|\.ci)/[A-Za-z0-9_./-]+))"};
    std::vector<std::string> found;
    for (std::sregex_iterator at{text.begin(), text.end(), path}; at != std::sregex_iterator{}; ++at) {
        found.push_back((*at)[1]);
    }
    return found;
}

} // namespace

TEST_CASE("each file and test that INCIDENT.md names is there", "[incident]")
{
    auto const named = paths_in(page());
    CHECK(named.size() > 25);
    for (auto const& path : named) {
        INFO(path);
        CHECK(fs::exists(fs::path{SCHEMAGATE_SOURCE_DIR} / path));
    }
    CHECK(paths_in("`tests/boot/no_such_test.cpp`") ==
          std::vector<std::string>{"tests/boot/no_such_test.cpp"});
}

TEST_CASE("each row of what the report asked for names a file and a test", "[incident]")
{
    std::istringstream lines{page()};
    std::string line;
    int rows = 0;
    bool asked = false;
    while (std::getline(lines, line)) {
        asked = line.starts_with("## ") ? line == "## What the report asked for" : asked;
        if (!asked || !line.starts_with("| ") || line.starts_with("| asked for")) {
            continue;
        }
        ++rows;
        INFO(line);
        std::vector<std::string> cells;
        std::istringstream row{line};
        for (std::string cell; std::getline(row, cell, '|');) {
            cells.push_back(cell);
        }
        REQUIRE(cells.size() == 5);
        CHECK(paths_in(cells[2]).size() == 1);
        CHECK(paths_in(cells[4]).size() == 1);
    }
    CHECK(rows >= 11);
}

TEST_CASE("the deployment guide has a row for each alert and each exit code", "[incident]")
{
    auto const guide = page("app/deploy/DEPLOYMENT_GUIDE.md");
    auto const rules = page("app/deploy/monitoring/schemagate.rules.yml");
    std::regex const alert{"- alert: ([A-Za-z]+)"};
    int alerts = 0;
    for (std::sregex_iterator at{rules.begin(), rules.end(), alert}; at != std::sregex_iterator{};
         ++at, ++alerts) {
        INFO((*at)[1]);
        CHECK(guide.find("`" + (*at)[1].str() + "`") != std::string::npos);
    }
    CHECK(alerts >= 6);
    for (auto const* code : {"64", "65", "69", "70", "75", "76", "77", "78"}) {
        INFO(code);
        CHECK(guide.find("\n| " + std::string{code} + " | ") != std::string::npos);
    }
    for (auto const& path : paths_in(guide)) {
        INFO(path);
        CHECK(fs::exists(fs::path{SCHEMAGATE_SOURCE_DIR} / path));
    }
}
