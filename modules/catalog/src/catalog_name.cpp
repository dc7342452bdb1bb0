#include "schemagate/catalog_name.hpp"

#include <algorithm>
#include <map>

namespace schemagate {
namespace {

struct other_catalog
{
    std::size_t scripts = 0;
    std::size_t same = 0;
    std::string first;   ///< name of the first one of ours
    std::string started; ///< name of one that it has started and not finished
};

bool is_plain(std::string const& name)
{
    return std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
    });
}

std::string cmake_argument(std::string const& name)
{
    auto const special = name.find_first_of("\"\\$") != std::string::npos;
    return is_plain(name) ? name : special ? "[=[" + name + "]=]" : '"' + name + '"';
}

std::string shell_argument(std::string const& name)
{
    if (is_plain(name)) {
        return name;
    }
    if (name.find_first_of("\"\\$`!") == std::string::npos) {
        return '"' + name + '"';
    }
    std::string quoted = "'";
    for (auto const c : name) {
        quoted += c == '\'' ? std::string{"'\\''"} : std::string{c};
    }
    return quoted + "'";
}

migration const* same_script(catalog const& shipped, script_elsewhere const& recorded)
{
    auto const& text = recorded.version;
    for (auto const& mine : shipped.repeatables()) {
        if (mine.description == text && mine.checksum == recorded.checksum) {
            return &mine;
        }
    }
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) {
        return nullptr; // somebody has edited that history: its own boots say so
    }
    auto const* const mine = shipped.find(version{text});
    return mine != nullptr && mine->checksum == recorded.checksum ? mine : nullptr;
}

failure renamed(catalog const& shipped, std::string const& target_schema, std::string const& name,
                other_catalog const& other)
{
    return failure{
        errc::catalog_renamed,
        "nothing is recorded for catalog \"" + shipped.name() + "\", but catalog \"" + name +
            "\" has applied the same scripts to schema \"" + target_schema + "\" (" +
            std::to_string(other.same) + ", first " + other.first +
            "): they would run a second time. Nothing was changed.",
        "Use that name: --catalog " + shell_argument(name) + " (the schemagate program), or NAME " +
            cmake_argument(name) +
            " in schemagate_embed_sql(). If these are two catalogs that only begin alike, change a "
            "comment in more than half of these scripts, first in " +
            other.first + ".sql."}
        .with_script(other.first);
}

} // namespace

std::optional<failure> applied_under_another_name(catalog const& shipped, std::string const& target_schema,
                                                  std::vector<script_elsewhere> const& recorded)
{
    std::map<std::string, other_catalog> others;
    for (auto const& each : recorded) {
        auto& other = others[each.catalog];
        ++other.scripts;
        if (auto const* const mine = same_script(shipped, each)) {
            other.first = other.same == 0 ? mine->name : other.first;
            ++other.same;
            if (!each.steps_digest.empty()) {
                other.started = mine->name;
            }
        }
    }
    for (auto const& [name, other] : others) {
        if (!other.started.empty() || 2 * other.same > std::min(other.scripts, shipped.scripts().size())) {
            return renamed(shipped, target_schema, name, other);
        }
    }
    return std::nullopt;
}

} // namespace schemagate
