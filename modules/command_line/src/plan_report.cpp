#include <algorithm>
#include <boost/json.hpp>

#include "console.hpp"
#include "survey_report.hpp"

namespace schemagate {
namespace {

// "run", or what is done instead: its row in the history is written, and the script is not run.
std::string_view action_of(survey const& s, migration const& m)
{
    if (std::find(s.adoptable.begin(), s.adoptable.end(), &m) != s.adoptable.end()) {
        return "adopt";
    }
    return s.planned.runs(m) ? "run" : "not-needed";
}

boost::json::object entry_of(survey const& s, migration const& m)
{
    boost::json::object entry{{"version", nullptr},
                              {"name", printable(m.name)},
                              {"kind", m.repeatable() ? "repeatable" : "versioned"},
                              {"action", action_of(s, m)},
                              {"transactional", m.transactional},
                              {"only_job", m.directives.only_job},
                              {"resumes_at_statement", nullptr},
                              {"breaks_older_than", nullptr}};
    if (m.version) {
        entry["version"] = m.version->text();
    }
    if (auto const statement = resumes_at(s, m)) {
        entry["resumes_at_statement"] = *statement;
    }
    if (m.directives.breaks_older_than) {
        entry["breaks_older_than"] = m.directives.breaks_older_than->text();
    }
    return entry;
}

std::string notes_on(survey const& s, migration const& m)
{
    std::string notes;
    auto const note = [&](std::string const& words) { notes += (notes.empty() ? "" : ", ") + words; };
    auto const action = action_of(s, m);
    if (action == "adopt") {
        note("an earlier tool applied it: recorded as adopted, not run");
    }
    else if (action == "not-needed") {
        note("nothing is adopted here: recorded as not needed, not run");
    }
    if (!m.transactional) {
        note("outside a transaction");
    }
    if (auto const words = resume_words(s, m); !words.empty()) {
        note(words);
    }
    if (m.directives.only_job) {
        note("only by a job");
    }
    if (m.directives.breaks_older_than) {
        note("breaks binaries older than " + m.directives.breaks_older_than->text());
    }
    return notes;
}

} // namespace

boost::json::object plan_json(survey const& s)
{
    boost::json::array pending;
    for (auto const* const m : s.planned.pending) {
        pending.push_back(entry_of(s, *m));
    }
    boost::json::array warnings;
    for (auto const& w : s.planned.warnings) {
        warnings.emplace_back(printable(w));
    }
    return {{"database", printable(s.where)},
            {"schema_version", printable(s.planned.schema_version)},
            {"pending", std::move(pending)},
            {"verification_due", s.planned.verification_due},
            {"database_newer", s.planned.database_newer},
            {"warnings", std::move(warnings)}};
}

std::string plan_text(survey const& s)
{
    auto const& pending = s.planned.pending;
    std::string text = printable(s.where) + '\n';
    if (pending.empty()) {
        text += s.planned.database_newer ? "nothing to apply: the database is ahead of these migrations\n"
                                         : "nothing to apply\n";
    }
    else {
        text += std::to_string(pending.size()) + " to apply, in this order:\n";
    }
    std::vector<std::vector<std::string>> rows;
    for (auto const* const m : pending) {
        rows.push_back({"  " + std::to_string(rows.size() + 1), printable(m->name), notes_on(s, *m)});
    }
    text += table(rows);
    if (s.planned.verification_due) {
        text += "the newest migration was never verified; the next boot verifies it\n";
    }
    for (auto const& w : s.planned.warnings) {
        text += "warning: " + printable(w) + '\n';
    }
    return text;
}

} // namespace schemagate
