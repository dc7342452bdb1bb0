#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "schemagate/testing/private_postgres.hpp"

namespace schemagate::testing {
namespace {

/// "/usr/lib/postgresql/9.6" comes before ".../15".
double version_of(std::filesystem::path const& folder)
{
    return std::strtod(folder.filename().c_str(), nullptr);
}

std::string folder_with_server(std::filesystem::path const& folder)
{
    return std::filesystem::exists(folder / "initdb") ? folder.string() : "";
}

} // namespace

std::string postgres_bindir()
{
    if (char const* given = std::getenv("PG_BINDIR"); given != nullptr && *given != '\0') {
        return folder_with_server(given);
    }
    std::vector<std::filesystem::path> installed;
    if (std::filesystem::exists("/usr/lib/postgresql")) {
        for (auto const& entry : std::filesystem::directory_iterator{"/usr/lib/postgresql"}) {
            if (std::filesystem::exists(entry.path() / "bin/initdb")) {
                installed.push_back(entry.path());
            }
        }
    }
    if (!installed.empty()) {
        auto const newest =
            std::max_element(installed.begin(), installed.end(),
                             [](auto const& a, auto const& b) { return version_of(a) < version_of(b); });
        return (*newest / "bin").string();
    }
    // Outside Debian the programs lie where pg_config says.
    char line[512] = {};
    if (auto* pipe = popen("pg_config --bindir 2>/dev/null", "r"); pipe != nullptr) {
        auto const got = std::fgets(line, sizeof line, pipe);
        pclose(pipe);
        if (got != nullptr) {
            std::string folder{line};
            folder.erase(folder.find_last_not_of('\n') + 1);
            return folder_with_server(folder); // pg_config comes with libpq too
        }
    }
    return "";
}

} // namespace schemagate::testing
