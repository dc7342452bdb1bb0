#include "sql_parser_oracle.hpp"

#include <pg_query.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "schemagate/lexer.hpp"

namespace schemagate::test {
namespace {

using lexer::scan_result;
using lexer::statement;

struct extent
{
    std::size_t begin = 0;
    std::size_t end = 0;
};

// The scanner of libpg_query would split inside BEGIN ATOMIC; its parser does not.
std::optional<std::vector<extent>> parsed(std::string const& text)
{
    auto const result = pg_query_split_with_parser(text.c_str());
    std::optional<std::vector<extent>> found;
    if (result.error == nullptr) { // with an error the list may be there in part
        found.emplace();
        for (int i = 0; i < result.n_stmts; ++i) {
            auto const begin = static_cast<std::size_t>(result.stmts[i]->stmt_location);
            found->push_back({begin, begin + static_cast<std::size_t>(result.stmts[i]->stmt_len)});
        }
    }
    pg_query_free_split_result(result);
    return found;
}

// Where the next token begins. Written a second time on purpose: the lexer's own must not judge itself.
std::size_t behind_blanks(std::string_view text, std::size_t at)
{
    for (;;) {
        at = std::min(text.find_first_not_of(" \t\n\r\f", at), text.size());
        auto const two = text.substr(at, 2);
        if (two == "--") {
            at = std::min(text.find_first_of("\r\n", at), text.size());
        }
        else if (two == "/*") {
            int depth = 0;
            do {
                auto const pair = text.substr(at, 2);
                depth += pair == "/*" ? 1 : pair == "*/" ? -1 : 0;
                at += pair == "/*" || pair == "*/" ? 2U : 1U;
            } while (depth > 0 && at < text.size());
        }
        else {
            return at;
        }
    }
}

bool is_same(std::string_view text, extent const& theirs, statement const& ours)
{
    auto const end = ours.offset + ours.length;
    return ours.offset == behind_blanks(text, theirs.begin) && end <= theirs.end &&
           behind_blanks(text.substr(0, theirs.end), end) == theirs.end;
}

bool is_comparable(std::string const& text, scan_result const& scanned)
{
    return text.find('\0') == std::string::npos &&
           std::none_of(scanned.statements.begin(), scanned.statements.end(), [](statement const& s) {
               return s.kind == lexer::statement_kind::copy_from_stdin || s.changes_string_syntax;
           });
}

std::string shown(std::string_view text, std::size_t begin, std::size_t end)
{
    return std::to_string(begin) + " to " + std::to_string(end) + " <" +
           std::string{text.substr(begin, end - begin)} + ">";
}

} // namespace

parser_verdict judge_statements(std::string const& text)
{
    auto const scanned = lexer::scan(text);
    if (!is_comparable(text, scanned)) {
        return {};
    }
    auto const theirs = parsed(text);
    if (!theirs) {
        return {};
    }
    if (scanned.open) {
        return {true, "the parser takes it, the lexer calls it open: " + scanned.open->what};
    }
    if (!scanned.meta_commands.empty()) {
        return {true, "the parser takes it, the lexer sees " + scanned.meta_commands.front().name};
    }
    auto const& ours = scanned.statements;
    for (std::size_t i = 0; i < std::max(theirs->size(), ours.size()); ++i) {
        if (i < theirs->size() && i < ours.size() && is_same(text, (*theirs)[i], ours[i])) {
            continue;
        }
        std::string difference = "statement " + std::to_string(i + 1);
        difference +=
            i < theirs->size() ? "\nparser: " + shown(text, (*theirs)[i].begin, (*theirs)[i].end) : "";
        difference += i < ours.size()
                          ? "\nlexer:  " + shown(text, ours[i].offset, ours[i].offset + ours[i].length)
                          : "";
        return {true, difference};
    }
    return {true, ""};
}

} // namespace schemagate::test
