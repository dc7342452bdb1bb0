// The SQL lexer and the canonical form, on any bytes: what they find lies inside the text, in its order, what
// is canonical already stays as it is, and PostgreSQL's own parser sees the same statements.
#include <algorithm>
#include <string>
#include <string_view>

#include "broken_promise.hpp"
#include "canonical.hpp"
#include "schemagate/created_relations.hpp"
#include "schemagate/index_statement.hpp"
#include "schemagate/lexer.hpp"
#include "schemagate/locked_relations.hpp"
#include "schemagate/new_enum_value.hpp"
#include "schemagate/script_steps.hpp"
#include "schemagate/session_change.hpp"
#include "schemagate/statement_title.hpp"
#ifdef SCHEMAGATE_SQL_PARSER
#include "sql_parser_oracle.hpp"
#endif

namespace {

using namespace schemagate::lexer;

bool is_control(statement const& s)
{
    return s.kind == statement_kind::begin || s.kind == statement_kind::commit ||
           s.kind == statement_kind::rollback || s.kind == statement_kind::other_transaction;
}

// Data of COPY may lie in the middle of a statement that began on COPY's line.
bool holds_data(scan_result const& in, statement const& s)
{
    return std::any_of(in.statements.begin(), in.statements.end(), [&s](statement const& other) {
        return other.kind == statement_kind::copy_from_stdin && s.offset < other.data_offset &&
               other.data_offset < s.offset + s.length;
    });
}

void look_at_statement(std::string_view text, scan_result const& found, statement const& one)
{
    auto const own = text.substr(one.offset, one.length);
    auto const title = statement_title(text, one);
    promise(!title.empty() && title.size() < 70 && title.find('\n') == std::string::npos, "a title is short",
            title);
    if (auto const index = read_index_statement(own))
        promise(index->action != index_action::create || index->names.size() == 1, "CREATE INDEX makes one");
    if (one.backslash_escapes || holds_data(found, one))
        return;
    auto const alone = scan(own).statements;
    promise(alone.size() == 1 && alone[0].offset == 0 && alone[0].length == one.length,
            "a statement by itself is that statement", std::string{own});
}

void look_at_steps(std::string_view text, scan_result const& found)
{
    auto const [steps, problems] = cut_into_steps(text, found);
    std::size_t next = 0;
    for (auto const& step : steps) {
        promise(step.first == next && step.count > 0, "steps are in order and leave nothing out");
        next += step.count;
        promise(next <= found.statements.size(), "a step holds statements that are there");
        promise(step.kind == step_kind::block || step.count == 1, "only a block holds several");
        if (step.kind == step_kind::session)
            promise(may_change_session(text), "who sets the session is suspected of it");
        if (!problems.empty() || step.kind != step_kind::block)
            continue;
        auto const begin = found.statements.begin() + static_cast<std::ptrdiff_t>(step.first);
        auto const last = begin + static_cast<std::ptrdiff_t>(step.count) - 1;
        promise(begin->kind == statement_kind::begin && last->kind == statement_kind::commit &&
                    std::none_of(begin + 1, last, is_control),
                "a block is BEGIN … COMMIT");
    }
    promise(next == found.statements.size(), "every statement has a step");
    auto const by_line = [](step_problem const& a, step_problem const& b) { return a.line < b.line; };
    promise(std::is_sorted(problems.begin(), problems.end(), by_line), "problems come by line");
}

void look_at_names(std::vector<relation_name> const& names)
{
    for (auto const& one : names)
        promise(!one.name.empty() && one.name.size() < 64 && one.schema.size() < 64, "a name is one");
}

void look_at(std::string_view text)
{
    auto const found = scan(text);
    auto end = std::size_t{0};
    auto escapes = false;
    for (auto const& one : found.statements) {
        promise(one.offset >= end && one.length > 0, "statements are in order and not empty");
        end = one.offset + one.length;
        promise(end <= text.size(), "a statement lies in the text");
        promise(one.backslash_escapes == escapes, "only what says so changes how strings are read");
        escapes = escapes != one.changes_string_syntax;
        if (one.kind == statement_kind::copy_from_stdin)
            promise(one.data_offset <= text.size() && one.data_length <= text.size() - one.data_offset,
                    "COPY's data lie in the text");
        look_at_statement(text, found, one);
    }
    for (auto const& one : found.meta_commands)
        promise(one.offset + one.length <= text.size() && !one.name.empty(), "a command lies in the text");
    look_at_steps(text, found);
    look_at_names(created_relations(text));
    look_at_names(locked_relations(text));
#ifdef SCHEMAGATE_SQL_PARSER
    auto const difference = schemagate::test::judge_statements(std::string{text}).difference;
    promise(difference.empty(), "the parser sees the same statements", difference);
#endif
}

void canonicalise(std::string_view text, schemagate::script_use use)
{
    auto problems = 0;
    auto const count = [&](std::size_t, std::string const&) { ++problems; };
    auto const once = schemagate::canonical_form(std::string{text}, use, count);
    if (problems != 0)
        return;
    look_at(once.text);
    auto const twice = schemagate::canonical_form(once.text, use, [&](std::size_t, std::string const& why) {
        // Without the BEGIN … COMMIT that was blanked, nothing says any more that its author wanted one
        // transaction.
        promise(uses_new_enum_value(text, scan(text)), "canonical text is taken", why);
    });
    promise(once.text == twice.text, "the canonical form of a canonical text is itself", once.text);
    promise(once.transactional == twice.transactional ||
                (once.transactional && uses_new_enum_value(text, scan(text))),
            "and it runs in the same way", once.text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size)
{
    auto const text = std::string_view{reinterpret_cast<char const*>(data), size};
    look_at(text);
    canonicalise(text, schemagate::script_use::migration);
    canonicalise(text, schemagate::script_use::twin);
    return 0;
}
