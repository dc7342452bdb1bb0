// Promises about the source tree that no compiler keeps (modules/README.md).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"

namespace fs = std::filesystem;

namespace {

struct source_file
{
    std::string path; // relative to the top
    std::string text;
};

std::string content_of(fs::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::vector<source_file> const& sources()
{
    static auto const all = [] {
        std::vector<source_file> found;
        fs::path const top{SCHEMAGATE_SOURCE_DIR};
        for (auto const* const folder : {"modules", "app", "tests"}) {
            for (auto const& entry : fs::recursive_directory_iterator{top / folder}) {
                auto const extension = entry.path().extension();
                if (entry.is_regular_file() && (extension == ".cpp" || extension == ".hpp")) {
                    found.push_back({fs::relative(entry.path(), top).string(), content_of(entry.path())});
                }
            }
        }
        return found;
    }();
    return all;
}

bool lies_in(std::string const& path, std::vector<std::string> const& rooms)
{
    return std::any_of(rooms.begin(), rooms.end(), [&](auto const& room) { return path.starts_with(room); });
}

} // namespace

TEST_CASE("each library stays in its rooms", "[tree]")
{
    // The system's include path holds them all, so that the compiler would not object.
    std::map<std::string, std::vector<std::string>> const rooms{
        {"<soci/", {"app/database/src/"}},
        {"<libpq-fe.h>",
         {"modules/postgres/src/", "modules/database_url/src/libpq_parser.cpp", "app/database/src/",
          "tests/"}},
        {"<boost/asio", {"modules/startup/", "app/", "tests/"}},
        {"<boost/beast", {"app/client/", "app/http/src/"}},
        {"<spdlog/", {"modules/observers/spdlog/", "modules/command_line/program/", "app/", "tests/"}},
        {"<systemd/", {"modules/observers/systemd/src/"}},
        {"<pg_query", {"tests/support/"}},
        {"<CLI/", {"modules/command_line/src/"}},
        {"<openssl/",
         {"modules/catalog/src/", "modules/postgres/src/", "app/execution/src/", "app/experiment/src/",
          "app/http/src/", "app/identity/src/", "tests/"}},
        {"<re2/", {"app/screening/src/"}},
        {"<unicode/", {"app/screening/src/", "app/template/src/"}},
        {"<dtl/", {"app/prompt/src/"}},
    };
    for (auto const& [library, allowed] : rooms) {
        for (auto const& file : sources()) {
            if (file.text.find("\n#include " + library) != std::string::npos) {
                INFO(file.path << " includes " << library << "…>");
                CHECK(lies_in(file.path, allowed));
            }
        }
    }
}

TEST_CASE("Beast is compiled in at most two translation units", "[tree]")
{
    CHECK(std::count_if(sources().begin(), sources().end(), [](auto const& file) {
              return file.path.ends_with(".cpp") &&
                     file.text.find("\n#include <boost/beast") != std::string::npos;
          }) <= 2);
    for (auto const& file : sources()) {
        INFO(file.path);
        // The client is one header, for programs of others.
        bool const in_header = file.path.ends_with(".hpp") && !file.path.starts_with("app/client/") &&
                               file.text.find("\n#include <boost/beast") != std::string::npos;
        CHECK_FALSE(in_header);
    }
}

TEST_CASE("a file's name says where it is: no two are the same", "[tree]")
{
    std::map<std::string, std::string> seen;
    for (auto const& file : sources()) {
        // A header of the service is included with its room before it, so its name has to tell only within
        // app/.
        auto const where = file.path.starts_with("app/") ? std::string{"app/"} : std::string{};
        auto const [known, added] = seen.emplace(where + fs::path{file.path}.filename().string(), file.path);
        INFO(file.path << " and " << known->second);
        CHECK(added);
    }
}

TEST_CASE("matchers are named as Catch2 2.13 and 3 both know them", "[tree]")
{
    for (auto const& file : sources()) {
        for (auto const* const name : {"Contains(", "StartsWith(", "EndsWith(", "Equals("}) {
            INFO(file.path << ": Catch::Matchers::" << name);
            CHECK(file.text.find(std::string{"Catch::"} + name) == std::string::npos);
        }
    }
}

TEST_CASE("no file is longer than 400 lines", "[tree]")
{
    // A table of rules and its predicates are one noun. A corpus is data.
    for (auto const& file : sources()) {
        if (file.path.ends_with("_corpus.cpp")) {
            continue;
        }
        INFO(file.path);
        CHECK(std::count(file.text.begin(), file.text.end(), '\n') <= 400);
    }
}

TEST_CASE("every public header stands in exactly one FILE_SET", "[tree]")
{
    fs::path const modules = fs::path{SCHEMAGATE_SOURCE_DIR} / "modules";
    std::string lists;
    for (auto const& entry : fs::recursive_directory_iterator{modules}) {
        if (entry.path().filename() == "CMakeLists.txt") {
            lists += content_of(entry.path());
        }
    }
    for (auto const& file : sources()) {
        auto const at = file.path.find("/include/schemagate/");
        if (at == std::string::npos) {
            continue;
        }
        auto const name = file.path.substr(at + 1);
        std::size_t times = 0;
        for (auto from = lists.find(name); from != std::string::npos; from = lists.find(name, from + 1)) {
            ++times;
        }
        INFO(file.path);
        CHECK(times == 1);
    }
}

TEST_CASE("each test class that the prompt system's report names has a case in its binary, and one over HTTP",
          "[tree]")
{
    std::map<std::string, std::vector<std::string>> const classes{
        {"prompt_template_operations_test",
         {"TestPromptTemplateSchema", "TestPromptTemplateCRUD", "TestPromptExecution",
          "TestGuardrailEnforcement", "TestAnalyticsViews", "TestPerformance"}},
        {"prompt_backwards_compatibility_test",
         {"TestHardcodedPromptsFallback", "TestDatabasePromptRetrieval", "TestPromptVariableSubstitution",
          "TestNoBreakingChanges", "TestGuardrailBackwardsCompatibility", "TestPromptVersioning"}},
    };
    auto const lists = content_of(fs::path{SCHEMAGATE_SOURCE_DIR} / "tests/prompt/CMakeLists.txt");
    for (auto const& [binary, tags] : classes) {
        auto const from = lists.find("schemagate_prompt_test(" + binary + " SOURCES");
        REQUIRE(from != std::string::npos);
        auto const list = lists.substr(from, lists.find(')', from) - from);
        for (auto const& tag : tags) {
            INFO(binary << ": " << tag);
            CHECK(std::any_of(sources().begin(), sources().end(), [&](auto const& file) {
                return file.path.starts_with("tests/contract/") &&
                       file.text.find("\"[" + tag + "]\")\n{") != std::string::npos;
            }));
            CHECK(std::any_of(sources().begin(), sources().end(), [&](auto const& file) {
                return file.path.starts_with("tests/prompt/") &&
                       list.find(fs::path{file.path}.filename().string()) != std::string::npos &&
                       file.text.find("\"[" + tag + "]\")\n{") != std::string::npos;
            }));
        }
    }
}
