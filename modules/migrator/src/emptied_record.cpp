#include "emptied_record.hpp"

#include "schemagate/postgres/object_record.hpp"

namespace schemagate {
namespace {

std::vector<lexer::relation_name> made_by(catalog const& shipped, history const& recorded)
{
    std::vector<lexer::relation_name> names;
    for (auto const& row : recorded) {
        auto const ran = (row.kind == "versioned" || row.kind == "adopted") && row.state == "applied";
        if (!ran || row.version.find_first_not_of("0123456789") != std::string::npos) {
            continue; // not ours; the plan has judged the history
        }
        if (auto const* const m = shipped.find(version{row.version}); m != nullptr) {
            auto const made = lexer::created_relations(m->text);
            names.insert(names.end(), made.begin(), made.end());
        }
    }
    return names;
}

} // namespace

std::string emptied_record(boot_context const& boot, postgres::connection& on, history const& recorded)
{
    auto const there = postgres::unrecorded_relations(on, boot.table, made_by(boot.shipped, recorded));
    if (there.empty()) {
        return "";
    }
    return "nothing is recorded in " + boot.table.schema() + ".object, although " + there.front() +
           (there.size() == 1 ? "" : " (and " + std::to_string(there.size() - 1) + " more)") +
           " was made by a migration: a missing table would not be noticed. Restore that table from a backup";
}

} // namespace schemagate
