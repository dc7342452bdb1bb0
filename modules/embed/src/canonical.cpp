#include "canonical.hpp"

#include <algorithm>

#include "encoding.hpp"
#include "schemagate/lexer.hpp"

namespace schemagate {
namespace {

using lexer::statement;
using lexer::statement_kind;

std::string_view text_of(std::string_view script, statement const& s)
{
    return script.substr(s.offset, s.length);
}

/// The statement's first words on one line, to name it in a sentence.
std::string head_of(std::string_view script, statement const& s)
{
    std::string head;
    for (auto const c : text_of(script, s).substr(0, 60)) {
        auto const blank = c == '\n' || c == '\t' || c == ' ';
        if (!blank || (!head.empty() && head.back() != ' ')) {
            head += blank ? ' ' : c;
        }
    }
    if (s.length <= 60) {
        return head;
    }
    // Not in the middle of a word, and so not of a character either.
    return head.substr(0, head.rfind(' ')) + " …";
}

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

bool is_control(statement const& s)
{
    return s.kind == statement_kind::begin || s.kind == statement_kind::commit ||
           s.kind == statement_kind::rollback || s.kind == statement_kind::other_transaction;
}

/// BEGIN without modes: one that asks for an isolation level asks for something that our BEGIN does not give.
bool is_plain_begin(std::string_view script, statement const& s)
{
    auto words = head_of(script, s);
    std::transform(words.begin(), words.end(), words.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return words == "begin" || words == "begin work" || words == "begin transaction" ||
           words == "start transaction";
}

/// Whether the script is one BEGIN … COMMIT from its first statement to its last.
bool is_wrapped(std::string_view script, std::vector<statement> const& statements)
{
    return statements.size() >= 2 && statements.front().kind == statement_kind::begin &&
           statements.back().kind == statement_kind::commit && is_plain_begin(script, statements.front()) &&
           std::none_of(statements.begin() + 1, statements.end() - 1, is_control);
}

void blank_statement(std::string& text, statement const& s)
{
    auto const end = s.offset + s.length;
    // Behind the last token come only blanks and comments until the semicolon, which may be missing at the
    // end.
    auto const semicolon = text.find_first_not_of(" \t\n\f\v", end);
    for (auto i = s.offset; i < end; ++i) {
        text[i] = text[i] == '\n' ? '\n' : ' ';
    }
    if (semicolon != std::string::npos && text[semicolon] == ';') {
        text[semicolon] = ' ';
    }
    // A semicolon behind a comment stays: an empty statement does nothing.
}

void report_control(std::string_view script, statement const& s, script_use use, problem_sink const& report)
{
    auto const what = head_of(script, s);
    if (use == script_use::twin) {
        report(s.line,
               what + ": a twin runs inside a transaction that is rolled back, and must not end it or begin "
                      "one. Remove the statement.");
        return;
    }
    report(s.line,
           what + ": every migration runs in one transaction of ours. A BEGIN without options as the first "
                  "statement with a COMMIT as the last one is left out; any other transaction control would "
                  "commit half a migration. Remove it, or split the script.");
}

void settle_transactions(canonical_script& script, std::vector<statement> statements, script_use use,
                         problem_sink const& report)
{
    auto& wanted = script.directives;
    if (use == script_use::migration && !wanted.no_transaction && is_wrapped(script.text, statements)) {
        blank_statement(script.text, statements.front());
        blank_statement(script.text, statements.back());
        statements.erase(statements.begin());
        statements.pop_back();
    }
    if (!wanted.own_transactions) {
        for (auto const& each : statements) {
            if (is_control(each)) {
                report_control(script.text, each, use, report);
            }
        }
    }
    auto const outside = [](statement const& s) { return s.kind == statement_kind::non_transactional; };
    auto const first = std::find_if(statements.begin(), statements.end(), outside);
    script.transactional = first == statements.end() && !wanted.no_transaction && !wanted.own_transactions;
    if (first == statements.end()) {
        return;
    }
    if (use == script_use::twin) {
        report(first->line, head_of(script.text, *first) +
                                ": PostgreSQL refuses this statement inside a transaction, "
                                "and a twin always runs in one. Remove it.");
    }
    else if (!wanted.no_transaction && !wanted.own_transactions &&
             !std::all_of(statements.begin(), statements.end(), outside)) {
        report(first->line,
               head_of(script.text, *first) +
                   ": PostgreSQL refuses this statement inside a transaction, and the script's other "
                   "statements belong in one; if it failed in the middle, it could not be run again. "
                   "Put the statement into a migration of its own.");
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
    auto line = statements.front().line;
    auto counted = statements.front().offset;
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

} // namespace

canonical_script canonical_form(std::string_view bytes, script_use use, problem_sink const& report)
{
    canonical_script script;
    bool readable = true;
    script.text = plain_text(bytes, [&](std::size_t line, std::string message) {
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
    report_late_directives(script.text, scanned.statements, report);
    settle_transactions(script, scanned.statements, use, report);
    return script;
}

} // namespace schemagate
