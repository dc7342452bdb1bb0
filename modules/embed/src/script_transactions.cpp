#include "script_transactions.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "schemagate/new_enum_value.hpp"
#include "schemagate/script_steps.hpp"
#include "schemagate/statement_title.hpp"
#include "schemagate/transaction_modes.hpp"

namespace schemagate {
namespace {

using lexer::statement;
using lexer::statement_kind;
using lexer::statement_title;

bool is_control(statement const& s)
{
    return s.kind == statement_kind::begin || s.kind == statement_kind::commit ||
           s.kind == statement_kind::rollback || s.kind == statement_kind::other_transaction;
}

bool is_refused(statement const& s)
{
    return s.kind == statement_kind::non_transactional;
}

statement const* find(std::vector<statement> const& statements, bool (*what)(statement const&))
{
    auto const found = std::find_if(statements.begin(), statements.end(), what);
    return found == statements.end() ? nullptr : &*found;
}

/// Whether the script is one BEGIN … COMMIT from its first statement to its last.
bool is_wrapped(std::vector<statement> const& statements)
{
    return statements.size() >= 2 && statements.front().kind == statement_kind::begin &&
           statements.back().kind == statement_kind::commit &&
           std::none_of(statements.begin() + 1, statements.end() - 1, is_control);
}

void blank_statement(std::string& text, statement const& s)
{
    auto const end = s.offset + s.length;
    // Behind the last token come only blanks and comments until the semicolon, which may be missing at the
    // end.
    auto const semicolon = text.find_first_not_of(" \t\n\r\f\v", end);
    for (auto i = s.offset; i < end; ++i) {
        text[i] = text[i] == '\n' ? '\n' : ' ';
    }
    if (semicolon != std::string::npos && text[semicolon] == ';') {
        text[semicolon] = ' ';
    }
    // A semicolon behind a comment stays: an empty statement does nothing.
}

/// The script's own transaction becomes ours, unless it could not have worked.
void unwrap(std::string& text, std::vector<statement> const& statements, problem_sink const& report)
{
    if (auto const* const refused = find(statements, is_refused)) {
        report(
            refused->line,
            statement_title(text, *refused) +
                ": PostgreSQL refuses this statement inside a transaction, and the script's BEGIN … COMMIT "
                "makes one. Remove BEGIN and COMMIT, so that every statement is run and recorded by itself, "
                "or let them enclose only what belongs together (directive own-transactions).");
        return;
    }
    auto const level = lexer::transaction_modes_of(text, statements.front()).isolation;
    blank_statement(text, statements.back());
    blank_statement(text, statements.front());
    if (!level.empty()) { // our BEGIN reads it there
        text.insert(statements.front().offset, "SET TRANSACTION ISOLATION LEVEL " + level + ";");
    }
}

/// Which neither its changes nor its row could be written in.
void report_read_only(std::string_view script, std::vector<statement> const& statements,
                      problem_sink const& report)
{
    for (auto const& each : statements) {
        auto const modes = lexer::transaction_modes_of(script, each);
        if (modes.read_only || modes.deferrable) {
            report(each.line, statement_title(script, each) +
                                  ": a migration writes, at least its row of the history, and DEFERRABLE is "
                                  "for transactions that only read. Take READ ONLY and DEFERRABLE out.");
        }
    }
}

/// Whether there is any.
bool report_control(std::string_view script, std::vector<statement> const& statements, script_use use,
                    problem_sink const& report)
{
    bool found = false;
    for (auto const& each : statements) {
        if (!is_control(each)) {
            continue;
        }
        found = true;
        auto const what = statement_title(script, each);
        if (use == script_use::twin) {
            report(each.line,
                   what + ": a twin runs inside a transaction that is rolled back, and must not end it or "
                          "begin one. Remove the statement.");
            continue;
        }
        report(each.line,
               what +
                   ": every migration runs in one transaction of ours. A BEGIN as the first "
                   "statement with a COMMIT as the last one is left out; any other transaction control would "
                   "commit half a migration. Remove it, split the script, or write the directive "
                   "own-transactions into its leading comment: then each BEGIN … COMMIT is run and recorded "
                   "by itself.");
    }
    return found;
}

/// Why the script runs in steps, to be said behind each problem that only steps have; nullopt if it does not.
std::optional<std::string> reason_for_steps(std::string_view script, lexer::scan_result const& scanned,
                                            directives const& wanted)
{
    if (wanted.own_transactions || wanted.no_transaction) {
        return " (A directive asks for running the script statement by statement.)";
    }
    if (auto const* const refused = find(scanned.statements, is_refused)) {
        return " (The script runs statement by statement, since PostgreSQL refuses one inside a transaction, "
               "in "
               "line " +
               std::to_string(refused->line) + ": " + statement_title(script, *refused) + ")";
    }
    if (lexer::uses_new_enum_value(script, scanned)) {
        return " (The script runs statement by statement, since PostgreSQL refuses the use of an enum's new "
               "value in the transaction that adds it. If nothing here uses it, put BEGIN … COMMIT around "
               "the "
               "whole script.)";
    }
    return std::nullopt;
}

} // namespace

bool settle_transactions(std::string& text, lexer::scan_result const& scanned, directives const& wanted,
                         script_use use, problem_sink const& report)
{
    if (use == script_use::migration) {
        report_read_only(text, scanned.statements, report);
    }
    auto const directed = wanted.no_transaction || wanted.own_transactions;
    if (use == script_use::migration && !directed && is_wrapped(scanned.statements)) {
        unwrap(text, scanned.statements, report);
        return true;
    }
    auto const stray = !wanted.own_transactions && report_control(text, scanned.statements, use, report);
    if (use == script_use::twin) {
        if (auto const* const refused = find(scanned.statements, is_refused)) {
            report(refused->line, statement_title(text, *refused) +
                                      ": PostgreSQL refuses this statement inside a transaction, "
                                      "and a twin always runs in one. Remove it.");
        }
        return true;
    }
    auto const reason = reason_for_steps(text, scanned, wanted);
    if (reason && !stray) { // stray control would be reported twice
        for (auto const& each : lexer::cut_into_steps(text, scanned).problems) {
            report(each.line, each.message + *reason);
        }
    }
    return !reason;
}

} // namespace schemagate
