// app/README.md: its curl recipes run as they stand, from the top, and leave no operation out.
#include <filesystem>
#include <fstream>
#include <regex>

#include "operations.hpp"

using namespace contract;

namespace {

std::string recipes()
{
    std::ifstream in{std::filesystem::path{SCHEMAGATE_SOURCE_DIR} / "app/README.md"};
    std::string out;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        bool const opens = line == "```bash";
        if (inside && line != "```") {
            out += line + '\n';
        }
        inside = opens || (inside && line != "```");
    }
    return out;
}

struct logged_request
{
    std::string method;
    std::string path;
    int status = 0;
};

// From the access log of the service, which the recipes alone have asked.
std::vector<logged_request> requests_in(std::string const& log)
{
    static std::regex const line{"http method=([A-Z]+) path=\"([^\"]*)\" status=([0-9]+) "};
    std::vector<logged_request> out;
    for (std::sregex_iterator at{log.begin(), log.end(), line}, end; at != end; ++at) {
        out.push_back({(*at)[1], (*at)[2], std::stoi((*at)[3])});
    }
    return out;
}

std::regex path_of(std::string const& pattern)
{
    return std::regex{std::regex_replace(pattern, std::regex{"\\{[a-z]+\\}"}, "[^/]+")};
}

} // namespace

TEST_CASE("each recipe of app/README.md does what it says, and each operation has one", "[recipes]")
{
    backend at;
    support::temporary_folder const folder{"recipes"};
    folder.write(".private/admin.header", "Authorization: Bearer " + at.admin + "\n");
    folder.write("langfuse-prompts.json",
                 R"([{"name":"from/langfuse","version":1,"type":"text","prompt":"Hi {{name}}"}])");
    auto const script = std::regex_replace(recipes(), std::regex{"127\\.0\\.0\\.1:8080"},
                                           "127.0.0.1:" + std::to_string(at.service.port()));
    REQUIRE(script.find("curl") != std::string::npos);
    auto const log = [&] { return at.service.process().process().err(); };
    auto const before = log().size(); // the probes of the start
    auto const done =
        support::run_program("/bin/bash",
                             {"-euo", "pipefail", "-c",
                              "cd " + folder.path().string() +
                                  "\ncurl() { command curl -sS --max-time 10 \"$@\"; echo; }\n" + script},
                             {{"PATH", "/usr/bin:/bin"}});
    INFO(done.out << done.err);
    CHECK(done.code == 0);

    auto const asked = requests_in(log().substr(before));
    std::vector<std::string> refused;
    for (auto const& one : asked) {
        if (one.status >= 400) {
            refused.push_back(one.method + ' ' + one.path + ' ' + std::to_string(one.status));
        }
    }
    // The text that a guardrail blocks says so in its comment.
    CHECK(refused == std::vector<std::string>{"POST /v1/prompts/demo%2Fgreeting/render 422"});
    for (auto const& one : operations_of(at.service)) {
        INFO(one.method << ' ' << one.pattern);
        auto const pattern = path_of(one.pattern);
        CHECK((one.id == "pageFile" || // the page's own
               std::any_of(asked.begin(), asked.end(), [&](auto const& request) {
                   return request.method == one.method && std::regex_match(request.path, pattern);
               })));
    }
}
