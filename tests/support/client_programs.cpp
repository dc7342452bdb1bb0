#include "client_programs.hpp"

#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "child_process.hpp"

namespace support {
namespace {

namespace fs = std::filesystem;

int major_of(std::string const& program)
{
    auto const shown = run_program(program, {"--version"}, {}).out; // "pg_dump (PostgreSQL) 15.18 (Debian …)"
    auto const at = shown.find(") ");
    return at == std::string::npos ? 0 : std::atoi(shown.c_str() + at + 2);
}

std::string without_restrict_lines(std::string const& dump)
{
    std::istringstream in{dump};
    std::string out;
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")) {
            out += line + '\n';
        }
    }
    return out;
}

// tests/scenarios/schema_fingerprint.sql, for every schema of the database.
std::string fingerprint(test_database const& database)
{
    auto sql = content_of(fs::path{SCENARIOS_FOLDER} / "schema_fingerprint.sql");
    std::string const one = "= 'public'::regnamespace";
    std::string const all =
        "in (select oid from pg_namespace where nspname !~ '^(pg_|information_|schemagate$)')";
    std::size_t count = 0;
    for (auto at = sql.find(one); at != std::string::npos; at = sql.find(one, at + all.size())) {
        sql.replace(at, one.size(), all);
        ++count;
    }
    if (count == 0) {
        throw std::runtime_error{"schema_fingerprint.sql names no schema where it is looked for"};
    }
    return database.value(sql);
}

} // namespace

std::string client_program(std::string const& name)
{
    auto best = fs::path{schemagate::testing::postgres_bindir()} / name;
    if (!fs::exists(best)) {
        best.clear();
        for (auto const& each : fs::directory_iterator{"/usr/lib/postgresql"}) {
            auto const found = each.path() / "bin" / name;
            auto const newer = [&] { return major_of(found.string()) > major_of(best.string()); };
            if (fs::exists(found) && (best.empty() || newer())) {
                best = found;
            }
        }
    }
    if (best.empty()) {
        throw std::runtime_error{name + " is not on this machine: install postgresql-client"};
    }
    return best.string();
}

std::string schema_text(test_database const& database, int server_major)
{
    auto const pg_dump = client_program("pg_dump");
    if (major_of(pg_dump) < server_major) {
        return fingerprint(database);
    }
    auto const dumped =
        run_program(pg_dump, {"--schema-only", "--exclude-schema=schemagate", database.admin_url()}, {});
    if (dumped.code != 0) {
        throw std::runtime_error{"pg_dump: " + dumped.err};
    }
    return without_restrict_lines(dumped.out);
}

} // namespace support
