#include <boost/json.hpp>

#include "commands.hpp"
#include "console.hpp"
#include "stop_on_signal.hpp"

namespace schemagate {
namespace {

// A binary may serve this database if its newest version is not below any applied migration's
// breaks_older_than. nullopt: no migration breaks any.
std::optional<std::string> oldest_binary(history const& recorded)
{
    std::optional<version> oldest;
    for (auto const& row : recorded) {
        auto const& text = row.breaks_older_than;
        if (!text || text->empty() || text->find_first_not_of("0123456789") != text->npos) {
            continue; // not ours; the plan has judged the history
        }
        if (version const v{*text}; !oldest || v > *oldest) {
            oldest = v;
        }
    }
    return oldest ? std::optional{oldest->text()} : std::nullopt;
}

std::string name_of(history_row const& row)
{
    return row.description.empty() ? row.version : row.version + '_' + row.description;
}

void print_json(survey const& s)
{
    boost::json::array migrations;
    for (auto const& row : s.recorded) {
        boost::json::object entry{
            {"version", printable(row.version)}, {"name", printable(name_of(row))},
            {"kind", printable(row.kind)},       {"state", printable(row.state)},
            {"verified", row.verified},          {"applied_at", printable(row.applied_at)},
            {"breaks_older_than", nullptr}};
        if (row.breaks_older_than) {
            entry["breaks_older_than"] = printable(*row.breaks_older_than);
        }
        migrations.push_back(std::move(entry));
    }
    for (auto const* const m : s.planned.pending) {
        migrations.push_back(boost::json::object{{"version", m->recorded_version()},
                                                 {"name", printable(m->name)},
                                                 {"kind", "versioned"},
                                                 {"state", "pending"},
                                                 {"verified", false},
                                                 {"applied_at", nullptr},
                                                 {"breaks_older_than", nullptr}});
    }
    boost::json::array missing;
    for (auto const& object : s.missing_objects) {
        missing.emplace_back(printable(object));
    }
    boost::json::object line{{"database", printable(s.where)},
                             {"schema_version", printable(s.planned.schema_version)},
                             {"has_history", s.has_history},
                             {"verified", s.verified},
                             {"database_newer", s.planned.database_newer},
                             {"oldest_binary", nullptr},
                             {"missing_objects", std::move(missing)},
                             {"migrations", std::move(migrations)}};
    if (auto const oldest = oldest_binary(s.recorded)) {
        line["oldest_binary"] = *oldest;
    }
    print(line);
}

void print_text(survey const& s)
{
    std::string text = printable(s.where) + '\n';
    std::vector<std::vector<std::string>> rows{{"version", "migration", "state", "verified", "applied at"}};
    for (auto const& row : s.recorded) {
        rows.push_back({printable(row.version), printable(row.description),
                        printable(row.kind == "versioned" ? row.state : row.state + " (" + row.kind + ')'),
                        row.verified ? "yes" : "no", printable(row.applied_at)});
    }
    for (auto const* const m : s.planned.pending) {
        rows.push_back({m->recorded_version(), printable(m->description), "pending", "–", "–"});
    }
    if (!s.has_history) {
        text += "no history yet: nothing was ever applied here\n";
    }
    if (rows.size() > 1) {
        text += table(rows);
    }
    if (s.planned.database_newer) {
        text += "the database is ahead of these migrations\n";
    }
    for (auto const& object : s.missing_objects) {
        text += "missing, or not valid: " + printable(object) + '\n';
    }
    for (auto const& w : s.planned.warnings) {
        text += "warning: " + printable(w) + '\n';
    }
    text += "oldest binary version that may still serve this database: " +
            oldest_binary(s.recorded).value_or("any") + '\n';
    print(text);
}

} // namespace

int command_status(command_input const& in)
{
    stop_on_signal const stop;
    auto const found = look(in.with, in.shipped, only_trouble(in.host.listener), stop.token());
    if (in.asked.json) {
        print_json(found);
    }
    else {
        print_text(found);
    }
    return 0;
}

} // namespace schemagate
