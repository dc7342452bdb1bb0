// modules/PROTOCOL.md is true of the code, and each mode and setting has a test that is named after it.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "schemagate/error_code.hpp"

#include "catch.hpp"

namespace fs = std::filesystem;

namespace {

fs::path const top{SCHEMAGATE_SOURCE_DIR};

std::string text_of(fs::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string all_sources_below(fs::path const& folder)
{
    std::string all;
    for (auto const& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.path().extension() == ".cpp") {
            all += text_of(entry.path());
        }
    }
    return all;
}

/// What stands between `## title` and the next heading of its rank.
std::string section(std::string const& title)
{
    auto const page = text_of(top / "modules/PROTOCOL.md");
    auto const begin = page.find("\n## " + title + "\n");
    REQUIRE(begin != std::string::npos);
    return page.substr(begin + 1, page.find("\n## ", begin + 1) - begin);
}

/// The names in `code` of each row's first cell.
std::vector<std::string> first_cells(std::string const& section)
{
    std::vector<std::string> names;
    std::istringstream lines{section};
    bool in_body = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("|---")) {
            in_body = true;
            continue;
        }
        in_body = in_body && line.starts_with("|");
        auto const cell = in_body ? line.substr(1, line.find('|', 1) - 1) : std::string{};
        for (auto open = cell.find('`'); open != std::string::npos;) {
            auto const close = cell.find('`', open + 1);
            names.push_back(cell.substr(open + 1, close - open - 1));
            open = cell.find('`', close + 1);
        }
    }
    return names;
}

/// As tests name them: "SCHEMAGATE_MODE=wait", "PORT", "schemagate.hold".
std::vector<std::string> promised()
{
    auto names = first_cells(section("Settings"));
    for (auto const& mode : first_cells(section("Modes"))) {
        names.push_back("SCHEMAGATE_MODE=" + mode);
    }
    names.emplace_back("schemagate.hold"); // the pause switch, in a sentence below the modes
    return names;
}

std::vector<std::string> names_of_tests()
{
    auto const text = all_sources_below(top / "tests");
    std::vector<std::string> names;
    std::string const macro = "\nTEST_CASE";
    for (auto at = text.find(macro); at != std::string::npos; at = text.find(macro, at + 1)) {
        auto const open = text.find('"', at);
        names.push_back(text.substr(open + 1, text.find('"', open + 1) - open - 1));
    }
    return names;
}

/// Every SCHEMAGATE_… that stands in quotes in the code.
std::set<std::string> read_by_the_code()
{
    auto const text = all_sources_below(top / "modules");
    std::set<std::string> names;
    std::string const begin = "\"SCHEMAGATE_";
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
        auto end = at + begin.size();
        while (std::isupper(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_') {
            ++end;
        }
        if (text[end] == '"' && text[end - 1] != '_') {
            names.insert(text.substr(at + 1, end - at - 1));
        }
    }
    return names;
}

} // namespace

TEST_CASE("each row of the tables of modes and settings has a test named after it", "[tree]")
{
    auto const tests = names_of_tests();
    auto const names = promised();
    CHECK(names.size() >= 31); // the tables were found, and read to their end
    CHECK(section("Modes").find("`ALTER DATABASE … SET schemagate.hold") != std::string::npos);
    for (auto const& name : names) {
        INFO("no TEST_CASE in tests/ has a name that begins with \"" << name << ": \"");
        CHECK(std::any_of(tests.begin(), tests.end(),
                          [&](auto const& test) { return test.starts_with(name + ": "); }));
    }
}

TEST_CASE("each setting that the code reads stands in the table of settings", "[tree]")
{
    auto const listed = first_cells(section("Settings"));
    auto const read = read_by_the_code();
    CHECK(read.size() >= 19);
    for (auto const& name : read) {
        INFO(name);
        CHECK(std::count(listed.begin(), listed.end(), name) == 1);
    }
}

TEST_CASE("each code of a failure stands in the row of its exit code", "[tree]")
{
    auto const table = section("Exit codes");
    for (int i = 0; i <= static_cast<int>(schemagate::errc::server_too_old); ++i) {
        auto const code = static_cast<schemagate::errc>(i);
        auto const row = "\n| " + std::to_string(static_cast<int>(exit_class_of(code))) + " | ";
        auto const begin = table.find(row);
        INFO(name(code) << row);
        REQUIRE(begin != std::string::npos);
        auto const end = table.find('\n', begin + 1);
        CHECK(table.substr(begin, end - begin).find("`" + std::string{name(code)} + "`") !=
              std::string::npos);
    }
}

TEST_CASE("each section of PROTOCOL.md that a source names is there", "[tree]")
{
    std::regex const reference{R"~(PROTOCOL\.md,[\s/]*"([^"]+)")~"};
    int found = 0;
    for (auto const* const folder : {"modules", "tests"}) {
        for (auto const& entry : fs::recursive_directory_iterator{top / folder}) {
            auto const extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") {
                continue;
            }
            auto const text = text_of(entry.path());
            for (std::sregex_iterator at{text.begin(), text.end(), reference}; at != std::sregex_iterator{};
                 ++at, ++found) {
                INFO(entry.path());
                CHECK_FALSE(section((*at)[1]).empty());
            }
        }
    }
    CHECK(found > 20);
}

TEST_CASE("each file that the map names is there", "[tree]")
{
    auto const map = text_of(top / "modules/README.md");
    std::regex const file{R"(`([a-z_/]+\.(cpp|hpp))`)"};
    int found = 0;
    for (std::sregex_iterator at{map.begin(), map.end(), file}; at != std::sregex_iterator{}; ++at) {
        auto const path = (*at)[1].str();
        if (path.find('/') == std::string::npos) {
            continue; // beside the one before it
        }
        INFO(path);
        ++found;
        CHECK((fs::exists(top / "modules" / path) || fs::exists(top / path)));
    }
    CHECK(found > 40);
}
