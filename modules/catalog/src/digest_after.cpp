#include "schemagate/digest_after.hpp"

#include <algorithm>
#include <optional>

namespace schemagate {
namespace {

bool is_among(std::vector<migration const*> const& scripts, std::string const& kind, version const& wanted)
{
    return kind != "baseline" && std::any_of(scripts.begin(), scripts.end(),
                                             [&](migration const* each) { return each->version == wanted; });
}

std::optional<std::string> newest_text(migration const& mine, history const& recorded,
                                       std::vector<migration const*> const& applied_now)
{
    for (auto const* const each : applied_now) {
        if (each->repeatable() && each->description == mine.description) {
            return each->checksum;
        }
    }
    std::optional<std::string> newest;
    for (auto const& row : recorded) { // ascending
        if (row.kind == "repeatable" && row.state != "running" && row.version == mine.description) {
            newest = row.checksum;
        }
    }
    return newest;
}

} // namespace

std::string digest_after(catalog const& shipped, history const& recorded,
                         std::vector<migration const*> const& applied_now)
{
    std::vector<set_member> members;
    for (auto const& row : recorded) {
        if (row.kind == "repeatable" || row.state == "running") {
            continue;
        }
        if (version const v{row.version}; !is_among(applied_now, row.kind, v)) {
            members.push_back({v, row.checksum});
        }
    }
    for (auto const* const each : applied_now) {
        if (each->version) {
            members.push_back({*each->version, each->checksum});
        }
    }
    std::vector<repeatable_member> repeatables;
    for (auto const& mine : shipped.repeatables()) {
        if (auto text = newest_text(mine, recorded, applied_now)) {
            repeatables.push_back({mine.description, *std::move(text)});
        }
    }
    return set_digest(std::move(members), std::move(repeatables));
}

} // namespace schemagate
