#include "schemagate/far_reach.hpp"

#include <algorithm>

#include "schemagate/index_statement.hpp"
#include "schemagate/lexer.hpp"
#include "statement_head.hpp"

namespace schemagate::lexer {
namespace {

constexpr std::size_t enough = 4096; // ALTER TABLE has any number of parts

bool stays_with_table(std::vector<token> const& tokens)
{
    // A longer statement may hold such a part where we do not look.
    return tokens.size() < enough && std::none_of(tokens.begin(), tokens.end(), [](token const& t) {
               return is_word(t, "rename") || is_word(t, "drop") || is_word(t, "schema") ||
                      is_word(t, "attach") || is_word(t, "detach") || is_word(t, "inherit");
           });
}

bool is_near(std::vector<token> const& tokens)
{
    auto head = statement_head{tokens};
    if (head.take("create")) {
        // It may change the columns of a view that others are made of.
        return !(head.take_all({"or", "replace"}) &&
                 (head.take_any({"view", "recursive"}) || head.at_word("temp") || head.at_word("temporary")));
    }
    if (head.take("alter")) {
        return head.take("table") && stays_with_table(tokens);
    }
    return head.take_any({"comment", "grant", "revoke", "insert", "update", "delete", "copy", "set", "reset",
                          "begin", "start", "commit", "end", "analyze", "savepoint", "release"});
}

} // namespace

bool reaches_far(std::string_view script)
{
    auto const scanned = scan(script);
    return std::any_of(scanned.statements.begin(), scanned.statements.end(),
                       [script](statement const& s) { return !is_near(first_tokens(script, s, enough)); });
}

bool changes_indexes_alone(std::string_view script)
{
    auto const scanned = scan(script);
    return !scanned.statements.empty() &&
           std::all_of(scanned.statements.begin(), scanned.statements.end(), [script](statement const& s) {
               auto const index = read_index_statement(script.substr(s.offset, s.length));
               return index && (index->action != index_action::drop || index->concurrently);
           });
}

std::vector<schema_renaming> renamed_schemas(std::string_view script)
{
    std::vector<schema_renaming> found;
    for (auto const& each : scan(script).statements) {
        auto const tokens = first_tokens(script, each, 16);
        auto head = statement_head{tokens};
        if (!head.take_all({"alter", "schema"})) {
            continue;
        }
        auto from = head.take_relation().name;
        if (head.take_all({"rename", "to"})) {
            found.push_back({std::move(from), head.take_relation().name});
        }
    }
    return found;
}

} // namespace schemagate::lexer
