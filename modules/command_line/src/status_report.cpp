#include <algorithm>
#include <boost/json.hpp>

#include "console.hpp"
#include "survey_report.hpp"

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

bool is_repeatable(history_row const& row)
{
    return row.kind == "repeatable";
}

std::string name_of(history_row const& row)
{
    if (is_repeatable(row)) {
        return "R_" + row.version;
    }
    return row.description.empty() ? row.version : row.version + '_' + row.description;
}

// A text of a repeatable script that a later one replaced says nothing about the schema any more, and a
// script that was begun is listed with what is pending.
std::vector<history_row const*> rows_to_show(survey const& s)
{
    std::vector<history_row const*> shown;
    for (auto row = s.recorded.begin(); row != s.recorded.end(); ++row) {
        auto const replaces = [&](history_row const& later) {
            return is_repeatable(*row) && is_repeatable(later) && later.version == row->version &&
                   later.state == "applied";
        };
        auto const resumed = std::any_of(s.planned.started.begin(), s.planned.started.end(),
                                         [&](started_script const& each) { return each.id == row->id; });
        if (!resumed && std::none_of(row + 1, s.recorded.end(), replaces)) {
            shown.push_back(&*row);
        }
    }
    return shown;
}

boost::json::object entry_of(history_row const& row)
{
    boost::json::object entry{{"version", nullptr},           {"name", printable(name_of(row))},
                              {"kind", printable(row.kind)},  {"state", printable(row.state)},
                              {"verified", row.verified},     {"applied_at", nullptr},
                              {"breaks_older_than", nullptr}, {"resumes_at_statement", nullptr}};
    if (!is_repeatable(row)) {
        entry["version"] = printable(row.version);
    }
    if (row.state == "applied") {
        entry["applied_at"] = printable(row.applied_at);
    }
    if (row.breaks_older_than) {
        entry["breaks_older_than"] = printable(*row.breaks_older_than);
    }
    return entry;
}

boost::json::object entry_of(survey const& s, migration const& pending)
{
    boost::json::object entry{{"version", nullptr},
                              {"name", printable(pending.name)},
                              {"kind", pending.repeatable() ? "repeatable" : "versioned"},
                              {"state", s.planned.started_as(pending) == nullptr ? "pending" : "running"},
                              {"verified", false},
                              {"applied_at", nullptr},
                              {"breaks_older_than", nullptr},
                              {"resumes_at_statement", nullptr}};
    if (pending.version) {
        entry["version"] = pending.version->text();
    }
    if (auto const statement = resumes_at(s, pending)) {
        entry["resumes_at_statement"] = *statement;
    }
    return entry;
}

// "applied", "applied (adopted)", "running (repeatable), 3 steps done".
std::string state_of(history_row const& row)
{
    auto words = printable(row.kind == "versioned" ? row.state : row.state + " (" + row.kind + ')');
    if (row.state == "running") {
        words += ", " + steps(row.statement_reached) + " done";
    }
    return words;
}

std::string state_of(survey const& s, migration const& pending)
{
    auto const words = resume_words(s, pending);
    std::string const kind = pending.repeatable() ? " (repeatable)" : "";
    return words.empty() ? "pending" + kind : "running" + kind + ", " + words;
}

} // namespace

boost::json::object status_json(survey const& s)
{
    boost::json::array migrations;
    for (auto const* const row : rows_to_show(s)) {
        migrations.push_back(entry_of(*row));
    }
    for (auto const* const m : s.planned.pending) {
        migrations.push_back(entry_of(s, *m));
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
    return line;
}

std::string status_text(survey const& s)
{
    std::string text = printable(s.where) + '\n';
    std::vector<std::vector<std::string>> rows{{"version", "migration", "state", "verified", "applied at"}};
    for (auto const* const row : rows_to_show(s)) {
        auto const repeatable = is_repeatable(*row);
        rows.push_back({repeatable ? "R" : printable(row->version),
                        printable(repeatable ? row->version : row->description), state_of(*row),
                        row->verified ? "yes" : "no", printable(row->applied_at)});
    }
    for (auto const* const m : s.planned.pending) {
        rows.push_back(
            {m->version ? m->version->text() : "R", printable(m->description), state_of(s, *m), "–", "–"});
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
    return text;
}

} // namespace schemagate
