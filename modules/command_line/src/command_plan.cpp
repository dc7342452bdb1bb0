#include <algorithm>
#include <boost/json.hpp>

#include "commands.hpp"
#include "console.hpp"
#include "stop_on_signal.hpp"

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

void print_json(survey const& s)
{
    boost::json::array pending;
    for (auto const* const m : s.planned.pending) {
        boost::json::object entry{{"version", m->recorded_version()},
                                  {"name", printable(m->name)},
                                  {"action", action_of(s, *m)},
                                  {"transactional", m->transactional},
                                  {"breaks_older_than", nullptr}};
        if (m->directives.breaks_older_than) {
            entry["breaks_older_than"] = m->directives.breaks_older_than->text();
        }
        pending.push_back(std::move(entry));
    }
    boost::json::array warnings;
    for (auto const& w : s.planned.warnings) {
        warnings.emplace_back(printable(w));
    }
    print(boost::json::object{{"database", printable(s.where)},
                              {"schema_version", printable(s.planned.schema_version)},
                              {"pending", std::move(pending)},
                              {"verification_due", s.planned.verification_due},
                              {"database_newer", s.planned.database_newer},
                              {"warnings", std::move(warnings)}});
}

void print_text(survey const& s)
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
        std::string notes;
        auto const note = [&](std::string const& words) { notes += (notes.empty() ? "" : ", ") + words; };
        if (auto const action = action_of(s, *m); action == "adopt") {
            note("an earlier tool applied it: recorded as adopted, not run");
        }
        else if (action == "not-needed") {
            note("nothing is adopted here: recorded as not needed, not run");
        }
        if (!m->transactional) {
            note("outside a transaction");
        }
        if (m->directives.only_job) {
            note("only by a job");
        }
        if (m->directives.breaks_older_than) {
            note("breaks binaries older than " + m->directives.breaks_older_than->text());
        }
        rows.push_back({"  " + std::to_string(rows.size() + 1), printable(m->name), notes});
    }
    text += table(rows);
    if (s.planned.verification_due) {
        text += "the newest migration was never verified; the next boot verifies it\n";
    }
    for (auto const& w : s.planned.warnings) {
        text += "warning: " + printable(w) + '\n';
    }
    print(text);
}

} // namespace

int command_plan(command_input const& in)
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
