#include "canonical.hpp"

#include <algorithm>
#include <utility>

#include "down_section.hpp"
#include "encoding.hpp"
#include "schemagate/client_encoding.hpp"
#include "schemagate/lexer.hpp"
#include "schemagate/statement_title.hpp"
#include "script_transactions.hpp"

namespace schemagate {
namespace {

using lexer::statement;

void blank_out(std::string& text, std::size_t offset, std::size_t length)
{
    std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(offset), length, ' ');
}

bool begins_line(std::string_view text, std::size_t offset)
{
    auto const before = text.substr(0, offset).find_last_not_of(" \t");
    return before == std::string_view::npos || text[before] == '\n';
}

// pg_dump writes \restrict and \unrestrict since August 2025; they mean something to psql only.
void settle_meta_commands(std::string& text, lexer::scan_result const& scanned, problem_sink const& report)
{
    for (auto const& each : scanned.meta_commands) {
        auto const of_dump = each.name == "\\restrict" || each.name == "\\unrestrict";
        if (of_dump && begins_line(text, each.offset)) {
            blank_out(text, each.offset, each.length);
        }
        else if (each.name == "\\.") {
            report(each.line,
                   "\\. ends the data of a COPY … FROM stdin, and none is open here. Remove the line, or "
                   "write COPY … FROM stdin before the data.");
        }
        else {
            report(each.line, each.name +
                                  " is a command of psql, which does not take part here. Remove it, or "
                                  "write what it does as SQL.");
        }
    }
}

// psql takes the data out of the middle of such a statement; nobody else could send it.
void report_torn_statements(std::string_view text, std::vector<statement> const& statements,
                            problem_sink const& report)
{
    statement const* copy = nullptr;
    for (auto const& each : statements) {
        if (copy != nullptr && each.offset < copy->data_offset &&
            each.offset + each.length > copy->data_offset) {
            report(each.line,
                   lexer::statement_title(text, each) +
                       ": this statement begins in the line of a COPY … FROM stdin, and goes on behind "
                       "the data. Put it below the line \\. that ends the data.");
        }
        copy = each.kind == lexer::statement_kind::copy_from_stdin ? &each : copy;
    }
}

// A comment line that looks like a directive and stands too low steers nothing, which nobody would notice.
void report_late_directives(std::string_view text, std::vector<statement> const& statements,
                            problem_sink const& report)
{
    if (statements.empty()) {
        return;
    }
    constexpr std::string_view mark = "\n-- schemagate:";
    auto inside = statements.begin();
    std::size_t line = statements.front().line;
    std::size_t counted = statements.front().offset;
    for (auto at = text.find(mark, counted); at != std::string_view::npos; at = text.find(mark, at + 1)) {
        auto const begin = at + 1;
        auto const covers = [&](statement const& s) {
            return std::max(s.offset + s.length, s.data_offset + s.data_length) > begin;
        };
        inside = std::find_if(inside, statements.end(), covers);
        if (inside != statements.end() && inside->offset < begin) {
            continue; // inside a statement: a function's body, a string, COPY data
        }
        line += static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                                    text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
        counted = begin;
        report(line,
               "a directive counts only in the comment that the script begins with. Move it above the first "
               "statement.");
    }
}

bool is_ascii(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// The bytes that come after it would be taken for other characters; in ASCII they are the same, and of
// comments nothing stays.
void report_client_encoding(std::string_view text, lexer::scan_result const& scanned,
                            problem_sink const& report)
{
    auto const found = lexer::other_client_encoding(text, scanned);
    auto const converted = [&](lexer::statement const& s) {
        return s.offset > found->offset && !(is_ascii(text.substr(s.offset, s.length)) &&
                                             is_ascii(text.substr(s.data_offset, s.data_length)));
    };
    if (found && std::any_of(scanned.statements.begin(), scanned.statements.end(), converted)) {
        report(found->line, "the script is UTF-8, but says that it is " + found->encoding +
                                ": its characters beyond ASCII would be stored as others. Take this "
                                "statement out.");
    }
}

} // namespace

canonical_script canonical_form(std::string bytes, script_use use, problem_sink const& report)
{
    canonical_script script;
    bool readable = true;
    script.text = plain_text(std::move(bytes), [&](std::size_t line, std::string message) {
        readable = false;
        report(line, std::move(message));
    });
    if (!readable) {
        return script;
    }
    auto const scanned = lexer::scan(script.text);
    settle_meta_commands(script.text, scanned, report);

    std::vector<directive_problem> problems;
    script.directives = read_directives(script.text, problems);
    for (auto& each : problems) {
        report(each.line, std::move(each.message));
    }
    if (use == script_use::twin) {
        auto others = script.directives;
        others.allowed.clear();
        if (others != directives{}) {
            report(
                1,
                "a twin takes no directive but allow: it always runs in a transaction that is rolled back.");
        }
    }
    if (scanned.open) {
        report(scanned.open->line, scanned.open->what +
                                       " is opened here and never closed: it would swallow what is "
                                       "sent after the script. Close it.");
        return script;
    }
    if (use == script_use::twin && scanned.statements.empty()) {
        report(
            0,
            "a twin without a statement proves nothing. Write one that raises an error if the change is not "
            "there, or remove the file.");
    }
    report_torn_statements(script.text, scanned.statements, report);
    report_late_directives(script.text, scanned.statements, report);
    report_client_encoding(script.text, scanned, report);
    report_down_section(script.text, scanned.statements, report);
    script.transactional = settle_transactions(script.text, scanned, script.directives, use, report);
    return script;
}

} // namespace schemagate
